"""Each invariant of the meetings is clean after real seats, and says so when it is broken."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from events import moving, verify, waiting
from events.models import CheckIn, Event, Seat, WaitingEntry
from store.models import Hold, Order, OrderLine, Stock
from tests import factories
from tests.events.test_appointments import BREAKS as APPOINTMENTS
from tests.events.test_changing import asked
from tests.events.test_prepaid import BREAKS as PREPAID
from tests.events.test_waiting import full, leave_seats, wait

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {check.name for check in verify.checks() if check.breaches}


@pytest.fixture
def house() -> Event:
    """A full event with people who wait, of whom the first was offered a place; and a seat that was handed on."""
    event = full(4)
    wait(event, "ada", 1)
    wait(event, "bob", 2)
    wait(event, "eve", 1)
    leave_seats(event, 2)
    moving.to_person(Seat.objects.filter(state="valid")[0], name="Nour", email="nour@example.org")
    return event


def test_checks_are_clean_after_all_that_may_happen(house: Event) -> None:
    assert broken() == set()


def seats_gone(_event: Event) -> None:
    CheckIn.objects.all().delete()
    Seat.objects.update(replaces=None)
    Seat.objects.all().delete()
    Order.objects.update(paid_at=timezone.now() - timedelta(hours=2))


def handed_in(_event: Event) -> None:
    seat = Seat.objects.filter(state="transferred")[0]
    CheckIn.objects.create(seat=seat, at=timezone.now(), key="x")


def change(event: Event) -> Order:
    """Another date that costs something, ordered for a seat of the event."""
    Event.objects.filter(pk=event.pk).update(transfer_fee=500)
    factories.ticket(factories.event(days=20))
    return asked(Seat.objects.select_related("event__shop", "line__order").filter(state="valid", event=event)[0])


def change_not_done(event: Event) -> None:
    Order.objects.filter(pk=change(event).pk).update(paid_at=timezone.now() - timedelta(hours=2))


def change_keeps(event: Event) -> None:
    lines = OrderLine.objects.filter(order=change(event))
    Hold.objects.filter(line__in=lines).update(state="kept", ask_at=None)
    lines.update(refunded_quantity=1)


BREAKS: dict[str, Callable[[Event], Any]] = {
    "no line has more valid seats than it is owed": lambda _e: Seat.objects.filter(state="cancelled").update(
        state="valid"
    ),
    "a valid seat was paid for": lambda _e: Order.objects.update(paid_at=None),
    "every paid line has its seats": seats_gone,
    "the places kept are those of the valid seats": lambda _e: Hold.objects.filter(state="kept").update(quantity=3),
    "a room holds what it was given, less what is set aside": lambda e: Event.objects.update(capacity=9),
    "no event has more guests than places": lambda e: Event.objects.update(capacity=1),
    "nobody on a waiting list is passed": lambda e: WaitingEntry.objects.filter(name="eve").update(set_aside=1),
    "an offer to who waits ends": lambda e: WaitingEntry.objects.filter(state="offered").update(
        offer_until=timezone.now() - timedelta(hours=1)
    ),
    "a cancelled event has no guests": lambda e: Event.objects.update(state="cancelled"),
    "nobody came in with a seat handed on": handed_in,
    "a paid change of date was done": change_not_done,
    "a change of date keeps no place of its own": change_keeps,
    "every ticket is on its event's places": lambda e: e.tickets.get().offer.stocks.clear(),
}


def test_every_invariant_is_broken_here() -> None:
    known = set(BREAKS) | set(APPOINTMENTS) | set(PREPAID)
    assert known == {name for name, _find in verify.INVARIANTS}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_checks_name_what_is_broken(house: Event, name: str) -> None:
    BREAKS[name](house)
    assert name in broken()


def test_list_that_ran_dry_gives_the_room_back() -> None:
    event = full(2)
    entry = wait(event, "ada", 2)
    leave_seats(event, 1)
    waiting.leave(entry)
    assert Stock.objects.get(pk=event.room_id).on_hand == 2
    assert broken() == set()


def test_goods_sent_with_a_seat_break_nothing(sandbox, work) -> None:
    """An order goes on to "sent" while its seat is still to come."""
    from store import fulfilment
    from store import verify as of_the_store

    offer = factories.ticket(factories.event()).offer
    order = factories.paid(sandbox, factories.basket(factories.offer(), type(offer).objects.get(pk=offer.pk)))
    work()
    fulfilment.ship(order.parcels.get())
    order.refresh_from_db()
    assert order.state == "shipped"
    assert OrderLine.objects.filter(order=order, seats__state="valid").count() == 1
    assert broken() == set()
    assert not [row.name for row in of_the_store.checks() if row.breaches and row.group == "stock"]
