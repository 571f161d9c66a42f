"""Ending before the period does: how much goes back, and who may ask for it without being asked why."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from members import leaving
from members.models import Membership
from store import desk, gateway, parting, renewals, verify, withdrawal
from store.models import MailSent, Offer, Order, Refund, Subscription
from tests import factories
from tests.store.test_renewals import Years

pytestmark = pytest.mark.django_db


class Yearly:
    """Somebody who belongs by the year; `renew` lets a year pass, with the legal mail or without it."""

    def __init__(self, sandbox: Any, monkeypatch: Any, work: Any) -> None:
        self.user = factories.person(email="lea@example.org")
        plan = factories.plan(interval="year", price=7300)
        basket = factories.basket(Offer.objects.get(pk=plan.offer_id))
        self.order = factories.paid(sandbox, basket, user=self.user, email=self.user.email)
        work()
        self.work, self.years = work, Years(sandbox, monkeypatch)

    @property
    def row(self) -> Subscription:
        return Subscription.objects.get()

    def renew(self, *, told: bool) -> Order:
        ends = self.row.period_end
        self.years.to(ends - timedelta(days=60))
        if told:
            renewals.remind()
            self.work()
            MailSent.objects.filter(key__startswith="renewal:").update(at=timezone.now())
        self.years.to(ends - timedelta(days=20))
        self.years.to(ends + timedelta(hours=2))
        self.work()
        return Order.objects.get(origin=self.order)


@pytest.fixture
def yearly(sandbox, monkeypatch, work):
    return Yearly(sandbox, monkeypatch, work)


def sound() -> list[Any]:
    return [breach for invariant in verify.checks() for breach in invariant.breaches]


def test_first_year_is_bound_and_a_year_told_of_too(yearly):
    assert parting.is_free_to_leave(yearly.row) is False
    yearly.renew(told=True)
    assert parting.is_free_to_leave(yearly.row) is False


def test_notice_after_its_window_counts_as_none(yearly):
    ends = yearly.row.period_end
    MailSent.objects.create(order=yearly.order, key=renewals.notice_key(ends))
    for days, counts in ((95, False), (89, True), (32, True), (20, False)):
        MailSent.objects.filter(key=renewals.notice_key(ends)).update(at=ends - timedelta(days=days))
        Subscription.objects.update(period_start=ends, period_end=ends + timedelta(days=365))
        assert parting.is_free_to_leave(yearly.row) is not counts, days
        Subscription.objects.update(period_start=ends - timedelta(days=365), period_end=ends)


def test_owner_is_told_before_the_renewal(yearly):
    shop = yearly.row.shop
    ends = yearly.row.period_end
    yearly.years.to(ends - timedelta(days=40))
    assert [todo.kind for todo in desk.todo(shop, yearly.years.now)] == []
    yearly.years.to(ends - timedelta(days=20))
    assert [todo.kind for todo in desk.todo(shop, yearly.years.now)] == ["untold"]


def test_untold_member_leaves_at_once_with_the_days_that_are_left(yearly, sandbox):
    renewal = yearly.renew(told=False)
    yearly.years.on(days=73)
    mail.outbox.clear()
    number = Membership.objects.get().number
    said = leaving.Notice("Léa", "lea@example.org", number, "fr")
    notice = leaving.declare(yearly.row.shop, said, Membership.objects.get().token)
    yearly.work()
    row = yearly.row
    refund = Refund.objects.get()
    assert (row.is_alive, refund.order, refund.state) == (False, renewal, Refund.State.SUCCEEDED)
    assert 5800 <= refund.amount <= 5850
    assert gateway.read_subscription(row.stripe_id).ended_at is not None
    assert Membership.objects.in_force(yearly.years.now).exists() is False
    notice.refresh_from_db()
    assert notice.is_at_once
    assert any("terminé dès maintenant" in letter.body for letter in mail.outbox)
    assert sound() == []


def test_told_member_leaves_with_the_period_and_nothing_goes_back(yearly):
    yearly.renew(told=True)
    said = leaving.Notice("Léa", "lea@example.org", Membership.objects.get().number, "fr")
    leaving.declare(yearly.row.shop, said, Membership.objects.get().token)
    yearly.work()
    assert (yearly.row.is_alive, yearly.row.cancel_at_period_end, Refund.objects.count()) == (True, True, 0)


def test_account_shows_it_and_acts_on_it_once(yearly, client):
    yearly.renew(told=False)
    client.force_login(yearly.user)
    url = reverse("members:renewing", args=[yearly.row.pk])
    assert "sans frais" in client.get(url).content.decode()
    assert "sous trente jours" in client.post(url, {"do": "part"}).content.decode()
    for _time in range(2):
        client.post(url, {"do": "part", "confirm": "1"})
    yearly.work()
    assert (yearly.row.is_alive, Refund.objects.count()) == (False, 1)


def test_renewal_gives_no_right_to_withdraw_and_its_receipt_says_nothing_of_it(yearly):
    assert withdrawal.deadline(yearly.order).exists is True
    mail.outbox.clear()
    renewal = yearly.renew(told=True)
    assert withdrawal.deadline(renewal).exists is False
    receipt = next(letter for letter in mail.outbox if renewal.number in letter.subject + letter.body)
    assert receipt.attachments == []
    said = receipt.body.lower() + receipt.alternatives[0].content.lower()
    assert "vous changez d’avis" not in said
    assert "l221-28" not in said


def test_unused_part_is_counted_to_the_second_and_never_above_what_is_left(yearly):
    row = yearly.row
    assert parting.unused(row, row.period_start) == 7300
    assert parting.unused(row, row.period_end) == 0
    half = row.period_start + (row.period_end - row.period_start) / 2
    assert parting.unused(row, half) == 3650
    parting.part(row, 3650)
    assert parting.part(row, 3650) is None
    assert parting.unused(row, row.period_start) == 3650
