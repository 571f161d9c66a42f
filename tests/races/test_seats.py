"""Many guests, few chairs: never one too many, nobody passed, whoever waits is asked in turn."""

from typing import Any

import pytest

from events import admission, claiming, moving, rooms, waiting
from events.models import Event, Seat, WaitingEntry
from store import checkout, fulfilment, wants
from store.exceptions import CannotBeSold, OutOfStock
from store.models import Offer, Order, Stock
from tests import factories
from tests.races.crowd import together
from tests.rig.sound import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def crowd(guests: int, places: int) -> tuple[Event, list[Any]]:
    """Each guest wants one to four seats of one of two kinds that share the room, all at the same instant."""
    event = factories.event(capacity=places)
    offers = [Offer.objects.get(pk=factories.ticket(event, name=name).offer_id) for name in ("Matin", "Soir")]
    carts = [factories.basket(offers[number % 2], quantity=1 + number % 4) for number in range(guests)]

    def act(number: int) -> Order:
        order = factories.order(carts[number], email=f"g{number}@example.org")
        fulfilment.fulfil(order.pk)
        return order

    return event, together(guests, act)


def released(leaving: int) -> tuple[Event, list[Any]]:
    """A full house gives up its seats at the same instant, while groups wait and others try to slip in."""
    event = factories.event(capacity=leaving)
    ticket = factories.ticket(event)
    offer = Offer.objects.get(pk=ticket.offer_id)
    for number in range(leaving):
        order = factories.order(factories.basket(offer), email=f"sits{number}@example.org")
        fulfilment.fulfil(order.pk)
    for number in range(leaving):
        waiting.join(
            event, ticket, size=1 + number % 3, name=f"W{number}", email=f"w{number}@example.org", locale="fr"
        )  # fmt: skip
    seats = list(Seat.objects.filter(event=event).select_related("line__order"))
    carts = [factories.basket(offer) for _number in range(leaving // 5)]

    def act(number: int) -> Any:
        if number < leaving:
            return admission.give_up(seats[number])
        return factories.order(carts[number - leaving], email=f"slips{number}@example.org")

    return event, together(leaving + len(carts), act)


def in_order(event: Event) -> None:
    """Offers went to the first who wait, without a gap."""
    states = list(event.waiting.order_by("pk").values_list("state", flat=True))
    offered = states.count("offered")
    assert states == ["offered"] * offered + ["waiting"] * (len(states) - offered)
    sizes = [row.set_aside for row in event.waiting.all()]
    assert sum(sizes) == event.capacity


def takes(event: Event) -> list[Any]:
    """All who were offered a place take it at once, each from two windows."""
    entries = list(WaitingEntry.objects.filter(event=event, state="offered").order_by("pk")) * 2
    ticket = event.tickets.select_related("offer__shop", "event").get()
    wish = wants.Wish(ticket.offer, 1)
    total = checkout.draft(ticket.offer.shop, wants.keyed([wish]), country="FR").total

    def act(number: int) -> Order:
        entry = entries[number]
        who = factories.buyer(email=entry.email, name=entry.name)
        order = claiming.claim(
            entry, event.tickets.select_related("offer__shop", "event").get(), who, shown_total=total
        )
        fulfilment.fulfil(order.pk)
        return order

    return together(len(entries), act)


def test_sixty_guests_on_fifteen_chairs_of_two_kinds():
    event, answers = crowd(60, 15)
    wrong = [answer for answer in answers if not isinstance(answer, Order | OutOfStock)]
    assert wrong == []
    taken = Seat.objects.filter(event=event, state="valid").count()
    assert event.room_id
    assert Stock.objects.left([event.room_id])[event.room_id].free == 15 - taken
    assert 12 <= taken <= 15
    assert breaches() == []


def test_fifteen_seats_given_up_at_once_go_to_those_who_wait_in_order():
    event, answers = released(15)
    wrong = [row for row in answers if isinstance(row, Exception) and not isinstance(row, OutOfStock | CannotBeSold)]
    assert wrong == []
    in_order(event)
    assert breaches() == []
    answers = takes(event)
    wrong = [row for row in answers if not isinstance(row, Order | waiting.OfferOver)]
    assert wrong == []
    assert len([row for row in answers if isinstance(row, Order)]) == len(answers) // 2
    assert Seat.objects.filter(event=event, state="valid").count() <= 15
    assert breaches() == []


def swapped(seats: int, places: int) -> tuple[list[Event], list[Any]]:
    """Two dates, each with so many guests, who all want to go to the other one at the same instant."""
    events = [factories.event(capacity=places, days=days) for days in (10, 20)]
    tickets = [factories.ticket(event) for event in events]
    for number in range(2 * seats):
        offer = Offer.objects.get(pk=tickets[number % 2].offer_id)
        fulfilment.fulfil(factories.order(factories.basket(offer), email=f"g{number}@example.org").pk)
    rows = list(Seat.objects.select_related("event", "line__order").order_by("pk"))
    to = {event.pk: other for event, other in zip(events, reversed(tickets), strict=True)}
    return events, together(len(rows), lambda number: moving.to_date(rows[number], to[rows[number].event_id]))


def test_guests_of_two_dates_change_places_at_once():
    events, answers = swapped(6, 8)
    assert [row for row in answers if not isinstance(row, Seat | moving.CostsMore | OutOfStock)] == []
    assert [row for row in answers if isinstance(row, Seat)]
    taken = [Seat.objects.filter(event=event, state="valid").count() for event in events]
    assert sum(taken) == 12
    assert max(taken) <= 8
    assert breaches() == []


def resized(guests: int, sizes: list[int], *, start: int) -> tuple[Event, list[Any], list[Any]]:
    """People book and give up again while the owner changes her mind about the room, again and again."""
    event = factories.event(capacity=start)
    offer = Offer.objects.get(pk=factories.ticket(event).offer_id)
    for number in range(4):
        fulfilment.fulfil(factories.order(factories.basket(offer), email=f"sits{number}@example.org").pk)
    seats = list(Seat.objects.filter(event=event).select_related("line__order"))
    carts = [factories.basket(offer, quantity=1 + number % 2) for number in range(guests)]

    def act(number: int) -> Any:
        if number < len(sizes):
            return rooms.resize(event, sizes[number])
        if number < len(sizes) + len(seats):
            return admission.give_up(seats[number - len(sizes)])
        guest = number - len(sizes) - len(seats)
        order = factories.order(carts[guest], email=f"g{guest}@example.org")
        fulfilment.fulfil(order.pk)
        return order

    answers = together(len(sizes) + len(seats) + guests, act)
    return event, answers[: len(sizes)], answers[len(sizes) :]


@pytest.mark.parametrize(("start", "sizes"), [(30, [8]), (0, [8]), (12, [0]), (6, [0, 9, 14]), (0, [40, 0, 10])])
def test_the_room_is_resized_while_people_book(start, sizes):
    event, owners, guests = resized(12, sizes, start=start)
    assert [row for row in owners if isinstance(row, Exception) and not isinstance(row, rooms.TooFew)] == []
    assert [row for row in guests if isinstance(row, Exception) and not isinstance(row, OutOfStock)] == []
    event.refresh_from_db()
    taken = Seat.objects.filter(event=event, state="valid").count()
    assert not event.capacity or taken <= event.capacity
    if event.room_id:
        assert Stock.objects.left([event.room_id])[event.room_id].free == event.capacity - taken
    assert breaches() == []
