"""Years of a subscription on the stand-in's moved clock: what is taken, what is given, and nothing after the end."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from store import desk, gateway, reconciling, refunds, renewals, subscriptions, verify, webhooks
from store.models import Order, Payment, Subscription
from tests.kinds.models import Given
from tests.store.test_subscriptions import plan, subscribed

pytestmark = pytest.mark.django_db
DECLINED = "4000000000000341"
GOOD = "4242424242424242"
HANDLED = {kind for kind in gateway.EVENTS if kind.startswith(("customer.subscription", "invoice"))}


class Years:
    """Moves Stripe's clock and ours together, and hands on each new notice."""

    def __init__(self, standin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.standin, self.monkeypatch, self.seen = standin, monkeypatch, set[str]()
        self.now = datetime.fromtimestamp(standin.control("GET", "clock")["now"], UTC)

    def to(self, at: datetime) -> None:
        self.now = at
        self.standin.control("POST", "clock", set=int(at.timestamp()))
        self.monkeypatch.setattr(timezone, "now", lambda: self.now)
        self.hear()

    def on(self, **passed: Any) -> None:
        self.to(self.now + timedelta(**passed))

    def news(self) -> list[dict[str, Any]]:
        found = [event for event in self.standin.notices(*HANDLED) if event["id"] not in self.seen]
        self.seen |= {event["id"] for event in found}
        return found

    def hear(self) -> None:
        for event in self.news():
            webhooks.HANDLERS[event["type"]](event["data"]["object"]["id"])


@pytest.fixture
def years(sandbox, monkeypatch):
    return Years(sandbox, monkeypatch)


def taken(row: Subscription) -> list[int]:
    rows = Payment.objects.filter(order__lines__offer__interval="year").order_by("pk")
    return list(rows.values_list("amount", flat=True))


def test_three_renewals_each_make_one_order_with_its_receipt(sandbox, years, work):
    order, row = subscribed(sandbox)
    work()
    for _year in range(3):
        row.refresh_from_db()
        years.to(row.period_end + timedelta(hours=1))
        work()
        row.refresh_from_db()
        assert (row.status, row.is_open(years.now)) == ("active", True)

    assert taken(row) == [9000] * 4
    made = Order.objects.filter(origin=order)
    assert [renewal.state for renewal in made] == [Order.State.PAID] * 3
    assert all(renewal.mails.filter(key="receipt").count() == 1 for renewal in made)
    assert Given.objects.count() == 1
    renewals.bring(row)
    assert Order.objects.filter(origin=order).count() == 3
    assert [(check.name, check.breaches) for check in verify.checks() if check.breaches] == []


def test_failed_renewal_keeps_the_door_open_for_a_while_and_recovers(sandbox, years, work):
    order, row = subscribed(sandbox)
    work()
    sandbox.control("POST", f"subscriptions/{row.stripe_id}/card", card=DECLINED)
    years.to(row.period_end + timedelta(hours=1))
    work()
    row.refresh_from_db()
    assert (row.status, row.is_open(years.now), taken(row)) == ("past_due", True, [9000])
    assert [key for key in order.mails.values_list("key", flat=True) if key.startswith("late:")]
    assert [todo.kind for todo in desk.todo(row.shop, years.now)] == ["unpaid"]
    assert row.is_open(years.now + timedelta(days=6, hours=22)) is True
    assert row.is_open(years.now + timedelta(days=7)) is False

    years.on(days=2)
    sandbox.control("POST", f"subscriptions/{row.stripe_id}/card", card=GOOD)
    years.hear()
    row.refresh_from_db()
    assert (row.status, taken(row)) == ("active", [9000, 9000])


def test_renewal_that_never_comes_ends_it(sandbox, years, work):
    _order, row = subscribed(sandbox)
    sandbox.control("POST", f"subscriptions/{row.stripe_id}/card", card=DECLINED)
    years.to(row.period_end + timedelta(hours=1))
    for _day in range(20):
        years.on(days=1)
    row.refresh_from_db()
    assert (row.status, row.is_open(years.now), taken(row)) == ("canceled", False, [9000])
    years.on(days=800)
    assert taken(row) == [9000]


def test_cancelled_is_given_to_its_last_day_and_charged_no_more(sandbox, years, work):
    _order, row = subscribed(sandbox)
    subscriptions.cancel(row)
    work()
    years.to(row.period_end - timedelta(hours=1))
    row.refresh_from_db()
    assert row.is_open(years.now) is True
    years.on(hours=2)
    row.refresh_from_db()
    assert (row.status, row.is_open(years.now)) == ("canceled", False)
    years.on(days=800)
    assert taken(row) == [9000]
    assert subscriptions.resume(row) is False


def test_resumed_is_charged_again(sandbox, years, work):
    _order, row = subscribed(sandbox)
    subscriptions.cancel(row)
    work()
    subscriptions.resume(row)
    work()
    years.to(row.period_end + timedelta(hours=1))
    assert taken(row) == [9000, 9000]


def test_pause_takes_nothing_and_opens_nothing_beyond_what_was_paid(sandbox, years, work):
    _order, row = subscribed(sandbox, interval="month", price=900)
    subscriptions.pause(row, years.now + timedelta(days=100))
    work()
    row.refresh_from_db()
    assert row.is_open(years.now) is True
    years.to(row.period_end + timedelta(hours=1))
    row.refresh_from_db()
    assert (row.status, row.is_open(years.now)) == ("paused", False)
    for _week in range(20):
        years.on(days=7)
    row.refresh_from_db()
    assert (row.status, row.is_open(years.now)) == ("active", True)
    assert Payment.objects.filter(invoice_id__isnull=False).exists()


def test_other_plan_begins_with_the_next_period(sandbox, years, work):
    order, row = subscribed(sandbox)
    other = plan(price=12000, name="Grande carte")
    subscriptions.change(row, other)
    work()
    row.refresh_from_db()
    assert (row.offer_id != other.pk, row.next_offer) == (True, other)
    years.to(row.period_end + timedelta(hours=1))
    row.refresh_from_db()
    assert (row.offer, row.next_offer, taken(row)) == (other, None, [9000, 12000])
    assert Order.objects.get(origin=order).lines.get().title == "Grande carte"


def test_refund_of_a_renewal_ends_it(sandbox, years, work):
    order, row = subscribed(sandbox)
    work()
    years.to(row.period_end + timedelta(hours=1))
    work()
    renewal = Order.objects.get(origin=order)
    refunds.start(renewal, refunds.everything(renewal))
    work()
    row.refresh_from_db()
    renewal.refresh_from_db()
    assert (row.status, renewal.state, row.is_open(years.now)) == ("canceled", Order.State.REFUNDED, False)
    years.on(days=800)
    assert taken(row) == [9000, 9000]


@pytest.mark.parametrize("is_lost", [True, False])
def test_disputed_is_not_charged_again(sandbox, years, work, is_lost):
    order, row = subscribed(sandbox)
    work()
    intent = Payment.objects.get(order=order).intent_id
    charge = sandbox.api(f"/v1/payment_intents/{intent}")["latest_charge"]
    dispute = sandbox.control("POST", f"charges/{charge}/dispute")["id"]
    webhooks.dispute(dispute)
    work()
    row.refresh_from_db()
    assert (row.cancel_at_period_end, row.is_open(years.now)) == (True, True)
    sandbox.control("POST", f"disputes/{dispute}/{'lose' if is_lost else 'win'}")
    webhooks.dispute(dispute)
    work()
    row.refresh_from_db()
    assert row.is_open() is not is_lost
    years.on(days=800)
    assert taken(row) == [9000]
    row.refresh_from_db()
    assert row.status == "canceled"


def test_notices_in_any_order_end_alike(sandbox, years, work):
    _order, row = subscribed(sandbox)
    years.news()
    sandbox.control("POST", "clock", set=int((row.period_end + timedelta(hours=1)).timestamp()))
    news = [(event["type"], event["data"]["object"]["id"]) for event in years.news()]
    assert 2 <= len(news) <= 5
    for order in itertools.permutations(news):
        for kind, key in [*order, *order]:
            webhooks.HANDLERS[kind](key)
        row.refresh_from_db()
        assert (row.status, len(taken(row))) == ("active", 2)
        renewal = Order.objects.get(origin=row.line.order)
        assert renewal.payments.count() == 1
        renewal.events.all().delete()
        renewal.payments.all().delete()
        renewal.lines.all().delete()
        renewal.delete()


def test_missed_notices_are_caught_up_by_the_daily_look(sandbox, years, work):
    order, row = subscribed(sandbox)
    years.monkeypatch.setattr(years, "hear", lambda: None)
    years.to(row.period_end + timedelta(hours=3))
    reconciling.run(everything=True)
    assert Order.objects.filter(origin=order).count() == 1


def test_yearly_renewal_is_told_of_once_in_its_window(sandbox, years, work):
    order, row = subscribed(sandbox)
    work()
    for _week in range(52):
        years.on(days=7)
        if years.now < row.period_end:
            renewals.remind()
            work()
    keys = [key for key in order.mails.values_list("key", flat=True) if key.startswith("renewal:")]
    assert keys == [f"renewal:{row.period_end:%Y-%m-%d}"]


def test_second_subscription_of_a_line_is_ended(sandbox, work):
    order, row = subscribed(sandbox)
    _other, second = subscribed(sandbox)
    Subscription.objects.filter(pk=second.pk).delete()
    subscriptions.begin(order, gateway.read_subscription(second.stripe_id))
    work()
    assert gateway.read_subscription(second.stripe_id).ended_at is not None
    assert gateway.read_subscription(row.stripe_id).ended_at is None


def test_charge_after_the_end_stands_on_the_desk_and_goes_back(sandbox, years, work):
    order, row = subscribed(sandbox)
    work()
    ends = years.now + timedelta(hours=1)
    Subscription.objects.filter(pk=row.pk).update(ended_at=ends, status="canceled")
    years.to(row.period_end + timedelta(hours=1))
    work()
    late = Order.objects.get(origin=order)
    assert late.attention == Order.Attention.AFTER_END
    refunds.cancel(late)
    work()
    late.refresh_from_db()
    assert (late.refunded, gateway.amount_refunded(late.payments.get().intent_id)) == (9000, 9000)


def test_renewal_that_cannot_be_billed_stands_on_the_desk_once(sandbox, years, work):
    order, row = subscribed(sandbox)
    work()
    sandbox.control("POST", f"subscriptions/{row.stripe_id}/jam")
    for hours in (2, 4):
        years.to(row.period_end + timedelta(hours=hours))
        work()
    (event,) = sandbox.notices("invoice.finalization_failed")
    assert webhooks.invoice(event["data"]["object"]["id"]) == "done"
    order.refresh_from_db()
    assert (order.attention, order.concerns.count(), taken(row)) == ("unbilled", 1, [9000])
    assert order.mails.filter(key__startswith="alarm:").count() == 1
