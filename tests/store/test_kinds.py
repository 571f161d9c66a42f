"""A kind that is no goods, through every seam: chosen, held, kept, released, given, priced by what lies beside it."""

from typing import Any

import pytest

from store import cart as carts
from store import checkout, fulfilment, orders, pricing, rights, selling, session, wants, withdrawal
from store.exceptions import CannotBeSold, OutOfStock
from store.models import Attempt, Cart, LegalType, Offer, Order, OrderLine
from tests import factories
from tests.kinds.models import Given, Taken
from tests.store.sellable_contract import SellableContract

pytestmark = pytest.mark.django_db


class TestHour(SellableContract):
    def offer(self) -> Offer:
        return factories.hour()

    def details(self) -> dict[str, Any]:
        return {"slot": "10:00"}

    def given(self, line: OrderLine) -> int:
        return sum(Given.objects.filter(line=line).values_list("quantity", flat=True))


class TestGoods(SellableContract):
    def offer(self) -> Offer:
        return factories.offer()

    def given(self, line: OrderLine) -> int:
        return sum(line.parcel_lines.values_list("quantity", flat=True))


def cart_of(offer: Offer, slot: str = "10:00", **fields: Any) -> Cart:
    cart = Cart.objects.create(shop=offer.shop)
    carts.add(cart, offer, 1, details={"slot": slot}, **fields)
    return cart


def test_slot_is_held_kept_and_given(sandbox):
    order = factories.paid(sandbox, cart_of(factories.hour()))
    fulfilment.fulfil(order.pk)
    assert (Taken.objects.get().is_kept, Given.objects.get().quantity) == (True, 1)


def test_taken_slot_is_out_of_stock_and_nothing_stays_behind():
    offer = factories.hour()
    factories.order(cart_of(offer))
    with pytest.raises(OutOfStock):
        factories.order(cart_of(offer), email="zoe@example.org")
    assert (Order.objects.count(), Taken.objects.count()) == (1, 1)


def test_order_let_go_frees_the_slot(sandbox):
    order = factories.order(cart_of(factories.hour()))
    checkout.open_attempt(order.attempts.get())
    checkout.abandon(order)
    assert not Taken.objects.exists()


def test_refused_order_frees_the_slot():
    order = factories.order(cart_of(factories.hour()))
    orders.fail_attempt(order.attempts.get().pk, "refused")
    order.refresh_from_db()
    assert (order.state, Taken.objects.count()) == (Order.State.LAPSED, 0)


def late(sandbox: Any, *, slot_gone: bool) -> Order:
    """Paid after its slot was freed, and perhaps sold to another."""
    from store import promises, reconciling

    order = factories.order(cart_of(factories.hour()))
    attempt = order.attempts.get()
    made = checkout.open_attempt(attempt)
    promises.release(order)
    Order.objects.filter(pk=order.pk).update(state=Order.State.LAPSED)
    if slot_gone:
        factories.order(cart_of(order.lines.get().offer), email="zoe@example.org")
    sandbox.outcome(made.session_id, "paid")
    reconciling.attempt(attempt.pk, by="test")
    order.refresh_from_db()
    fulfilment.fulfil(order.pk)
    return order


def test_paid_late_gets_its_slot_if_it_is_free(sandbox):
    order = late(sandbox, slot_gone=False)
    assert (order.attention, Given.objects.count()) == ("", 1)
    assert Taken.objects.get(line__order=order).is_kept


def test_paid_late_without_its_slot_is_for_the_owner_and_given_nothing(sandbox):
    order = late(sandbox, slot_gone=True)
    assert (order.state, order.attention, Given.objects.count()) == ("paid", "oversold", 0)


def test_buyer_who_may_not_buy_leaves_no_order():
    with pytest.raises(CannotBeSold):
        factories.order(cart_of(factories.hour()), email="banned@example.org")
    assert not Order.objects.exists()


def test_units_of_one_offer_count_together_for_its_buyer():
    offer = factories.hour(legal="dated")
    cart = factories.basket(offer, quantity=2)
    carts.add(cart, offer, 2, details={"slot": "11:00"})
    with pytest.raises(CannotBeSold):
        factories.order(cart)


def test_payment_of_a_slot_excludes_what_settles_later():
    order = factories.order(cart_of(factories.hour()))
    assert session.params(order, order.attempts.get())["excluded_payment_method_types"] == ["sepa_debit"]


def test_payment_of_goods_excludes_nothing():
    order = factories.order()
    assert "excluded_payment_method_types" not in session.params(order, order.attempts.get())


def test_what_lies_in_the_basket_gives_its_price_to_the_rest():
    card, mug = factories.hour(gives="member", legal="membership"), factories.offer(price=4900)
    pricing.set_price(mug, 4100, audience="member")
    alone = checkout.draft(mug.shop, [wants.Wish(mug, 1)], country="FR")
    both = checkout.draft(mug.shop, [wants.Wish(card, 1), wants.Wish(mug, 1)], country="FR")
    assert (alone.goods, both.goods) == (4900, 5000 + 4100)


def test_audience_of_the_buyer_prices_the_order():
    mug = factories.offer(price=4900)
    pricing.set_price(mug, 4100, audience="member")
    cart = factories.basket(mug)
    order = checkout.start(cart, factories.buyer(audiences=frozenset({"member"})), shown_total=4100 + 500)
    assert order.lines.get().unit_amount == 4100


def test_audiences_are_the_persons_own():
    assert selling.audiences(factories.member(factories.tier("ami"))) == {"member", "tier:ami"}
    assert selling.audiences(factories.person()) == frozenset()
    assert selling.audiences(None) == frozenset()


def test_answers_of_the_recap_are_frozen_with_what_was_chosen():
    offer = factories.hour()
    cart = cart_of(offer)
    who = factories.buyer(details={f"line-{offer.pk}": {"wish": "du thé"}})
    order = checkout.start(cart, who, shown_total=5000)
    assert order.lines.get().details == {"slot": "10:00", "wish": "du thé"}


def test_other_answers_are_another_order():
    offer = factories.hour()
    cart = cart_of(offer)
    first = checkout.start(cart, factories.buyer(), shown_total=5000)
    Attempt.objects.update(state=Attempt.State.FAILED)
    second = checkout.start(cart, factories.buyer(details={f"line-{offer.pk}": {"wish": "du thé"}}), shown_total=5000)
    assert first != second


def test_answered_line_leaves_the_basket_and_its_sister_stays():
    offer = factories.hour()
    cart = cart_of(offer)
    order = checkout.start(cart, factories.buyer(details={f"line-{offer.pk}": {"wish": "thé"}}), shown_total=5000)
    carts.add(cart, offer, 1, details={"slot": "11:00"})
    carts.take_out(cart, order)
    assert [line.details for line in cart.lines.all()] == [{"slot": "11:00"}]


def test_page_of_a_kind_is_a_source():
    page = factories.article()
    offer = factories.hour(page=page)
    assert carts.source_of(page.pk, offer)["source_title"] == page.title


def test_lines_of_one_offer_have_answers_of_their_own():
    offer = factories.hour()
    rows = wants.keyed([wants.Wish(offer, 1, {"slot": "10:00"}), wants.Wish(offer, 1, {"slot": "11:00"})])
    assert [row.key for row in rows] == [f"line-{offer.pk}", f"line-{offer.pk}-2"]


@pytest.mark.parametrize(("legal", "exists"), [("dated", False), ("service", True), ("membership", True)])
def test_right_to_withdraw_of_what_is_no_goods(legal, exists):
    order = factories.order(cart_of(factories.hour(legal=legal)))
    assert withdrawal.deadline(order).exists is exists
    assert rights.withdrawal(legal)


def test_goods_are_never_of_a_service_type():
    from store.models import Product

    field = Product._meta.get_field("legal_type")  # noqa: SLF001 - Django's own door
    assert {key for key, _words in field.flatchoices} == set(LegalType.values) - {"dated", "service", "membership"}
