"""Many buyers, one calendar, appointments of different lengths that overlap: no quarter of an hour is promised twice."""

import itertools
import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from events import coaching, prepaid
from events.models import Booking, CalendarCell, HourPack, Service
from store import checkout, fulfilment, refunds, selling
from store.exceptions import CannotBeSold, OutOfStock, PriceChanged
from store.models import Order
from tests import factories
from tests.races.crowd import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def overlapping() -> list[tuple[Any, Any]]:
    """Live bookings, buffers included, of which two cover the same instant."""
    rows = list(Booking.objects.live().order_by("covers_from").values_list("covers_from", "covers_until"))
    return [(one, two) for one, two in itertools.pairwise(rows) if two[0] < one[1]]


def exact() -> bool:
    """Each live booking has its cells, and there are no others."""
    rows = Booking.objects.live().select_related("line")
    wanted = {(row.line_id, cell) for row in rows for cell in coaching.cells(row.covers_from, row.covers_until)}
    return wanted == set(CalendarCell.objects.values_list("line", "starts_at"))


def services() -> list[Service]:
    calendar = factories.calendar()
    lengths = [30, 45, 60, 90]
    return [factories.service(calendar, minutes=length, step=15, buffer_before=15) for length in lengths]


def test_a_hundred_buyers_of_overlapping_lengths():
    kinds = services()
    carts = [
        factories.slot_basket(kinds[number % 4], factories.slot(hour=9) + timedelta(minutes=15 * (number % 24)))
        for number in range(100)
    ]

    def act(number: int) -> Order:
        order = factories.order(carts[number], email=f"g{number}@example.org")
        fulfilment.fulfil(order.pk)
        return order

    answers = together(100, act)
    assert [row for row in answers if not isinstance(row, Order | OutOfStock)] == []
    assert Booking.objects.live().count() == len([row for row in answers if isinstance(row, Order)]) > 2
    assert overlapping() == []
    assert exact()


def test_all_move_at_once_to_the_same_hours():
    service = services()[0]
    at = [factories.slot(days=20 + number // 5, hour=8 + 2 * (number % 5)) for number in range(15)]
    rows = [factories.booking(service, start, email=f"g{number}@example.org") for number, start in enumerate(at)]
    to = [factories.slot(days=25, hour=12) + timedelta(minutes=15 * (number % 8)) for number in range(15)]
    answers = together(15, lambda number: coaching.move(rows[number], to[number]))
    assert [row for row in answers if not isinstance(row, Booking | coaching.NoChange)] == []
    assert [row for row in answers if isinstance(row, Booking)]
    assert overlapping() == []
    assert exact()


def test_the_last_hour_in_advance_pays_for_one_appointment():
    """Eight windows of one person, eight times: all see the price of nothing, one has it."""
    person = factories.person()
    credit = factories.credit(factories.pack(hours=2), user=person)
    factories.hour_on_credit(credit, factories.slot(days=19))
    who = factories.buyer(user=person, email=person.email, audiences=selling.audiences(person))
    carts = [factories.slot_basket(credit.service, factories.slot(days=20 + number)) for number in range(8)]
    answers = together(8, lambda number: checkout.start(carts[number], who, shown_total=0))
    assert len([row for row in answers if isinstance(row, Order)]) == 1
    assert {row.reason for row in answers if isinstance(row, CannotBeSold)} == {"no_credit"}
    assert len([row for row in answers if isinstance(row, Order | CannotBeSold)]) == 8
    credit.refresh_from_db()
    assert (credit.left, credit.moves.filter(reason="used").count()) == (0, 2)


def test_an_hour_that_is_given_back_twice_at_once_comes_back_once():
    credit = factories.credit(user=factories.person())
    booking = Booking.objects.get(line__order=factories.hour_on_credit(credit))
    together(6, lambda _number: coaching.cancel(booking))
    credit.refresh_from_db()
    assert (credit.left, credit.moves.filter(reason="returned").count()) == (5, 1)


def test_no_hour_is_used_while_its_pack_is_paid_back(sandbox, monkeypatch):
    person = factories.person()
    order = factories.paid(sandbox, factories.basket(factories.pack().offer), user=person, email=person.email)
    credit = prepaid.grant(HourPack.objects.get(), order.lines.get())
    priced, left = threading.Event(), refunds.left_to_refund

    def slowly(payment: Any) -> int:
        priced.set()
        time.sleep(0.5)
        return left(payment)

    monkeypatch.setattr(refunds, "left_to_refund", slowly)

    def act(number: int) -> Any:
        if number == 0:
            return refunds.start(order, refunds.everything(order))
        priced.wait(30)
        return factories.hour_on_credit(credit)

    back, booked = together(2, act)
    assert isinstance(booked, CannotBeSold | PriceChanged)
    assert (back.amount, Booking.objects.live().count()) == (order.total, 0)
