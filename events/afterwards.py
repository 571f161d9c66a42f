"""The one mail of the day after: who gets it, and what it holds besides the owner's words. Reads only."""

from typing import Any

from core import head as heads
from core import money
from events import cards, links
from events.models import CheckIn, Event, Seat
from members import access, club
from members.models import Plan
from store import kinds, offers, pricing
from store.links import absolute
from store.models import Offer, ProductPage


def is_written(event: Event) -> bool:
    """Whether the owner left anything to be sent: words, photos, an article, or something to buy."""
    told = any(page.after_words or page.after_page_id for page in event.pages.all())
    return told or bool(event.photos_url) or event.after_offers.exists()


def guests(event: Event) -> list[Seat]:
    """One seat for each address; where the door was kept, only of those of whom somebody came."""
    seats = Seat.objects.taken().filter(event=event).exclude(email="").order_by("pk")
    came = CheckIn.objects.filter(seat__event=event, undone_at=None)
    if came.exists():
        seats = seats.filter(email__in=came.values("seat__email"))
    found: dict[str, Seat] = {}
    for seat in seats:
        found.setdefault(seat.email.lower(), seat)
    return list(found.values())


def about(seat: Seat) -> dict[str, Any]:
    """Photos, how to meet again, the next date, what the owner offers; in the language that is active."""
    event, locale = seat.event, seat.locale
    return {
        "photos_url": event.photos_url,
        "meet": _meet(seat, locale),
        "next": _next(event, locale),
        "offers": _offers(event, locale),
    }


def _meet(seat: Seat, locale: str) -> dict[str, str]:
    """Members ask each other for an introduction; others are told where one joins, where there is a club."""
    if seat.user and access.is_member(seat.user):
        return {"member": absolute("members:directory", locale=locale)}
    url = club.page_url(locale)
    return {"join": heads.absolute(url)} if url else {}


def _next(event: Event, locale: str) -> dict[str, str] | None:
    """The next meeting that has a page."""
    rows = Event.objects.for_shop(event.shop).coming().exclude(state=Event.State.CANCELLED).exclude(pk=event.pk)
    row = rows.filter(pages__live=True).first()
    page = links.page_of(row, locale) if row else None
    return (
        {"title": page.title, "when": cards.when(row), "url": heads.absolute(page.url or "")} if page and row else None
    )


def _offers(event: Event, locale: str) -> list[dict[str, str]]:
    """What may still be bought of what she chose, as it stands on its page; a membership where one joins."""
    rows = list(event.after_offers.filter(state=Offer.State.LIVE).order_by("pk").with_sellables())
    pages = {row.pk: row.sellable.page_in(locale) for row in rows if row.sellable}
    shown = [page for page in pages.values() if page]
    groups = {
        **kinds.load([], [page.pk for page in shown], locale),
        **offers.groups_for([page for page in shown if isinstance(page, ProductPage)], locale),
    }
    quotes, where = pricing.quotes(rows), club.page_url(locale)
    found = []
    for offer in rows:
        page = pages.get(offer.pk)
        group = groups.get(page.pk) if page else None
        if group and group.url:
            found.append({"title": group.title, "price": group.price_text, "url": heads.absolute(group.url)})
        elif offer.sellable and where and offer.pk in quotes and offer.kind_id == Plan.kind().pk:
            price = money.text(quotes[offer.pk].unit, offer.currency)
            found.append({"title": offer.sellable.title(locale), "price": price, "url": heads.absolute(where)})
    return found
