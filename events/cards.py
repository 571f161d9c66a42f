"""An event as a card: the group of its tickets, for a whole page in one batch."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from core import dates, here, photo
from events.models import Event, EventPage, Ticket, WaitingEntry
from store import offers

NO_MORE = {"archived", "draft"}


def pages(keys: Iterable[int], locale: str) -> dict[int, EventPage]:
    """{key asked for: the page to show}: of that language where there is one, live; three queries for any number."""
    asked = set(keys)
    if not asked:
        return {}
    tickets = Ticket.objects.select_related("offer").order_by("position", "pk")
    waits = WaitingEntry.objects.filter(event=OuterRef("event"), state=WaitingEntry.State.WAITING)
    rows = list(
        EventPage.objects.filter(event__in=EventPage.objects.filter(pk__in=asked).values("event_id"))
        .defer("body")
        .annotate(someone_waits=Exists(waits))
        .select_related("locale", "cover__dark", "event")
        .prefetch_related(Prefetch("event__tickets", queryset=tickets))
    )
    rows.sort(
        key=lambda row: (row.locale.language_code != locale, not row.live, row.pk not in asked, row.pk), reverse=True
    )
    best = {row.event_id: row for row in rows}
    return {row.pk: best[row.event_id] for row in rows if row.pk in asked}


def groups(keys: list[int], locale: str, request: Any = None) -> dict[int, offers.OfferGroup]:
    """{page key: its group} in a fixed number of queries; drafts only in a preview."""
    is_preview = getattr(request, "is_preview", False)
    found = {pk: page for pk, page in pages(keys, locale).items() if page.live or is_preview}
    return of_pages(found, locale, request)


def of_pages(
    asked: dict[int, EventPage], locale: str, request: Any = None, at: datetime | None = None
) -> dict[int, offers.OfferGroup]:
    """The groups of what `pages` found."""
    shown = {page.pk: page for page in asked.values()}
    photo.attach(page.cover for page in shown.values())
    known = [ticket for page in shown.values() for ticket in page.event.tickets.all()]
    for ticket in known:
        ticket.offer.__dict__["_sellable"] = ticket
    for page in shown.values():
        for ticket in page.event.tickets.all():
            ticket.someone_waits = getattr(page, "someone_waits", False)
    batch = offers.load({ticket.offer_id: ticket.offer for ticket in known}.values(), locale, at=at) if known else None
    roots = request or here.Roots()
    made = {pk: group(page, batch, roots) for pk, page in shown.items()} if batch else {}
    return {pk: made[page.pk] for pk, page in asked.items() if page.pk in made and made[page.pk].choices}


def group(page: EventPage, batch: offers.Batch, request: Any) -> offers.OfferGroup:
    """One event with its kinds of tickets as they stand now."""
    event = page.event
    choices = [offers.choice(ticket.offer, ticket.label(batch.locale), batch) for ticket in event.tickets.all()]
    shown = [row for row in choices if row.state not in NO_MORE] or choices
    url = (page.get_url(request) or "") if page.live else ""
    made = offers.OfferGroup(
        key=f"event-{event.pk}", kind="ticket", title=page.title, url=url, image=page.cover, hand=page.hand_line,
        facts=facts(event), choices=shown, page_id=page.pk, summary=page.summary, image_alt=page.cover_alt,
        extra={"event": event, "waiting": _may_wait(event, shown)}, schema_id=f"{url}#event" if url else "",
    )  # fmt: skip
    return made.summed(batch.locale)


def _may_wait(event: Event, rows: list[offers.OfferChoice]) -> bool:
    """Nothing is left of it, and it keeps a list."""
    return bool(event.room_id) and event.has_waiting_list and all(row.state == "sold_out" for row in rows)


def facts(event: Event) -> list[tuple[str, str]]:
    """When and where, in the words of a note."""
    place = ", ".join(filter(None, [event.venue_name, event.venue_city]))
    rows = [(_("When"), when(event)), (_("Where"), _("Online") if event.is_online else place)]
    return [(label, words) for label, words in rows if words]


def when(event: Event) -> str:
    """ "Saturday 5 December, 14:00 to 18:00", on the clock of the place; whose it is, where no town tells it."""
    begins, ends = event.local_start, event.local_end
    given = {"day": dates.words(begins.date(), "l j F Y"), "begins": dates.hour(begins), "ends": dates.hour(ends)}
    if begins.date() == ends.date():
        words = _("%(day)s, %(begins)s to %(ends)s") % given
    else:
        words = _("%(day)s, %(begins)s, to %(last)s, %(ends)s") % {**given, "last": dates.words(ends.date(), "l j F Y")}
    if tells_zone(event):
        words = _("%(when)s (time in %(zone)s)") % {"when": words, "zone": dates.town(event.zone_name)}
    return words


def tells_zone(event: Event) -> bool:
    """Whether its hour needs its town: guests of a meeting online may be anywhere, and others think of the shop's."""
    return event.is_online or event.zone_name != timezone.get_default_timezone_name()


def hours(event: Event) -> str:
    """The same where its day is said already: "14:00 to 18:00"; the whole where it lasts longer or whose clock must be told."""
    begins, ends = event.local_start, event.local_end
    if begins.date() != ends.date() or tells_zone(event):
        return when(event)
    return _("%(begins)s to %(ends)s") % {"begins": dates.hour(begins), "ends": dates.hour(ends)}


def big_date(event: Event) -> dict[str, str]:
    """{weekday, day, month} for the torn ticket."""
    weekday, day, month = dates.words(event.local_start.date(), "l j F").split(" ")
    return {"weekday": weekday, "day": day, "month": month}
