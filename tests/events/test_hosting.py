"""The owner's verbs: another date, other places, cancelled with everything given back and everybody told."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.core import mail

from events import calendar, hosting, moving
from events.admission import TooLate
from events.models import Event, Seat
from store.models import Offer, Refund, Stock
from tests import factories
from tests.events.test_admission import free, left
from tests.events.test_waiting import full, states, wait

pytestmark = pytest.mark.django_db


def to(address: str) -> list[Any]:
    return [row for row in mail.outbox if address in row.to]


def entry(content: bytes) -> Any:
    return next(iter(icalendar.Calendar.from_ical(content).walk("VEVENT")))


def test_moved_event_moves_its_one_entry_and_tells_each_guest_once(work):
    event = factories.event()
    ticket = factories.ticket(event)
    free(ticket, 3)
    before = entry(calendar.of_seat(Seat.objects.first()).content)
    begins = event.starts_at + timedelta(days=1)
    assert hosting.move(event, begins, begins + timedelta(hours=2))
    assert not hosting.move(event, begins, begins + timedelta(hours=2))
    after = entry(calendar.of_seat(Seat.objects.first()).content)
    assert (before["UID"], before["SEQUENCE"], after["SEQUENCE"]) == (after["UID"], 0, 1)
    assert after["DTSTART"].dt == begins
    assert Offer.objects.get(ticket=ticket).sale_until == begins
    work()
    moved = [row for row in to("lea@example.org") if any(str(a.filename).endswith(".ics") for a in row.attachments)]
    assert len(moved) == 2  # the ticket, then the new date
    assert "SEQUENCE:1" in moved[-1].attachments[0].content


def test_cancelled_event_gives_everything_back_and_says_what_failed(sandbox, work):
    event = factories.event(capacity=5)
    paid_ticket = factories.ticket(event, price=1200)
    free_ticket = factories.ticket(event)
    order = factories.paid(sandbox, factories.basket(Offer.objects.get(pk=paid_ticket.offer_id), quantity=2))
    free(free_ticket, 2, email="free@example.org")
    work()
    assert hosting.cancel(event)
    assert not hosting.cancel(event)
    assert [row.words for row in hosting.failures(event)] == ["standing", "standing"]
    work()
    order.refresh_from_db()
    assert (order.refunded, left(event)) == (2400, 5)
    assert set(Seat.objects.values_list("state", flat=True)) == {"cancelled"}
    assert hosting.failures(event) == []
    hosting.call_off_all(event)
    work()
    work()
    assert Refund.objects.count() == 1
    assert len(to("free@example.org")) == 2  # the tickets, then one word that it is cancelled
    assert entry(calendar.of_seat(Seat.objects.first()).content)["STATUS"] == "CANCELLED"


def test_seats_paid_after_the_cancellation_are_given_back(sandbox, work):
    event = factories.event(capacity=5)
    ticket = factories.ticket(event, price=1200)
    order = factories.paid(sandbox, factories.basket(Offer.objects.get(pk=ticket.offer_id)))
    hosting.cancel(event)
    work()
    order.refresh_from_db()
    assert (order.refunded, set(Seat.objects.values_list("state", flat=True))) == (1200, {"cancelled"})


def test_those_who_wait_are_let_go():
    event = full(2)
    wait(event, "ada", 2)
    hosting.cancel(event)
    assert states(event) == [("ada", "left", 0)]
    assert Stock.objects.get(pk=event.room_id).on_hand == 2


def test_a_seat_goes_to_somebody_else_with_a_code_of_its_own(work):
    event = factories.event()
    free(factories.ticket(event))
    seat = Seat.objects.get()
    made = moving.to_person(seat, name="Nour", email="nour@example.org")
    seat.refresh_from_db()
    assert (seat.state, made.state, made.number, made.token != seat.token) == ("transferred", "valid", 2, True)
    with pytest.raises(TooLate):
        moving.to_person(seat, name="X", email="x@example.org")
    work()
    assert made.token in to("nour@example.org")[0].body
    assert seat.token not in to("nour@example.org")[0].body


def test_a_seat_goes_to_another_date_and_the_places_follow():
    one, two = factories.event(capacity=2), factories.event(capacity=1, days=20)
    free(factories.ticket(one), 2)
    other = factories.ticket(two)
    seat = Seat.objects.first()
    assert moving.dates_for(seat) == [moving.OtherDate(other, fee=0, difference=0)]
    made = moving.to_date(seat, other)
    assert (made.event, left(one), left(two)) == (two, 1, 0)


def test_no_other_date_that_costs_more_or_after_the_deadline():
    one, two = factories.event(transfer_hours=24 * 30), factories.event(days=20)
    free(factories.ticket(one))
    other = factories.ticket(two, price=500)
    seat = Seat.objects.get()
    with pytest.raises(TooLate):
        moving.to_date(seat, other)
    Event.objects.update(transfer_hours=1)
    with pytest.raises(moving.CostsMore):
        moving.to_date(Seat.objects.get(), other)
