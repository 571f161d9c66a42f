"""What is asked of a subscription: written down first, taken to Stripe later, never undone by an outage or an old reading."""

from datetime import timedelta
from typing import Any

import pytest

from store import gateway, pricing, renewals, subscriptions
from store.exceptions import CannotBeSold, StripeUnavailable
from store.models import Order, Payment, Subscription
from tests.store.test_renewals import Years
from tests.store.test_subscriptions import plan, subscribed

pytestmark = pytest.mark.django_db


@pytest.fixture
def years(sandbox, monkeypatch):
    return Years(sandbox, monkeypatch)


def down(standin: Any, method: str = "POST") -> None:
    standin.control(
        "POST", "faults", kind="error", status=500, when="before", method=method, path="/v1/subscriptions/*", count=99
    )


def amount_at_stripe(standin: Any, row: Subscription) -> int:
    price = standin.api(f"/v1/subscriptions/{row.stripe_id}")["items"]["data"][0]["price"]
    return int(price["unit_amount"])


def test_change_is_written_down_and_waits_for_stripe(sandbox, work):
    _order, row = subscribed(sandbox)
    work()
    other = plan(price=12000, name="Grande carte")
    down(sandbox)
    subscriptions.change(row, other)
    with pytest.raises(StripeUnavailable):
        subscriptions.send(row.pk)
    row.refresh_from_db()
    assert (row.next_offer, row.next_amount, row.is_plan_asked) == (other, 12000, True)

    pricing.set_price(other, 15000)
    sandbox.control("DELETE", "faults")
    subscriptions.send(row.pk)
    subscriptions.send(row.pk)
    row.refresh_from_db()
    assert (row.next_offer, row.is_plan_asked, amount_at_stripe(sandbox, row)) == (other, False, 12000)
    assert renewals.coming(row) == 12000


def test_death_after_the_change_leaves_both_on_the_same_plan(sandbox, years, work, monkeypatch):
    order, row = subscribed(sandbox)
    work()
    other = plan(price=12000, name="Grande carte")
    subscriptions.change(row, other)
    monkeypatch.setattr(subscriptions, "_insist", lambda _row: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        subscriptions.send(row.pk)
    Subscription.objects.update(next_offer=None, next_amount=None, is_plan_asked=False)
    subscriptions.follow(row.stripe_id)
    row.refresh_from_db()
    assert (row.next_offer, amount_at_stripe(sandbox, row)) == (other, 12000)
    years.to(row.period_end + timedelta(hours=1))
    row.refresh_from_db()
    assert (row.offer, row.next_offer, Order.objects.get(origin=order).lines.get().offer) == (other, None, other)


def test_change_taken_back_leaves_the_price_that_is_paid(sandbox, years, work):
    _order, row = subscribed(sandbox)
    work()
    mine = row.offer
    subscriptions.change(row, plan(price=12000, name="Grande carte"))
    work()
    pricing.set_price(mine, 9900)
    subscriptions.change(row, mine)
    work()
    row.refresh_from_db()
    assert (row.next_offer, row.is_plan_asked, amount_at_stripe(sandbox, row)) == (None, False, 9000)
    years.to(row.period_end + timedelta(hours=1))
    row.refresh_from_db()
    assert (row.offer, list(Payment.objects.order_by("pk").values_list("amount", flat=True))) == (mine, [9000, 9000])


def test_change_asked_twice_is_one_and_another_rhythm_is_refused(sandbox, work):
    _order, row = subscribed(sandbox)
    other = plan(price=12000, name="Grande carte")
    subscriptions.change(row, other)
    subscriptions.change(row, other)
    assert row.line.order.events.filter(kind="subscription", data__offer=other.pk).count() == 1
    with pytest.raises(CannotBeSold):
        subscriptions.change(row, plan("month"))


def test_change_that_comes_after_the_renewal_counts_from_the_next(sandbox, years, work):
    order, row = subscribed(sandbox)
    work()
    other = plan(price=12000, name="Grande carte")
    down(sandbox)
    subscriptions.change(row, other)
    sandbox.control("DELETE", "faults")
    years.to(row.period_end + timedelta(hours=1))
    row.refresh_from_db()
    assert (row.offer_id != other.pk, row.next_offer, row.is_plan_asked) == (True, other, True)
    work()
    years.to(row.period_end + timedelta(hours=1))
    row.refresh_from_db()
    assert (row.offer, row.next_offer) == (other, None)
    assert [one.total for one in Order.objects.filter(origin=order).order_by("pk")] == [9000, 12000]


def test_pause_and_its_end_wait_for_stripe(sandbox, work, years):
    _order, row = subscribed(sandbox, interval="month", price=900)
    work()
    until = years.now + timedelta(days=60)
    down(sandbox)
    assert subscriptions.pause(row, until) is True
    with pytest.raises(StripeUnavailable):
        subscriptions.send(row.pk)
    subscriptions.follow(row.stripe_id)
    row.refresh_from_db()
    assert (row.paused_until is not None, row.is_pause_asked, row.goes_on) == (True, True, False)
    sandbox.control("DELETE", "faults")
    subscriptions.send(row.pk)
    row.refresh_from_db()
    assert (row.is_pause_asked, gateway.read_subscription(row.stripe_id).paused_until) == (False, row.paused_until)

    assert subscriptions.unpause(row) is True
    assert subscriptions.unpause(row) is False
    work()
    row.refresh_from_db()
    assert (row.paused_until, row.is_pause_asked, row.goes_on) == (None, False, True)
    assert gateway.read_subscription(row.stripe_id).paused_until is None


def test_who_leaves_cannot_pause(sandbox, work, years):
    _order, row = subscribed(sandbox)
    subscriptions.cancel(row)
    assert subscriptions.pause(row, years.now + timedelta(days=60)) is False


def test_older_reading_never_takes_a_later_period_back(sandbox, work, monkeypatch, years):
    _order, row = subscribed(sandbox)
    work()
    read, slow = gateway.read_subscription, []

    def reading(stripe_id: str) -> gateway.SubscriptionState:
        said = read(stripe_id)
        if not slow:
            slow.append(1)
            years.to(row.period_end + timedelta(hours=1))
        return said

    monkeypatch.setattr(gateway, "read_subscription", reading)
    subscriptions.follow(row.stripe_id)
    began = row.period_end
    row.refresh_from_db()
    assert row.period_start == began


def test_word_taken_back_while_on_its_way_is_taken_back_at_stripe(sandbox, work, monkeypatch):
    """Cancel is on the wire; resume comes in and finds Stripe still going on; then cancel lands."""
    _order, row = subscribed(sandbox)
    work()
    subscriptions.cancel(row)
    tell = gateway.change_subscription

    def wire(stripe_id: str, values: dict[str, Any]) -> None:
        monkeypatch.setattr(gateway, "change_subscription", tell)
        subscriptions.resume(row)
        subscriptions.follow(stripe_id)
        tell(stripe_id, values)

    monkeypatch.setattr(gateway, "change_subscription", wire)
    subscriptions.send(row.pk)
    work()
    row.refresh_from_db()
    assert (row.cancel_at_period_end, row.wish) == (False, "")
    assert gateway.read_subscription(row.stripe_id).cancel_at_period_end is False
