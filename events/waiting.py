"""The waiting list: first come, first offered. The only writer of WaitingEntry.

While anybody waits, freed places are set aside for the first of them in the same transaction that frees them, under
the lock of the room's pool: nobody sees them in between, and no smaller group passes a larger one. What is set aside
has left the room's pool by a stock move, and comes back by another when it is claimed, refused or not answered.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from events import tasks
from events.models import Event, Ticket, WaitingEntry
from store import stock
from store.models import OrderLine, Stock, StockMove

State = WaitingEntry.State
ALIVE = (State.WAITING, State.OFFERED)
AGAIN = 300  # seconds in which a link is mailed once more


class NotFull(Exception):
    """There are places: nobody need wait."""


class OfferOver(Exception):
    """The place that was offered has passed on, or was taken."""


def join(event: Event, ticket: Ticket, *, size: int, name: str, email: str, locale: str) -> WaitingEntry:
    """Put a group on the list; who is on it stays where they stand. Raises NotFull. May run twice."""
    return put_on(event, ticket, size=size, name=name, email=email, locale=locale)[0]


@transaction.atomic
def put_on(event: Event, ticket: Ticket, *, size: int, name: str, email: str, locale: str) -> tuple[WaitingEntry, bool]:
    """The same, and whether it is new: who typed an address that waits already has not proved that it is theirs.

    Raises NotFull where places are free and nobody waits, whoever asks: nobody learns by it who is on the list.
    """
    room = _room(event)
    if room is None or not event.has_waiting_list or event.is_cancelled or event.starts_at <= timezone.now():
        raise NotFull
    if Stock.objects.left([room.pk])[room.pk].free > 0 and not event.waiting.filter(state=State.WAITING).exists():
        raise NotFull
    known = event.waiting.filter(email__iexact=email, state__in=ALIVE).first()
    if known:
        return known, False
    entry = WaitingEntry.objects.create(
        event=event, ticket=ticket, size=size, name=name, email=email.lower(), locale=locale
    )
    tasks.wait_mail.enqueue(entry.pk, "joined")
    pass_on(event.pk)
    return entry, True


def tell_again(entry: WaitingEntry) -> None:
    """Mail them the link to their place once more, however often it is asked for once in a while only."""
    kind = "offered" if entry.state == State.OFFERED else "joined"
    tasks.wait_mail.enqueue(entry.pk, f"{kind}:{int(time.time()) // AGAIN}")


def place(entry: WaitingEntry) -> int:
    """Which in the list, from 1; 0 once it does not wait any more."""
    if entry.state != State.WAITING:
        return 0
    return entry.event.waiting.filter(state=State.WAITING, pk__lte=entry.pk).count()


def ahead(entry: WaitingEntry) -> int:
    """How many people wait before this group."""
    before = entry.event.waiting.filter(state=State.WAITING, pk__lt=entry.pk)
    return before.aggregate(people=Sum("size"))["people"] or 0


@transaction.atomic
def pass_on(event_id: int) -> list[WaitingEntry]:
    """Set free places aside for the first who wait, and offer them once they are enough. May run at any time, twice."""
    event = Event.objects.get(pk=event_id)
    room = _room(event)
    if room is None or event.is_cancelled or event.starts_at <= timezone.now():
        return []
    free = Stock.objects.left([room.pk])[room.pk].free
    offered = []
    for entry in event.waiting.filter(state=State.WAITING).order_by("pk"):
        taken = min(free, entry.size - entry.set_aside)
        if taken > 0:
            _move(room, -taken, entry)
            free -= taken
        if entry.set_aside < entry.size:
            break
        _offer(entry, event)
        offered.append(entry)
    return offered


def _room(event: Event) -> Stock | None:
    """The event's pool, locked until the transaction ends: what is read after it is what is. None: as many as come."""
    room = Stock.objects.filter(pk=event.room_id).locked().first() if event.room_id else None
    return room if room and Event.objects.filter(pk=event.pk, room=room).exists() else None


def _move(room: Stock, units: int, entry: WaitingEntry) -> None:
    """Take places out of the room for the entry (negative), or put them back; the room is locked."""
    reason = StockMove.Reason.USED if units < 0 else StockMove.Reason.RETURNED
    stock.adjust(room, units, reason, note=f"waiting list {entry.pk}")
    entry.set_aside -= units
    WaitingEntry.objects.filter(pk=entry.pk).update(set_aside=entry.set_aside)


def _offer(entry: WaitingEntry, event: Event) -> None:
    now = timezone.now()
    entry.state, entry.offered_at = State.OFFERED, now
    entry.offer_until = min(now + timedelta(hours=event.offer_hours), event.starts_at)
    entry.save(update_fields=["state", "offered_at", "offer_until"])
    tasks.wait_mail.enqueue(entry.pk, "offered")
    tasks.lapse.using(run_after=entry.offer_until).enqueue(entry.pk)


@transaction.atomic
def lapse(entry_id: int, at: datetime | None = None) -> bool:
    """The offer was not answered in time: it passes on. False: it was, or is not due. May run twice."""
    return _end(entry_id, State.LAPSED, "lapsed", due=at or timezone.now())


@transaction.atomic
def leave(entry: WaitingEntry) -> bool:
    """They wait no more; what was set aside goes to the next. False: they had gone already. May run twice."""
    return _end(entry.pk, State.LEFT, "left")


def _end(entry_id: int, state: str, mail: str, due: datetime | None = None) -> bool:
    event_id = WaitingEntry.objects.values_list("event_id", flat=True).get(pk=entry_id)
    room = _room(Event.objects.get(pk=event_id))
    entry = WaitingEntry.objects.get(pk=entry_id)
    if entry.state not in ALIVE:
        return False
    if due and not (entry.state == State.OFFERED and entry.offer_until and entry.offer_until <= due):
        return False
    _put_back(room, entry)
    entry.state = state
    entry.save(update_fields=["state"])
    tasks.wait_mail.enqueue(entry.pk, mail)
    pass_on(event_id)
    return True


def _put_back(room: Stock | None, entry: WaitingEntry) -> None:
    if room and entry.set_aside:
        _move(room, entry.set_aside, entry)


@transaction.atomic
def take(entry: WaitingEntry) -> WaitingEntry:
    """The offer is accepted: its places are back in the room, for an order placed in the same transaction.

    Raises OfferOver. Call inside the transaction that places the order: only so nobody comes between.
    """
    stock.lock_offers(entry.event.tickets.values_list("offer", flat=True))
    room = _room(Event.objects.get(pk=entry.event_id))
    fresh = WaitingEntry.objects.get(pk=entry.pk)
    if fresh.state != State.OFFERED or fresh.offer_until is None or fresh.offer_until <= timezone.now():
        raise OfferOver
    _put_back(room, fresh)
    fresh.state = State.TAKEN
    fresh.save(update_fields=["state"])
    return fresh


def open_to_all(event: Event, room: Stock) -> None:
    """The room has no end any more: whoever waits is offered a place, and nothing is set aside. The room is locked."""
    for entry in event.waiting.filter(state__in=ALIVE).order_by("pk"):
        _put_back(room, entry)
        if entry.state == State.WAITING and event.starts_at > timezone.now():
            _offer(entry, event)


def offered(event: Event) -> int:
    """How many places are offered now."""
    return event.waiting.filter(state=State.OFFERED).aggregate(people=Sum("size"))["people"] or 0


def set_aside_anew(event: Event, room: Stock) -> None:
    """The room has an end again: what is offered is set aside in it. The room is locked."""
    for entry in event.waiting.filter(state=State.OFFERED).order_by("pk"):
        _move(room, -entry.size, entry)


def stands_before(ticket: Ticket, quantity: int, details: Mapping[str, Any]) -> bool:
    """Whether somebody waits for the places that a buyer asks for now; who was offered them may have them."""
    token = details.get("waiting")
    if token:
        mine = WaitingEntry.objects.filter(token=token, event=ticket.event_id, state=State.TAKEN, line=None)
        return not mine.filter(size__gte=quantity).exists()
    return WaitingEntry.objects.filter(event=ticket.event_id, state=State.WAITING).exists()


def took(line: OrderLine) -> None:
    """The seats of a line that came from the list are made: its entry has done its work."""
    token = line.details.get("waiting")
    if token:
        WaitingEntry.objects.filter(token=token, line=None, state=State.TAKEN).update(line=line)


@transaction.atomic
def close(event: Event) -> int:
    """It will not take place, or is over: everybody is let go; returns how many."""
    room = _room(event)
    rows = list(event.waiting.filter(state__in=ALIVE))
    for entry in rows:
        _put_back(room, entry)
        entry.state = State.LEFT
        entry.save(update_fields=["state"])
    return len(rows)


def sweep(at: datetime | None = None) -> int:
    """Offers whose time is over, should their task have been lost; returns how many passed on."""
    at = at or timezone.now()
    due = WaitingEntry.objects.filter(state=State.OFFERED, offer_until__lte=at).order_by("pk")
    return sum(lapse(pk, at) for pk in due.values_list("pk", flat=True))
