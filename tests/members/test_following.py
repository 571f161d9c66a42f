"""A member's years on the stand-in's moved clock: the door is open on the days that are paid for, and on no other."""

from datetime import timedelta
from typing import Any

import pytest

from members.models import GRACE, Membership
from store import refunds, subscriptions, webhooks
from store.models import Offer, Order, Payment, Subscription
from tests import factories
from tests.store.test_renewals import DECLINED, GOOD, Years

pytestmark = pytest.mark.django_db


class Life:
    """One yearly member, followed day by day."""

    def __init__(self, sandbox: Any, monkeypatch: Any, work: Any) -> None:
        plan = factories.plan(interval="year", price=4000)
        self.order = factories.paid(sandbox, factories.basket(Offer.objects.get(pk=plan.offer_id)))
        self.work, self.sandbox = work, sandbox
        work()
        self.years = Years(sandbox, monkeypatch)

    @property
    def row(self) -> Subscription:
        return Subscription.objects.get(line__order=self.order)

    @property
    def is_in(self) -> bool:
        return Membership.objects.in_force(self.years.now).exists()

    @property
    def charges(self) -> int:
        return Payment.objects.count()

    def days(self, count: int, *, step: int = 1) -> list[bool]:
        """Whether the door is open on each of the days."""
        found = []
        for _day in range(0, count, step):
            self.years.on(days=step)
            self.work()
            found.append(self.is_in)
        return found

    def card(self, number: str) -> None:
        self.sandbox.control("POST", f"subscriptions/{self.row.stripe_id}/card", card=number)
        self.years.hear()
        self.work()


@pytest.fixture
def life(sandbox, monkeypatch, work):
    return Life(sandbox, monkeypatch, work)


def test_three_years_are_open_every_day(life):
    """By months between payments, day by day around each."""
    for year in range(3):
        assert all(life.days(350, step=35))
        assert all(life.days(16))
        assert life.charges == year + 2


def test_failure_keeps_the_door_for_the_grace_and_recovery_opens_it(life):
    life.card(DECLINED)
    life.years.to(life.row.period_end + timedelta(hours=1))
    assert life.is_in
    open_days = life.days(GRACE.days + 2)
    assert open_days == [True] * (GRACE.days - 1) + [False] * 3
    life.card(GOOD)
    assert (life.is_in, life.charges) == (True, 2)


def test_cancelled_leaves_on_the_last_day_paid(life):
    subscriptions.cancel(life.row)
    life.work()
    last = life.row.period_end
    life.years.to(last - timedelta(minutes=1))
    assert life.is_in
    life.years.to(last + timedelta(minutes=1))
    assert not life.is_in
    assert not any(life.days(800, step=40))
    assert life.charges == 1


def test_resumed_stays(life):
    subscriptions.cancel(life.row)
    life.work()
    subscriptions.resume(life.row)
    life.work()
    assert all([*life.days(350, step=35), *life.days(16)])
    assert life.charges == 2


def test_refund_and_lost_dispute_shut_the_door_at_once(life):
    refunds.start(life.order, refunds.everything(life.order))
    life.work()
    assert not any([life.is_in, *life.days(400, step=40)])
    assert life.charges == 1


def test_lost_dispute_of_a_renewal_shuts_the_door(life):
    life.years.to(life.row.period_end + timedelta(hours=1))
    life.work()
    intent = Payment.objects.get(order=Order.objects.get(origin=life.order)).intent_id
    charge = life.sandbox.api(f"/v1/payment_intents/{intent}")["latest_charge"]
    dispute = life.sandbox.control("POST", f"charges/{charge}/dispute")["id"]
    webhooks.dispute(dispute)
    life.work()
    assert life.is_in
    life.sandbox.control("POST", f"disputes/{dispute}/lose")
    webhooks.dispute(dispute)
    life.work()
    assert not any([life.is_in, *life.days(800, step=80)])
    assert life.charges == 2
