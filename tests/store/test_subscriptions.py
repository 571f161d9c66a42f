"""Subscriptions against the stand-in of Stripe, over real HTTP: the first payment, and what is asked of them."""

from typing import Any

import pytest

from store import cart, checkout, gateway, orders, reconciling, refunds, subscriptions, wants, webhooks
from store.exceptions import CannotBeSold, StripeUnavailable
from store.models import Offer, Order, Payment, Subscription
from tests import factories
from tests.kinds.models import Given, Hour

pytestmark = pytest.mark.django_db


def plan(interval: str = "year", price: int = 9000, **fields: Any) -> Offer:
    offer = factories.hour(price=price, legal="membership", **fields)
    Offer.objects.filter(pk=offer.pk).update(interval=interval)
    return Offer.objects.get(pk=offer.pk)


def subscribed(standin: Any, *others: Offer, **fields: Any) -> tuple[Order, Subscription]:
    order = factories.paid(standin, factories.basket(plan(**fields), *others))
    return order, Subscription.objects.get(line__order=order)


def test_paid_session_makes_one_subscription_and_one_payment(sandbox, work):
    order, row = subscribed(sandbox, factories.offer(units=5, price=2000))
    attempt = order.attempts.get()
    orders.settle(attempt.session_id)
    work()

    assert (order.state, row.status, row.line.offer.interval) == (Order.State.PAID, "active", "year")
    assert attempt.params["mode"] == "subscription"
    assert attempt.params["subscription_data"]["metadata"]["attempt"] == str(attempt.public_id)
    assert not {"payment_intent_data", "customer_creation", "shipping_options"} & set(attempt.params)
    assert attempt.params["excluded_payment_method_types"] == ["sepa_debit"]
    items = attempt.params["line_items"]
    assert [bool(item["price_data"].get("recurring")) for item in items] == [True, False, False]
    payment = Payment.objects.get(order=order)
    assert (payment.amount, payment.intent_id is not None) == (order.total, True)
    assert Given.objects.get().line == row.line
    assert (row.period_end - row.period_start).days in {365, 366}


def test_basket_holds_one_subscription_of_one_unit():
    yearly = plan()
    basket = factories.basket(yearly)

    with pytest.raises(CannotBeSold) as second:
        cart.add(basket, plan("month"), 1)
    with pytest.raises(CannotBeSold) as twice:
        cart.add(basket, yearly, 1)
    with pytest.raises(CannotBeSold) as changed:
        cart.change(basket, basket.lines.get().pk, 2)

    assert [error.value.reason for error in (second, twice, changed)] == ["one_recurring"] * 3


def test_beside_a_subscription_stand_twenty_lines_with_delivery():
    one = wants.Wish(plan(), 1)
    goods = [wants.Wish(factories.offer(), 1) for _time in range(1)] * 20

    wants.fit([one, *goods])
    wants.fit([*goods, *goods])
    with pytest.raises(CannotBeSold):
        wants.fit([one, *goods], shipped=True)


def test_cancel_and_resume_reach_stripe(sandbox, work):
    _order, row = subscribed(sandbox)

    assert subscriptions.cancel(row) is True
    assert subscriptions.cancel(row) is False
    work()
    row.refresh_from_db()
    assert (row.cancel_at_period_end, row.wish, row.is_open()) == (True, "", True)
    assert gateway.read_subscription(row.stripe_id).cancel_at_period_end is True

    assert subscriptions.resume(row) is True
    work()
    row.refresh_from_db()
    assert (row.cancel_at_period_end, row.wish) == (False, "")
    assert gateway.read_subscription(row.stripe_id).cancel_at_period_end is False


def test_what_was_asked_stands_while_stripe_is_down(sandbox, work):
    _order, row = subscribed(sandbox)
    work()
    sandbox.control(
        "POST", "faults", kind="error", status=500, when="before", method="POST", path="/v1/subscriptions/*", count=9
    )
    subscriptions.cancel(row)
    with pytest.raises(StripeUnavailable):
        subscriptions.send(row.pk)
    subscriptions.follow(row.stripe_id)
    row.refresh_from_db()
    assert (row.cancel_at_period_end, row.wish) == (True, "cancel")

    sandbox.control("DELETE", "faults")
    subscriptions.send(row.pk)
    row.refresh_from_db()
    assert (row.wish, gateway.read_subscription(row.stripe_id).cancel_at_period_end) == ("", True)


def test_refund_of_the_line_ends_it(sandbox, work):
    order, row = subscribed(sandbox)
    work()
    refunds.start(order, refunds.everything(order))
    work()

    row.refresh_from_db()
    assert (row.status, row.wish, row.is_open()) == ("canceled", "", False)
    assert gateway.read_subscription(row.stripe_id).ended_at is not None
    assert Given.objects.get().quantity == 0


def test_notice_before_the_session_settles_it(sandbox, work):
    placed = factories.order(factories.basket(plan()))
    attempt = placed.attempts.get()
    session = checkout.open_attempt(attempt)
    sandbox.outcome(session.session_id, "paid")
    stripe_id = sandbox.api(f"/v1/checkout/sessions/{session.session_id}")["subscription"]

    assert webhooks.subscription(stripe_id) == "done"
    placed.refresh_from_db()
    assert (placed.state, Subscription.objects.get().stripe_id) == (Order.State.PAID, stripe_id)


def test_daily_look_finds_what_no_notice_told(sandbox, work):
    _order, row = subscribed(sandbox)
    gateway.end_subscription(row.stripe_id)
    Subscription.objects.update(checked_at=row.checked_at - 2 * subscriptions.DAY)
    reconciling.run(everything=True)
    row.refresh_from_db()
    assert row.status == "canceled"


@pytest.mark.parametrize("comes", [True, False])
def test_delayed_first_payment_begins_it_or_ends_it(sandbox, work, comes):
    goods = plan()
    placed = factories.order(factories.basket(goods))
    attempt = placed.attempts.get()
    attempt.params.pop("excluded_payment_method_types")
    attempt.save()
    session = checkout.open_attempt(attempt).session_id
    sandbox.outcome(session, "async_pending")
    orders.settle(session)
    placed.refresh_from_db()
    assert (placed.state, Subscription.objects.count(), Hour.excludes_delayed) == (Order.State.PENDING, 0, True)
    stripe_id = sandbox.api(f"/v1/checkout/sessions/{session}")["subscription"]
    sandbox.outcome(session, "async_succeed" if comes else "async_fail")
    orders.settle(session)
    work()
    placed.refresh_from_db()
    assert placed.state == (Order.State.PAID if comes else Order.State.LAPSED)
    assert Subscription.objects.count() == comes
    assert (gateway.read_subscription(stripe_id).ended_at is None) is comes
