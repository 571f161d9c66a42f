"""Many of everything at once, for what must not ask more of the database when there is more: rows in bulk, no verbs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from events.models import Event, EventPage, Seat, Ticket, WaitingEntry
from members.models import Introduction, Membership, Profile, User
from store.models import Offer, Order, OrderLine, Price
from tests.factories.club import tier
from tests.factories.events import agenda, event, event_page, ticket
from tests.factories.house import locale
from tests.factories.shop import open_shop


@dataclass
class Crowd:
    """One event that all look at, its ticket and page, and somebody who belongs and has many seats."""

    event: Event
    ticket: Ticket
    page: EventPage
    person: User
    size: int = 0


def crowd(person: User) -> Crowd:
    """The event with no guest yet, cancelled by nobody."""
    given = {"shows_guests": True, "host_name": "Odile", "door_code": "12B", "host_phone": "01"}
    of = event(capacity=5000, days=5, **given)
    return Crowd(of, ticket(of), event_page(of), person)


def grow(found: Crowd, to: int) -> None:
    """Up to that many coming events, past ones, seats, people who wait, members and introductions."""
    numbers = range(found.size, to)
    _events(numbers)
    _seats(found, numbers)
    _members(found, numbers)
    found.size = to


def _events(numbers: range) -> None:
    """Half of them are over; those to come are in one month, on one of their own kinds of ticket."""
    shop, now = open_shop(), timezone.now()
    first = (now + timedelta(days=40)).replace(day=2, hour=12, minute=0, second=0, microsecond=0)
    days = [first if number % 2 else now - timedelta(days=3) for number in numbers]
    events = Event.objects.bulk_create(
        Event(shop=shop, name=f"E{number}", starts_at=day, ends_at=day + timedelta(hours=2), kind=("fair", "meetup")[number % 3 > 0])
        for number, day in zip(numbers, days, strict=True)
    )  # fmt: skip
    offers = Offer.objects.bulk_create(Offer(shop=shop, kind=Ticket.kind(), state=Offer.State.LIVE) for _row in events)
    Price.objects.bulk_create(Price(offer=offer, amount=500, valid_from=now - timedelta(days=1)) for offer in offers)
    Ticket.objects.bulk_create(
        Ticket(event=row, offer=offer, name="Place") for row, offer in zip(events, offers, strict=True)
    )
    parent = agenda()
    for row in events:
        parent.add_child(instance=EventPage(event=row, title=row.name, slug=f"e-{row.pk}", locale=locale("fr")))


def _seats(found: Crowd, numbers: range) -> None:
    """One order and one seat each, all of the person's; as many wait."""
    now, of = timezone.now(), found.event
    who: dict[str, Any] = {"user": found.person, "email": found.person.email, "name": "Léa"}
    orders = Order.objects.bulk_create(
        Order(shop=of.shop, state="paid", paid_at=now, currency="EUR", goods_amount=0, total=0, **who) for _n in numbers
    )
    lines = OrderLine.objects.bulk_create(
        OrderLine(order=row, offer_id=found.ticket.offer_id, title="Place", quantity=1, unit_amount=0, amount=0, legal_type="dated")
        for row in orders
    )  # fmt: skip
    Seat.objects.bulk_create(
        Seat(event=of, ticket=found.ticket, line=line, number=1, holder=f"G{n}", email=found.person.email,
             user=found.person, is_named_publicly=True)
        for n, line in zip(numbers, lines, strict=True)
    )  # fmt: skip
    WaitingEntry.objects.bulk_create(
        WaitingEntry(event=of, ticket=found.ticket, size=2, name=f"W{n}", email=f"w{n}@example.org") for n in numbers
    )


def _members(found: Crowd, numbers: range) -> None:
    """In the directory, and asking to meet the person."""
    of = tier()
    people = User.objects.bulk_create(User(email=f"m{n}@example.org") for n in numbers)
    Membership.objects.bulk_create(
        Membership(tier=of, user=row, email=row.email, name=row.email[:4], number=f"N{row.pk}") for row in people
    )
    shown = ["words", "town"]
    Profile.objects.bulk_create(
        Profile(user=row, name=row.email[:4], is_listed=True, words="Bonjour", town="Lyon", shown=shown) for row in people
    )  # fmt: skip
    Introduction.objects.bulk_create(
        Introduction(asker=row, asked=found.person, low=min(row.pk, found.person.pk), high=max(row.pk, found.person.pk), words="?")
        for row in people
    )  # fmt: skip
