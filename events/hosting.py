"""What the owner does with an event: make, change, move, cancel. The only writer of Event and Ticket, with events.rooms. All of it may run twice."""

import logging
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.models import Shop
from events import tasks, waiting
from events.models import Event, Seat, Ticket
from store import pricing, refunds, stock
from store.models import Offer, Order, Refund

log = logging.getLogger(__name__)
MOST = 50


@dataclass(frozen=True)
class Failure:
    """A seat or a refund of a cancelled event that did not go through."""

    order: Order
    words: str


@transaction.atomic
def make(shop: Shop, *, capacity: int = 0, by: Any = None, **fields: Any) -> Event:
    """A new event, with a pool of its own where it holds a number of people."""
    event = Event(shop=shop, capacity=capacity, **fields)
    if capacity:
        event.room = stock.make(shop, event.name, capacity, by=by)
    event.save()
    return event


@transaction.atomic
def add_ticket(
    event: Event, *, price: int, own: int | None = None, offer: Mapping[str, Any] | None = None, **fields: Any
) -> Ticket:
    """A kind of ticket at `price` minor units, on the room's pool and, with `own`, on a smaller one of its own."""
    given = {"state": Offer.State.LIVE, "sale_until": event.starts_at, "max_per_order": 10, **(offer or {})}
    found = Offer.objects.create(shop=event.shop, kind=Ticket.kind(), **given)
    ticket = Ticket.objects.create(event=event, offer=found, is_free=price == 0, **fields)
    pricing.set_price(found, price)
    fresh = Event.objects.locked().get(pk=event.pk)
    if fresh.room:
        found.stocks.add(fresh.room)
    if own is not None:
        found.stocks.add(stock.make(event.shop, f"{event.name}, {ticket.name}", own))
    return ticket


@transaction.atomic
def change_ticket(ticket: Ticket, *, offer: Mapping[str, Any], **fields: Any) -> None:
    """Other words, questions or audience of a kind of ticket; another window or state of its `offer`. Sold seats stay."""
    fresh = Ticket.objects.select_related("offer").get(pk=ticket.pk)
    for row, given in ((fresh.offer, offer), (fresh, fields)):
        for name, value in given.items():
            setattr(row, name, value)
        row.save(update_fields=list(given))


@transaction.atomic
def price(ticket: Ticket, amount: int, *, by: Any = None) -> None:
    """Set what it costs everybody, in minor units."""
    pricing.set_price(ticket.offer, amount, by=by)
    Ticket.objects.filter(pk=ticket.pk).update(is_free=amount == 0)


@transaction.atomic
def change(event: Event, fields: Mapping[str, Any], *, by: Any = None) -> list[str]:
    """Other words, place, host or rules; returns the names of what changed. A calendar learns of what it shows."""
    fresh = Event.objects.locked().get(pk=event.pk)
    changed = [name for name, value in fields.items() if getattr(fresh, name) != value]
    for name in changed:
        setattr(fresh, name, fields[name])
    if {"venue_name", "venue_address", "venue_postcode", "venue_city", "kind", "online_url"} & set(changed):
        _sequence(fresh)
        tell_guests(fresh, f"place:{fresh.sequence}")
    fresh.save()
    return changed


@transaction.atomic
def prepare_afterwards(event: Event, *, photos_url: str, offers: Collection[int]) -> None:
    """What the mail of the day after holds besides the pages' own words; `offers`: keys."""
    fresh = Event.objects.locked().get(pk=event.pk)
    fresh.photos_url = photos_url
    fresh.save(update_fields=["photos_url"])
    fresh.after_offers.set(offers)


@transaction.atomic
def move(event: Event, starts_at: datetime, ends_at: datetime, *, by: Any = None) -> bool:
    """Another date: sales follow it, calendars move their entry, every guest is told. False: it stands there already."""
    fresh = Event.objects.locked().get(pk=event.pk)
    if fresh.is_cancelled or (fresh.starts_at, fresh.ends_at) == (starts_at, ends_at):
        return False
    old = fresh.starts_at
    Offer.objects.filter(ticket__event=fresh, sale_until=old).update(sale_until=starts_at)
    fresh.was_at = fresh.was_at or old
    fresh.starts_at, fresh.ends_at, fresh.state, fresh.reminded_at = starts_at, ends_at, Event.State.MOVED, None
    _sequence(fresh)
    fresh.save()
    tell_guests(fresh, f"moved:{fresh.sequence}")
    event.refresh_from_db()
    return True


def _sequence(event: Event) -> None:
    event.sequence += 1
    event.changed_at = timezone.now()


@transaction.atomic
def cancel(event: Event, *, by: Any = None) -> bool:
    """It does not take place: nothing more is sold, every order gets its money back by a task of its own, all are told."""
    fresh = Event.objects.locked().get(pk=event.pk)
    if fresh.is_cancelled:
        return False
    fresh.state = Event.State.CANCELLED
    _sequence(fresh)
    fresh.save()
    Offer.objects.filter(ticket__event=fresh).update(state=Offer.State.ARCHIVED)
    for pk in fresh.waiting.filter(state__in=waiting.ALIVE).values_list("pk", flat=True):
        tasks.wait_mail.enqueue(pk, "called_off")
    waiting.close(fresh)
    call_off_all(fresh, by=by)
    event.refresh_from_db()
    return True


def call_off_all(event: Event, *, by: Any = None) -> int:
    """A task for each order that still has seats of the cancelled event; returns how many. May run again after failures."""
    orders = Seat.objects.filter(event=event, state=Seat.State.VALID).order_by("line__order")
    keys = list(orders.values_list("line__order", flat=True).distinct())
    for key in keys:
        tasks.call_off.enqueue(event.pk, key, getattr(by, "pk", None))
    return len(keys)


@transaction.atomic
def call_off_order(event_id: int, order_id: int, *, by_id: int | None = None) -> Refund | None:
    """End the order's seats of a cancelled event and give back what they cost. May run twice: a seat ends once."""
    order = Order.objects.locked().get(pk=order_id)
    seats = list(Seat.objects.filter(event=event_id, line__order=order, state=Seat.State.VALID).order_by("pk"))
    if not seats or not Event.objects.filter(pk=event_id, state=Event.State.CANCELLED).exists():
        return None
    units: dict[int, int] = {}
    for seat in seats:
        seat.state, seat.ended_at = Seat.State.CANCELLED, timezone.now()
        seat.save(update_fields=["state", "ended_at"])
        units[seat.line_id] = units.get(seat.line_id, 0) + 1
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"event:{event_id}:{order.pk}:{seats[0].pk}")
    refund = refunds.start(order, refunds.Wanted(units=units, key=key), reason="event cancelled")
    order.refresh_from_db()
    if order.is_free and all(row.refunded_quantity == row.quantity for row in order.lines.all()):
        order.move(Order.State.CANCELLED, reason="event cancelled")
    order.record("event_cancelled", event=event_id, units=sum(units.values()), by_id=by_id)
    for seat in seats:
        tasks.changes_back.enqueue(seat.pk, True)
    for seat in first_of_each(seats):
        tasks.mail.enqueue(seat.pk, "called_off")
    return refund


def failures(event: Event) -> list[Failure]:
    """What of a cancelled event did not go through: seats that still stand, refunds that failed; at most MOST of each."""
    if not event.is_cancelled:
        return []
    standing = Seat.objects.filter(event=event, state=Seat.State.VALID).values("line__order")
    found = [Failure(order, "standing") for order in Order.objects.filter(pk__in=standing)[:MOST]]
    refused = Refund.objects.filter(order__lines__seats__event=event, state=Refund.State.FAILED).distinct()
    return [*found, *(Failure(row.order, "refund") for row in refused.select_related("order")[:MOST])]


def tell_guests(event: Event, kind: str) -> int:
    """One mail of that kind to each address of each order; returns how many."""
    seats = Seat.objects.filter(event=event, state=Seat.State.VALID).select_related("line").order_by("pk")
    return tell(first_of_each(seats), kind)


def tell(seats: Collection[Seat], kind: str) -> int:
    """A mail of that kind about each of these seats; returns how many."""
    for seat in seats:
        tasks.mail.enqueue(seat.pk, kind)
    return len(seats)


def first_of_each(seats: Any) -> list[Seat]:
    """The first seat of each address in each order: their mail speaks of all of theirs."""
    found: dict[tuple[int, str], Seat] = {}
    for seat in seats:
        found.setdefault((seat.line.order_id, seat.email.lower()), seat)
    return list(found.values())
