"""Many buyers, few units: never one too many, never an error instead of an answer."""

import uuid

import pytest

from store import checkout, stock
from store.exceptions import OutOfStock, StripeUnavailable
from store.models import Hold, Order
from tests import factories
from tests.races.crowd import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def sell(buyers: int, units: int) -> list[object]:
    """All buyers order one unit of the same offer at the same instant."""
    offer = factories.offer(units=units)
    carts = [factories.basket(offer) for _buyer in range(buyers)]
    return together(buyers, lambda number: factories.order(carts[number], email=f"b{number}@example.org"))


def test_forty_buyers_on_five_units_get_exactly_five():
    answers = sell(40, 5)
    sold = [answer for answer in answers if isinstance(answer, Order)]
    refused = [answer for answer in answers if isinstance(answer, OutOfStock)]
    assert (len(sold), len(refused)) == (5, 35), [answer for answer in answers if answer not in sold + refused]
    assert Hold.objects.filter(state=Hold.State.RESERVED).count() == 5


def test_two_pools_in_any_order_do_not_lock_each_other_out():
    shop_offers = [factories.offer(units=20), factories.offer(units=20)]
    carts = []
    for number in range(16):
        pair = shop_offers if number % 2 else shop_offers[::-1]
        carts.append(factories.basket(*pair))
    answers = together(16, lambda number: factories.order(carts[number]))
    assert [answer for answer in answers if not isinstance(answer, Order)] == []
    assert {stock_row.holds.count() for stock_row in type(factories.stocked(shop_offers[0])).objects.all()} == {16}


def test_same_checkout_twenty_times_is_one_order():
    cart = factories.basket(factories.offer(units=5))
    answers = together(20, lambda _number: factories.order(cart).pk)
    assert len({answer for answer in answers if isinstance(answer, int)}) == 1
    assert Order.objects.count() == 1
    assert Hold.objects.count() == 1


def test_one_form_sent_with_four_addresses_is_one_order_that_waits(sandbox):
    """Whoever is last wins, or all but one are told to try again: never two to be paid for, never an error of ours."""
    cart, token = factories.basket(factories.offer(units=5)), uuid.uuid4()

    def act(number: int) -> Order:
        return checkout.start(cart, factories.buyer(line1=f"{number} rue Basse"), shown_total=2500, token=token)

    answers = together(4, act)
    wrong = [answer for answer in answers if not isinstance(answer, Order | StripeUnavailable)]
    assert wrong == []
    assert Order.objects.filter(state=Order.State.PLACED).count() == 1
    assert Hold.objects.filter(state=Hold.State.RESERVED).count() == 1


def test_owner_counts_while_buyers_buy():
    offer = factories.offer(units=10)
    pool = factories.stocked(offer)
    carts = [factories.basket(offer) for _buyer in range(10)]

    def act(number: int) -> object:
        return stock.adjust(pool, -1, "lost") if number % 2 else factories.order(carts[number])

    answers = together(10, act)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    pool.refresh_from_db()
    assert pool.on_hand == 5
    assert sum(pool.moves.values_list("quantity", flat=True)) == 5
