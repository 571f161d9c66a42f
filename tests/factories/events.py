"""Meetings, their tickets and pages, through the house's own verbs."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.models import Shop
from events import hosting
from events.models import Event, EventIndexPage, EventPage, Ticket
from store.models import Offer
from tests.factories.house import home, locale
from tests.factories.shop import open_shop

COUNT = itertools.count(1)


def event(shop: Shop | None = None, *, capacity: int = 10, days: float = 10, **fields: Any) -> Event:
    """A meetup in `days` days that lasts two hours, with `capacity` places (0: no limit) and no ticket."""
    starts = timezone.now().replace(microsecond=0) + timedelta(days=days)
    given = {"name": f"Rencontre {next(COUNT)}", "starts_at": starts, "ends_at": starts + timedelta(hours=2), **fields}
    return hosting.make(shop or open_shop(), capacity=capacity, **given)


def ticket(of: Event | None = None, *, price: int = 0, own: int | None = None, **fields: Any) -> Ticket:
    """A kind of ticket of that event, on sale at `price` minor units."""
    of = of or event()
    return hosting.add_ticket(of, price=price, own=own, **{"name": f"Place {next(COUNT)}", **fields})


def seat_offer(**fields: Any) -> Offer:
    """The offer of a new event's only ticket."""
    return Offer.objects.get(pk=ticket(**fields).offer_id)


def agenda(code: str = "fr") -> EventIndexPage:
    """The agenda in that language."""
    found: EventIndexPage | None = EventIndexPage.objects.filter(locale__language_code=code).first()
    if found is None:
        words = {"fr": ("Agenda", "agenda"), "en": ("Events", "events")}[code]
        found = home(code).add_child(instance=EventIndexPage(title=words[0], slug=words[1], locale=locale(code)))
    return found


def event_page(of: Event | None = None, *, code: str = "fr", live: bool = True, **fields: Any) -> EventPage:
    """The event's page in one language; without an event, one with a free ticket."""
    of = of or ticket().event
    given = {"title": of.name, "slug": f"rencontre-{of.pk}", "summary": "On se voit.", "locale": locale(code), **fields}
    page = EventPage(event=of, live=live, **given)
    agenda(code).add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    return page
