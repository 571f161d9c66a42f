"""How many fit in. The only writer of an event's room once it stands; safe while people book, pay, move and cancel.

It locks the event and its offers, so that nobody orders or comes from another date meanwhile (store.stock.lock_offers),
then every order that has to do with it, then the pool. For an order that somebody holds it does not wait with all that
in its hands, for they may wait for it: it lets go and begins anew.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, Sum

from events import waiting
from events.models import Event, Seat
from store import checkout, fulfilment, stock
from store.models import Hold, Offer, Order, OrderLine, Stock, StockMove

TURNS = 40
PAUSE = 0.05
"""Seconds between two turns."""


class TooFew(ValueError):
    """So many places are `taken`: sold, being paid, or kept for who waits."""

    def __init__(self, taken: int) -> None:
        super().__init__(f"{taken} places are taken")
        self.taken = taken


class Busy(Exception):
    """One of its orders was being paid, moved or cancelled each time."""


def resize(event: Event, capacity: int, *, by: Any = None) -> None:
    """More or fewer places, 0: as many as come. Who waits is asked first. Raises TooFew below what is taken, and Busy."""
    for _turn in range(TURNS):
        with suppress(Busy), transaction.atomic():
            _resize(event.pk, capacity, by)
            event.refresh_from_db()
            return
        time.sleep(PAUSE)
    raise Busy


def _resize(event_id: int, capacity: int, by: Any) -> None:
    event = Event.objects.locked().get(pk=event_id)
    offers = list(Offer.objects.filter(Q(ticket__event=event) | Q(datechange__ticket__event=event)))
    stock.lock_offers(offer.pk for offer in offers)
    _lock_orders(event)
    room = Stock.objects.filter(pk=event.room_id).locked().first() if event.room_id else None
    if capacity and room:
        _adjust(event, room, capacity, by)
    elif capacity:
        event.room = _close(event, offers, capacity, by)
    elif room:
        waiting.open_to_all(event, room)
        stock.dissolve(room, by=by)
        event.room = None
    event.capacity = capacity
    event.save(update_fields=["capacity", "room"])
    waiting.pass_on(event.pk)


def _lock_orders(event: Event) -> None:
    """All orders of its seats, and those that change to its date or came from another. Raises Busy."""
    here = Q(lines__offer__ticket__event=event) | Q(lines__offer__datechange__ticket__event=event)
    keys = set(Order.objects.filter(here | Q(lines__seats__event=event)).values_list("pk", flat=True))
    rows = Order.objects.filter(pk__in=keys).select_for_update(skip_locked=True)
    if len(rows.values_list("pk", flat=True)) < len(keys):
        raise Busy


def _adjust(event: Event, room: Stock, capacity: int, by: Any) -> None:
    """Another number for a room that has one; it and the offers are locked."""
    free, difference = Stock.objects.left([room.pk])[room.pk].free, capacity - event.capacity
    aside = event.waiting.aggregate(units=Sum("set_aside"))["units"] or 0
    taken = room.on_hand - free + aside
    if difference < 0 and (capacity < taken or free + difference < 0):
        raise TooFew(taken)
    if difference:
        reason = StockMove.Reason.RECEIVED if difference > 0 else StockMove.Reason.USED
        stock.adjust(room, difference, reason, by=by)


def _close(event: Event, offers: list[Offer], capacity: int, by: Any) -> Stock:
    """A pool for a room that had no end, in which what is taken counts as taken."""
    holds = [*_seated(event), *_coming(event)]
    taken = sum(hold.quantity for hold in holds) + waiting.offered(event)
    if capacity < taken:
        raise TooFew(taken)
    room = stock.make(event.shop, event.name, capacity, by=by)
    for hold in holds:
        hold.stock = room
    stock.take_in(room, offers, holds)
    waiting.set_aside_anew(event, room)
    return room


def _seated(event: Event) -> Iterator[Hold]:
    """What each line would hold, had there been a pool: a place for each valid seat."""
    seated = OrderLine.objects.filter(seats__event=event, seats__state=Seat.State.VALID).order_by()
    for line in seated.annotate(valid=Count("seats")):
        yield Hold(line=line, quantity=line.valid, state=Hold.State.KEPT)


def _coming(event: Event) -> Iterator[Hold]:
    """The same for what is being paid, or paid a moment ago: it has no seats yet."""
    coming = Q(offer__ticket__event=event) | Q(offer__datechange__ticket__event=event)
    rows = OrderLine.objects.filter(coming, seats=None, change=None).select_related("order", "offer")
    for line in rows.annotate(expires_at=Max("order__attempts__expires_at")):
        units = line.quantity - line.refunded_quantity
        if units and line.order.is_open:
            ask_at = line.expires_at and line.expires_at + checkout.GRACE
            yield Hold(line=line, quantity=units, state=Hold.State.RESERVED, ask_at=ask_at)
        elif units and line.order.paid_at and not fulfilment.is_short(line):
            yield Hold(line=line, quantity=units, state=Hold.State.KEPT)
