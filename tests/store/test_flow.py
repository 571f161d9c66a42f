"""An order's life against the stand-in of Stripe, over real HTTP."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from store import cart, checkout, fulfilment, gateway, orders, reconciling, refunds, stock
from store.exceptions import CannotBeSold, OutOfStock, PriceChanged, ShopClosed
from store.models import Attempt, Hold, Order, Parcel, Payment, Refund
from tests import factories

pytestmark = pytest.mark.django_db


def begin(units: int = 10, quantity: int = 1, price: int = 2000) -> tuple[Order, Attempt]:
    """An order that waits for its payment, with an open session."""
    offer = factories.offer(units=units, price=price)
    basket = factories.basket(offer, quantity=quantity)
    order = factories.order(basket)
    attempt = order.attempts.get()
    checkout.open_attempt(attempt)
    return order, attempt


def session_of(attempt: Attempt) -> str:
    attempt.refresh_from_db()
    assert attempt.session_id
    return attempt.session_id


def test_paid_order_is_settled_fulfilled_and_shipped(sandbox, work):
    order, attempt = begin(units=5, quantity=2)
    pool = factories.stocked(order.lines.get().offer)
    assert Hold.objects.get().state == Hold.State.RESERVED

    sandbox.outcome(session_of(attempt), "paid")
    orders.settle(session_of(attempt))
    work()

    order.refresh_from_db()
    assert (order.state, order.payments.get().amount) == (Order.State.PAID, order.total)
    assert Hold.objects.get().state == Hold.State.KEPT
    parcel = Parcel.objects.get(order=order)
    assert [line.quantity for line in parcel.lines.all()] == [2]

    assert fulfilment.ship(parcel, tracking="X1") is True
    assert fulfilment.ship(parcel, tracking="X1") is False
    order.refresh_from_db()
    pool.refresh_from_db()
    assert (order.state, pool.on_hand, Hold.objects.get().state) == (Order.State.SHIPPED, 3, Hold.State.USED)


def test_settle_twice_has_one_effect(sandbox, work):
    order, attempt = begin()
    sandbox.outcome(session_of(attempt), "paid")
    for _again in range(3):
        orders.settle(session_of(attempt))
    work()
    assert Payment.objects.filter(order=order).count() == 1
    assert [event.kind for event in order.events.all()].count("paid") == 1
    assert Parcel.objects.count() == 1


def test_declined_card_leaves_the_order_open(sandbox):
    order, attempt = begin()
    sandbox.outcome(session_of(attempt), "declined")
    orders.settle(session_of(attempt))
    order.refresh_from_db()
    assert order.state == Order.State.PLACED
    assert Hold.objects.get().state == Hold.State.RESERVED


def test_delayed_payment_stays_reserved_until_it_fails(sandbox, work):
    order, attempt = begin()
    sandbox.outcome(session_of(attempt), "async_pending")
    orders.settle(session_of(attempt))
    order.refresh_from_db()
    assert (order.state, Hold.objects.get().state) == (Order.State.PENDING, Hold.State.RESERVED)

    sandbox.outcome(session_of(attempt), "async_fail")
    orders.settle(session_of(attempt))
    order.refresh_from_db()
    assert (order.state, Hold.objects.get().state) == (Order.State.LAPSED, Hold.State.RELEASED)
    orders.settle(session_of(attempt))
    order.refresh_from_db()
    assert order.state == Order.State.LAPSED


def test_delayed_payment_that_succeeds_is_paid(sandbox, work):
    order, attempt = begin()
    sandbox.outcome(session_of(attempt), "async_pending")
    sandbox.outcome(session_of(attempt), "async_succeed")
    orders.settle(session_of(attempt))
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_abandoned_counter_frees_the_units(sandbox):
    order, attempt = begin(units=1)
    checkout.abandon(order)
    checkout.abandon(order)
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    assert Hold.objects.get().state == Hold.State.RELEASED
    assert gateway.read_session(session_of(attempt)).status == "expired"


def test_abandon_of_a_paid_session_settles_it(sandbox):
    order, attempt = begin()
    sandbox.outcome(session_of(attempt), "paid")
    checkout.abandon(order)
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_same_basket_and_buyer_give_the_same_order(sandbox):
    offer = factories.offer()
    basket = factories.basket(offer)
    first, second = factories.order(basket), factories.order(basket)
    assert first == second
    assert Attempt.objects.count() == 1


def test_changed_basket_replaces_the_order(sandbox):
    offer = factories.offer(units=3)
    basket = factories.basket(offer, quantity=3)
    first = factories.order(basket)
    basket.lines.update(quantity=2)
    second = factories.order(basket)
    first.refresh_from_db()
    assert first.state == Order.State.CANCELLED
    assert second.lines.get().quantity == 2
    assert {hold.line.order_id: hold.state for hold in Hold.objects.all()} == {
        first.pk: Hold.State.RELEASED,
        second.pk: Hold.State.RESERVED,
    }


def test_another_total_than_the_one_shown_is_a_question(sandbox):
    offer = factories.offer(price=2000)
    basket = factories.basket(offer)
    with pytest.raises(PriceChanged) as caught:
        checkout.start(basket, factories.buyer(), shown_total=1)
    assert caught.value.total > 1
    assert Order.objects.count() == 0


def test_more_than_is_left_is_refused_with_the_number(sandbox):
    offer = factories.offer(units=2)
    basket = factories.basket(offer, quantity=3)
    with pytest.raises(OutOfStock) as caught:
        factories.order(basket)
    assert (caught.value.free, caught.value.retry_at) == (2, None)
    assert Order.objects.count() == 0


def test_units_held_by_others_are_not_sold_out(sandbox):
    offer = factories.offer(units=1)
    factories.order(factories.basket(offer))
    with pytest.raises(OutOfStock) as caught:
        factories.order(factories.basket(offer))
    assert caught.value.free == 0
    assert caught.value.retry_at > timezone.now()


def test_closed_shop_sells_nothing(sandbox):
    offer = factories.offer()
    basket = factories.basket(offer)
    basket.shop.mediator_name = ""
    basket.shop.save()
    with pytest.raises(ShopClosed) as caught:
        factories.order(basket)
    assert caught.value.missing
    assert Order.objects.count() == 0


@pytest.mark.parametrize(("state", "reason"), [("archived", "archived"), ("draft", "gone")])
def test_withdrawn_offer_is_refused(sandbox, state, reason):
    offer = factories.offer()
    basket = factories.basket(offer)
    type(offer).objects.update(state=state)
    with pytest.raises(CannotBeSold) as caught:
        factories.order(basket)
    assert caught.value.reason == reason


def test_free_order_needs_no_stripe(sandbox, work):
    offer = factories.offer(price=0)
    basket = factories.basket(offer)
    basket.shop.delivery_methods.all()[0].rates.update(amount=0)
    order = factories.order(basket)
    work()
    order.refresh_from_db()
    assert (order.total, order.state) == (0, Order.State.PAID)
    assert Attempt.objects.count() == 0
    assert Parcel.objects.filter(order=order).count() == 1


def test_lost_answer_is_found_by_reconcile(sandbox):
    offer = factories.offer()
    order = factories.order(factories.basket(offer))
    attempt = order.attempts.get()
    gateway.open_session(attempt.params, attempt.idempotency_key)  # the answer never reached our table
    result = reconciling.run(everything=True)
    attempt.refresh_from_db()
    assert (result.repaired, attempt.state) == (1, Attempt.State.OPEN)
    assert attempt.session_id


def test_lost_webhook_is_found_by_reconcile(sandbox, work):
    order, attempt = begin()
    sandbox.outcome(session_of(attempt), "paid")
    result = reconciling.run(everything=True)
    order.refresh_from_db()
    assert (result.repaired, order.state) == (1, Order.State.PAID)
    assert order.events.get(kind="paid").data["found_by"] == "reconcile"
    assert reconciling.run(everything=True).repaired == 0


def test_session_that_ended_frees_the_units(sandbox):
    order, attempt = begin()
    sandbox.outcome(session_of(attempt), "expire")
    reconciling.run(everything=True)
    order.refresh_from_db()
    assert (order.state, Hold.objects.get().state) == (Order.State.LAPSED, Hold.State.RELEASED)


def test_late_money_holds_anew_or_calls_the_owner(sandbox, work):
    order, attempt = begin(units=1)
    sandbox.outcome(session_of(attempt), "paid")
    Order.objects.update(state=Order.State.LAPSED)
    stock.release(order)
    offer = order.lines.get().offer
    rival = factories.order(factories.basket(offer))
    orders.settle(session_of(attempt))
    work()
    order.refresh_from_db()
    assert (order.state, order.attention) == (Order.State.PAID, Order.Attention.OVERSOLD)
    assert rival.lines.get().holds.get().state == Hold.State.RESERVED
    assert not order.lines.get().holds.filter(state__in=["reserved", "kept"]).exists()


def test_late_money_with_units_free_is_an_ordinary_order(sandbox, work):
    order, attempt = begin(units=2)
    sandbox.outcome(session_of(attempt), "paid")
    Order.objects.update(state=Order.State.LAPSED)
    stock.release(order)
    orders.settle(session_of(attempt))
    order.refresh_from_db()
    assert (order.state, order.attention) == (Order.State.PAID, "")
    assert order.lines.get().holds.filter(state="kept").count() == 1


def paid_order(sandbox, work, **given) -> Order:
    order, attempt = begin(**given)
    sandbox.outcome(session_of(attempt), "paid")
    orders.settle(session_of(attempt))
    work()
    order.refresh_from_db()
    return order


def test_partial_refund_gives_back_units_and_money(sandbox, work):
    order = paid_order(sandbox, work, units=5, quantity=3)
    line = order.lines.get()
    refund = refunds.start(order, refunds.Wanted(units={line.pk: 1}))
    refunds.send(refund.pk)
    refunds.send(refund.pk)
    work()
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.refunded, order.state, line.refunded_quantity) == (2000, Order.State.PAID, 1)
    assert line.holds.get(state="kept").quantity == 2
    assert Parcel.objects.get().lines.get().quantity == 2
    assert gateway.amount_refunded(order.payments.get().intent_id) == 2000


def test_refund_never_exceeds_what_was_paid(sandbox, work):
    order = paid_order(sandbox, work)
    with pytest.raises(refunds.TooMuch) as caught:
        refunds.start(order, refunds.Wanted(shipping=order.shipping_amount + 1))
    assert caught.value.left == order.shipping_amount
    line = order.lines.get()
    with pytest.raises(refunds.TooMuch):
        refunds.start(order, refunds.Wanted(gestures={line.pk: line.amount + 1}))
    assert Refund.objects.count() == 0


def test_cancel_gives_everything_back(sandbox, work):
    order = paid_order(sandbox, work, units=5, quantity=2)
    refunds.cancel(order)
    work()
    order.refresh_from_db()
    pool = factories.stocked(order.lines.get().offer)
    assert (order.state, order.refunded) == (Order.State.CANCELLED, order.total)
    assert type(pool).objects.left([pool.pk])[pool.pk].free == 5
    assert Parcel.objects.count() == 0


def test_refund_in_the_dashboard_is_taken_in(sandbox, work):
    order = paid_order(sandbox, work)
    intent = order.payments.get().intent_id
    gateway.create_refund(intent, order.total, "made-elsewhere", {})
    refunds.record(intent)
    refunds.record(intent)
    order.refresh_from_db()
    assert (order.state, order.refunded) == (Order.State.REFUNDED, order.total)
    assert Refund.objects.count() == 1


def test_hold_of_an_open_order_is_asked_about_after_its_session(sandbox):
    order, attempt = begin()
    held = Hold.objects.get(line__order=order)
    assert held.ask_at == attempt.expires_at + timedelta(minutes=5)


def test_what_was_put_in_meanwhile_stays_in_the_basket(sandbox, work):
    first, second = factories.offer(), factories.offer()
    basket = factories.basket(first)
    order = factories.order(basket)
    attempt = order.attempts.get()
    checkout.open_attempt(attempt)
    cart.add(basket, second, 1)
    cart.add(basket, first, 2)
    sandbox.outcome(session_of(attempt), "paid")
    orders.settle(session_of(attempt))
    orders.settle(session_of(attempt))
    assert {line.offer: line.quantity for line in basket.lines.all()} == {first: 2, second: 1}
    basket.refresh_from_db()
    assert basket.is_ordered is False


def test_form_sent_again_with_other_goods_is_another_order(sandbox):
    token = uuid.uuid4()
    basket = factories.basket(factories.offer(price=2000))
    who = factories.buyer()

    def start(shown: int) -> Order:
        return checkout.start(basket, who, shown_total=shown, token=token)

    total = checkout.draft(basket.shop, checkout.wishes(basket), country="FR").total
    first = start(total)
    assert start(total) == first
    basket.lines.update(quantity=2)
    with pytest.raises(PriceChanged):
        start(total - 1)
    second = start(total + 2000)
    assert second != first
    assert second.total == total + 2000
