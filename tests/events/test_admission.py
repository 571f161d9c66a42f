"""Seats: given once, taken back once, with their places; who may have one and until when they may give it up."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from events import admission
from events.models import Event, Seat
from store import fulfilment, links, refunds
from store.exceptions import CannotBeSold, OutOfStock
from store.models import Hold, Offer, Order, OrderLine, Stock
from tests import factories
from tests.store.sellable_contract import SellableContract

pytestmark = pytest.mark.django_db


class TestFreeTicket(SellableContract):
    def offer(self) -> Offer:
        return factories.seat_offer()

    def given(self, line: OrderLine) -> int:
        return line.seats.filter(state=Seat.State.VALID).count()


def free(ticket: Any, quantity: int = 1, **who: Any) -> Order:
    """An order of so many free seats, given."""
    offer = Offer.objects.get(pk=ticket.offer_id)
    order = factories.order(factories.basket(offer, quantity=quantity), **who)
    fulfilment.fulfil(order.pk)
    order.refresh_from_db()
    return order


def left(event: Event) -> int:
    assert event.room_id
    return Stock.objects.left([event.room_id])[event.room_id].free


def test_free_seats_are_valid_at_once_and_named():
    event = factories.event(capacity=5)
    order = free(factories.ticket(event), 2, details={}, name="Léa Martin")
    seats = list(Seat.objects.filter(line__order=order))
    assert [(seat.number, seat.holder, seat.state) for seat in seats] == [(1, "Léa Martin", "valid"), (2, "", "valid")]
    assert len({seat.token for seat in seats}) == 2
    assert left(event) == 3


def test_kinds_share_the_room_and_keep_their_own_pool():
    event = factories.event(capacity=3)
    early, late = factories.ticket(event, own=2), factories.ticket(event)
    free(early, 2)
    with pytest.raises(OutOfStock):
        free(early, 1)
    free(late, 1, email="b@example.org")
    with pytest.raises(OutOfStock):
        free(late, 1, email="c@example.org")


def test_giving_up_frees_the_place_and_ends_a_free_order():
    event = factories.event(capacity=2)
    order = free(factories.ticket(event), 2)
    for seat in Seat.objects.all():
        admission.give_up(seat)
        admission.give_up(seat)
    order.refresh_from_db()
    assert (left(event), order.state, order.lines.get().refunded_quantity) == (2, "cancelled", 2)
    assert not Hold.objects.filter(state="kept").exists()


def test_a_paid_seat_given_up_in_time_is_refunded(sandbox, work):
    ticket = factories.ticket(factories.event(capacity=4), price=1500)
    order = factories.paid(sandbox, factories.basket(Offer.objects.get(pk=ticket.offer_id), quantity=2))
    work()
    refund = admission.give_up(Seat.objects.first())
    work()
    refund.refresh_from_db()
    order.refresh_from_db()
    assert (refund.state, order.refunded, left(ticket.event)) == ("succeeded", 1500, 3)
    assert Seat.objects.filter(state="valid").count() == 1


def test_by_the_owners_rule_the_price_is_kept(sandbox, work):
    event = factories.event(capacity=4, on_cancel=Event.Refusal.NOTHING)
    ticket = factories.ticket(event, price=1500)
    order = factories.paid(sandbox, factories.basket(Offer.objects.get(pk=ticket.offer_id), quantity=2))
    work()
    assert admission.give_up(Seat.objects.first()) is None
    order.refresh_from_db()
    assert (order.refunded, left(event)) == (0, 3)


@pytest.mark.parametrize(
    ("fields", "reason"), [({"cancel_hours": 24 * 20}, "deadline"), ({"on_cancel": "never"}, "never")]
)
def test_too_late_or_never(sandbox, work, fields, reason):
    ticket = factories.ticket(factories.event(**fields), price=1500)
    factories.paid(sandbox, factories.basket(Offer.objects.get(pk=ticket.offer_id)))
    work()
    with pytest.raises(admission.TooLate) as caught:
        admission.give_up(Seat.objects.get())
    assert caught.value.reason == reason
    assert Seat.objects.get().is_valid


def test_owner_refunds_a_unit_and_the_last_seat_goes(sandbox, work):
    ticket = factories.ticket(factories.event(capacity=4), price=1500)
    order = factories.paid(sandbox, factories.basket(Offer.objects.get(pk=ticket.offer_id), quantity=3))
    work()
    refunds.start(order, refunds.Wanted(units={order.lines.get().pk: 1}))
    assert [seat.state for seat in Seat.objects.order_by("number")] == ["valid", "valid", "cancelled"]
    assert left(ticket.event) == 2


def test_nobody_gets_in_once_it_began_or_is_for_others():
    ticket = factories.ticket(factories.event(), audience="member")
    with pytest.raises(CannotBeSold) as caught:
        free(ticket)
    assert caught.value.reason == "audience"
    assert free(ticket, audiences=frozenset({"member"})).state == "paid"
    Event.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(CannotBeSold):
        free(factories.ticket(Event.objects.get()), email="d@example.org")


def test_the_mail_is_the_ticket(work, client):
    event = factories.event()
    page = factories.event_page(factories.ticket(event).event)
    free(event.tickets.get(), 2)
    work()
    message = next(row for row in mail.outbox if "lea@example.org" in row.to)
    for seat in Seat.objects.all():
        assert seat.token in str(message.body)
        assert seat.token in str(message.alternatives[0].content)
    files = {str(row.filename): row for row in message.attachments}
    calendar = next(row for name, row in files.items() if name.endswith(".ics"))
    assert str(event.uid) in calendar.content
    assert page.title in calendar.content.replace("\r\n ", "")
    assert [row for row in mail.outbox if "lea@example.org" in row.to] == [message]
    assert [name for name in files if name.endswith(".pdf")] == []  # nothing was sold: no terms, no model form
    page = client.get(links.order_url(Order.objects.get())).content.decode()
    assert "Vous changez d" not in page
    assert "Documents" not in page
