"""What guests and the owner do with seats, each by one word and one key, and the steps at which a process may die in it."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

KEY = uuid.UUID("5f0c9d5e-8f0b-4f7e-9a53-6d1f6f2f8a10")


def places() -> dict[str, tuple[Any, str, str]]:
    """{step: (module, function, before or after it)}."""
    from events import admission, changing, claiming, door, hosting, letters, moving, waiting, walkins
    from store import fulfilment, orders, refunds, stock

    before, behind = "before", "after"
    return {
        "seat held": (stock, "hold", behind),
        "seat paid": (orders, "settle_free", behind),
        "seat ordered": (fulfilment, "fulfil", before),
        "seat making": (admission, "admit", behind),
        "seat made": (fulfilment, "fulfil", behind),
        "seat ended": (admission, "_end", behind),
        "seat offered on": (waiting, "pass_on", behind),
        "seat given up": (admission, "give_up", behind),
        "offer taken": (waiting, "take", behind),
        "offer claimed": (claiming, "claim", behind),
        "seat replaced": (moving, "_replace", behind),
        "seat handed on": (moving, "to_person", behind),
        "other date held": (stock, "keep_in", behind),
        "other date taken": (moving, "to_date", behind),
        "change done": (changing, "carry_out", behind),
        "guests told": (hosting, "tell_guests", behind),
        "date moved": (hosting, "move", behind),
        "guest mail before": (letters, "to_guest", before),
        "guest mail behind": (letters, "to_guest", behind),
        "list closed": (waiting, "close", behind),
        "event cancelled": (hosting, "cancel", behind),
        "seats refunding": (refunds, "start", behind),
        "seats called off": (hosting, "call_off_order", behind),
        "guest let in": (door, "_take", behind),
        "guests synced": (door, "sync", behind),
        "walk-in ordered": (walkins, "_order", behind),
        "walk-in let in": (door, "check_in", behind),
    }


def book(key: str) -> None:
    """Order what is in the basket, and have it fulfilled as a worker would."""
    from store import fulfilment
    from store.models import Cart
    from tests import factories

    fulfilment.fulfil(factories.order(Cart.objects.get(pk=key)).pk)


def give_up(key: str) -> None:
    from events import admission
    from events.models import Seat

    admission.give_up(Seat.objects.get(pk=key))


def take(key: str) -> None:
    """The offered place of the waiting list."""
    from events import claiming
    from events.models import WaitingEntry
    from tests import factories

    entry = WaitingEntry.objects.get(pk=key)
    ticket = entry.event.tickets.select_related("offer__shop", "event").get()
    claiming.claim(entry, ticket, factories.buyer(email=entry.email, name=entry.name), shown_total=0)


def hand_on(key: str) -> None:
    from events import moving
    from events.models import Seat

    moving.to_person(Seat.objects.get(pk=key), name="Nour", email="nour@example.org")


def change_date(key: str) -> None:
    """To the only other event there is."""
    from events import moving
    from events.models import Seat, Ticket

    seat = Seat.objects.get(pk=key)
    moving.to_date(seat, Ticket.objects.select_related("offer", "event").exclude(event=seat.event).get())


def move(key: str) -> None:
    """To a date that is the same whenever it is asked."""
    from events import hosting
    from events.models import Event

    event = Event.objects.get(pk=key)
    starts = event.made_at.replace(microsecond=0) + timedelta(days=40)
    hosting.move(event, starts, starts + timedelta(hours=3))


def cancel(key: str) -> None:
    from events import hosting
    from events.models import Event

    hosting.cancel(Event.objects.get(pk=key))


def sync(key: str) -> None:
    """A phone tells that every guest came in."""
    from events import door
    from events.models import Event

    event = Event.objects.get(pk=key)
    marks = [door.Mark(f"m{seat.pk}", seat.pk, seat.made_at, "in") for seat in event.seats.taken()]
    door.sync(event, marks, device="phone", by=None)


def walk_in(key: str) -> None:
    from events import walkins
    from events.models import Event

    event = Event.objects.get(pk=key)
    who = {"name": "Nour", "email": "nour@example.org", "ticket": event.tickets.get(), "key": KEY}
    walkins.take(event, who, locale="fr", by=None)


ACTS: dict[str, Callable[[str], None]] = {
    "seat": book, "give up": give_up, "take": take, "hand on": hand_on, "other date": change_date, "move": move,
    "cancel": cancel, "sync": sync, "walk in": walk_in,
}  # fmt: skip
