"""How many fit in, changed while seats are sold, held and waited for: never too many, never shut, and all adds up."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from events import admission, moving, rooms, waiting
from events.models import Event, Seat, Ticket
from store import promises
from store.exceptions import OutOfStock
from store.models import Hold, Offer, Order
from tests import factories
from tests.events.test_admission import free, left
from tests.events.test_changing import asked, paid, seated, two
from tests.events.test_waiting import full, leave_seats, states, take, wait
from tests.rig.sound import breaches

pytestmark = pytest.mark.django_db


def bookable(ticket: Ticket) -> None:
    """A seat is booked and given up again, and all adds up each time."""
    event = Event.objects.get(pk=ticket.event_id)
    before = left(event) if event.room_id else 0
    free(ticket, 1, email="late@example.org")
    assert breaches() == []
    admission.give_up(Seat.objects.filter(event=event, state="valid", email="late@example.org").get())
    assert (left(event) if event.room_id else 0) == before
    assert breaches() == []


def refused(event: Event, capacity: int) -> int:
    """How many are taken, said to who wants fewer; nothing has changed."""
    before = event.capacity
    with pytest.raises(rooms.TooFew) as caught:
        rooms.resize(event, capacity)
    event.refresh_from_db()
    assert event.capacity == before
    assert breaches() == []
    return caught.value.taken


def test_a_room_that_had_no_end_counts_who_is_there() -> None:
    event = factories.event(capacity=0)
    ticket = factories.ticket(event)
    free(ticket, 5)
    assert refused(event, 3) == 5
    rooms.resize(event, 5)
    with pytest.raises(OutOfStock):
        free(ticket, 1)
    assert (left(event), breaches()) == (0, [])
    admission.give_up(Seat.objects.first())
    bookable(ticket)


def test_what_is_being_paid_is_taken(sandbox: Any, work: Any) -> None:
    event = factories.event(capacity=0)
    ticket = factories.ticket(event, price=1200)
    offer = Offer.objects.get(pk=ticket.offer_id)
    lapses = factories.order(factories.basket(offer, quantity=2), email="slow@example.org")
    paid = factories.paid(sandbox, factories.basket(offer))
    factories.paid(sandbox, factories.basket(offer), email="quick@example.org")
    work()
    assert refused(event, 3) == 4
    rooms.resize(event, 4)
    assert left(event) == 0
    held = Hold.objects.get(line__order=lapses)
    assert (held.state, held.ask_at > timezone.now()) == ("reserved", True)
    promises.release(lapses)
    Order.objects.filter(pk=lapses.pk).update(state="cancelled")
    assert (left(event), Seat.objects.filter(line__order=paid, state="valid").count(), breaches()) == (2, 1, [])


def test_what_was_paid_and_has_no_seat_yet_is_taken(sandbox: Any, work: Any) -> None:
    event = factories.event(capacity=0)
    ticket = factories.ticket(event, price=1200)
    factories.paid(sandbox, factories.basket(Offer.objects.get(pk=ticket.offer_id), quantity=2))
    assert not Seat.objects.exists()
    rooms.resize(event, 3)
    work()
    assert (Seat.objects.filter(state="valid").count(), left(event), breaches()) == (2, 1, [])


def test_a_seat_from_another_date_is_taken_and_goes_back() -> None:
    one, later = factories.event(capacity=2), factories.event(capacity=0, days=20)
    ticket, other = factories.ticket(one), factories.ticket(later)
    free(ticket, 2)
    moved = moving.to_date(Seat.objects.first(), other)
    rooms.resize(later, 1)
    assert (left(later), breaches()) == (0, [])
    moving.to_date(moved, ticket)
    assert (left(one), left(later), breaches()) == (0, 1, [])


def test_a_change_of_date_that_is_being_paid_is_taken(sandbox: Any, work: Any) -> None:
    one, later = two()
    rooms.resize(later, 0)
    order = asked(seated(one))
    rooms.resize(later, 1)
    assert (left(later), breaches()) == (0, [])
    paid(sandbox, order)
    work()
    assert (Seat.objects.get(state="valid").event, left(later), breaches()) == (later, 0, [])


def test_a_room_is_never_smaller_than_who_is_in_it() -> None:
    event = full(20)
    assert refused(event, 5) == 20
    leave_seats(event, 3)
    rooms.resize(event, 18)
    assert left(event) == 1
    bookable(event.tickets.get())


def test_what_is_kept_for_who_waits_is_taken() -> None:
    event = full(4)
    wait(event, "ada", 2)
    leave_seats(event, 1)
    assert states(event) == [("ada", "waiting", 1)]
    assert refused(event, 3) == 4
    leave_seats(event, 1)
    assert states(event) == [("ada", "offered", 2)]
    assert refused(event, 3) == 4


def test_a_bigger_room_is_offered_on() -> None:
    event = full(2)
    wait(event, "ada", 2)
    rooms.resize(event, 5)
    assert (states(event), left(event), breaches()) == ([("ada", "offered", 2)], 1, [])
    take(event.waiting.get())
    assert breaches() == []
    bookable(event.tickets.get())


def test_no_number_opens_the_room_and_a_number_counts_anew() -> None:
    event = full(2)
    ticket = event.tickets.get()
    wait(event, "ada", 3)
    wait(event, "bob", 1)
    leave_seats(event, 1)
    rooms.resize(event, 0)
    assert (event.room, states(event)) == (None, [("ada", "offered", 0), ("bob", "offered", 0)])
    assert breaches() == []
    for _more in range(2):
        free(ticket, 2)
    assert breaches() == []
    take(event.waiting.get(name="bob"))
    bookable(ticket)
    with pytest.raises(waiting.NotFull):
        wait(event, "eve")
    assert refused(event, 8) == 9
    rooms.resize(event, 10)
    assert (left(event), states(event)[0]) == (1, ("ada", "offered", 3))
    bookable(ticket)
    waiting.sweep(timezone.now() + timedelta(hours=30))
    assert (left(event), breaches()) == (4, [])


def test_a_kind_of_its_own_size_stays_so_in_a_room_without_end() -> None:
    event = factories.event(capacity=4)
    few, many = factories.ticket(event, own=1), factories.ticket(event)
    free(few)
    rooms.resize(event, 0)
    with pytest.raises(OutOfStock):
        free(few)
    free(many, 6)
    rooms.resize(event, 8)
    assert (left(event), breaches()) == (1, [])
    admission.give_up(Seat.objects.filter(ticket=few).get())
    bookable(few)


def test_a_kind_made_meanwhile_is_in_the_room_of_now() -> None:
    stale = factories.event(capacity=0)
    rooms.resize(Event.objects.get(pk=stale.pk), 2)
    ticket = factories.ticket(stale)
    free(ticket, 2)
    with pytest.raises(OutOfStock):
        free(ticket)
    assert breaches() == []


def test_the_owner_reads_how_many_are_taken_and_keeps_what_she_typed(client: Any) -> None:
    factories.sign_in_strongly(client, factories.owner())
    event = full(4)
    url = reverse("meetings:places", args=[event.pk])
    answer = client.post(url, {"capacity": "3"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "4 places sont prises" in body
    assert 'name="capacity" value="3"' in body
    assert client.post(url, {"capacity": "-1"}).status_code == 422
    assert client.post(url, {"capacity": "0"}).status_code == 302
    event.refresh_from_db()
    assert (event.capacity, event.room) == (0, None)
