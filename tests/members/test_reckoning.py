"""Until when somebody belongs, on dates: a subscription, a gift, both in each order, paid back, let in for good."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from members import joining, verify
from members.models import GRACE, Membership
from store.models import OrderLine, Subscription
from tests import factories

pytestmark = pytest.mark.django_db
EMAIL = "lea@example.org"
At = Callable[..., datetime]


def day(year: int, month: int, of_month: int = 10) -> datetime:
    return datetime(year, month, of_month, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Puts our clock to a day."""

    def put(*date: int) -> datetime:
        monkeypatch.setattr(timezone, "now", lambda: day(*date))
        return day(*date)

    return put


def joined(until: datetime) -> Subscription:
    """Léa pays from now on, for the period that ends then."""
    row = factories.renewing(to="ami", interval="year", email=EMAIL)
    return read(row, until)


def read(row: Subscription, until: datetime, **said: object) -> Subscription:
    """Its running period ends then, as Stripe says."""
    row.period_end = until
    for name, value in said.items():
        setattr(row, name, value)
    row.save()
    joining.follow(row.line, row)
    return row


def gift(months: int = 12) -> OrderLine:
    order = factories.order(factories.basket(factories.plan(months=months).offer), email="giver@example.org")
    order.mark_paid()
    line = order.lines.get()
    line.details = {"gift_email": EMAIL, "gift_name": "Léa"}
    line.save()
    joining.grant(line)
    return line


def stands() -> tuple[bool, datetime | None]:
    """(renews itself, until when); nothing that `verify` holds true is broken."""
    assert [(check.name, check.breaches) for check in verify.checks() if check.breaches] == []
    row = Membership.objects.get()
    return row.renews, row.ends_at


def test_a_gift_waits_for_the_end_of_what_is_paid_and_clears_nothing(at: At) -> None:
    at(2027, 1)
    row = joined(day(2028, 1))
    at(2027, 3)
    gift()
    assert stands() == (True, day(2029, 1) + GRACE)

    at(2028, 1)
    read(row, day(2029, 1), period_start=day(2028, 1))
    assert stands() == (True, day(2030, 1) + GRACE)
    read(row, day(2029, 1), cancel_at_period_end=True)
    assert stands() == (False, day(2030, 1))
    at(2029, 1, 11)
    read(row, day(2029, 1), status="canceled", ended_at=day(2029, 1))
    assert stands() == (False, day(2030, 1))


def test_a_card_that_is_refused_leaves_the_gift(at: At) -> None:
    at(2027, 1)
    row = joined(day(2028, 1))
    gift()
    now = at(2028, 2)
    read(row, day(2029, 1), status="unpaid", period_start=day(2028, 1))
    assert Membership.objects.get().is_in_force(now)
    assert Membership.objects.get().renews is False


def test_a_gift_that_runs_stops_while_one_pays_and_goes_on_after(at: At) -> None:
    at(2027, 1)
    gift()
    assert stands() == (False, day(2028, 1))
    at(2027, 3)
    row = joined(day(2027, 6))
    days_left = day(2028, 1) - day(2027, 3)
    assert stands() == (True, day(2027, 6) + GRACE + days_left)
    read(row, day(2027, 6), cancel_at_period_end=True)
    assert stands() == (False, day(2027, 6) + days_left)


def test_two_gifts_run_one_after_the_other(at: At) -> None:
    at(2027, 1)
    gift(months=6)
    gift(months=12)
    assert stands() == (False, day(2028, 7))
    at(2027, 9)
    row = joined(day(2027, 12))
    read(row, day(2027, 12), cancel_at_period_end=True)
    assert stands() == (False, day(2028, 7) + (day(2027, 12) - day(2027, 9)))


def test_who_left_and_joined_again_at_once_has_the_gift_once(at: At) -> None:
    at(2027, 1)
    gift()
    at(2027, 2)
    first = joined(day(2027, 6))
    read(first, day(2027, 6), cancel_at_period_end=True)
    at(2027, 5)
    second = joined(day(2027, 8))
    assert stands()[0] is True
    read(second, day(2027, 8), cancel_at_period_end=True)
    assert stands() == (False, day(2027, 8) + (day(2028, 1) - day(2027, 2)))


def test_a_gift_paid_back_leaves_what_is_paid(at: At) -> None:
    at(2027, 1)
    row = joined(day(2028, 1))
    line = gift()
    at(2027, 2)
    joining.revoke(line)
    joining.revoke(line)
    assert stands() == (True, day(2028, 1) + GRACE)
    read(row, day(2028, 1), cancel_at_period_end=True)
    assert stands() == (False, day(2028, 1))


def test_a_subscription_paid_back_leaves_the_gift_whole(at: At) -> None:
    at(2027, 1)
    row = joined(day(2028, 1))
    gift()
    now = at(2027, 6)
    read(row, day(2028, 1), status="canceled", ended_at=now)
    joining.revoke(row.line)
    assert stands() == (False, day(2028, 6))


@pytest.mark.parametrize("pays", [True, False])
def test_let_in_for_good_has_no_end_whatever_was_dated(at: At, pays: bool) -> None:
    at(2027, 1)
    if pays:
        joined(day(2028, 1))
    else:
        gift()
    tier = Membership.objects.get().tier
    joining.comp(tier, EMAIL, months=0)
    assert stands() == (pays, None)
    joining.comp(tier, EMAIL, months=3)
    at(2040, 1)
    assert joining.sweep() == 0
    assert Membership.objects.get().is_in_force()


def test_a_pause_is_no_end_and_lets_a_gift_run(at: At) -> None:
    at(2027, 1)
    row = joined(day(2027, 2))
    at(2027, 3)
    read(row, day(2027, 4), period_start=day(2027, 2), status="paused", paused_until=day(2027, 5))
    assert joining.sweep() == 0
    assert Membership.objects.get().state == Membership.State.PAUSED
    gift(months=1)
    assert stands() == (False, day(2027, 4))
    assert Membership.objects.get().is_in_force(day(2027, 4) - timedelta(minutes=1))


def test_the_owner_ends_what_renews_too(at: At) -> None:
    at(2027, 1)
    row = joined(day(2028, 1))
    gift()
    now = at(2027, 2)
    assert joining.end(Membership.objects.get())
    assert not joining.end(Membership.objects.get())
    row.refresh_from_db()
    assert (row.is_alive, stands()) == (False, (False, now))
    joining.follow(row.line, row)
    assert stands() == (False, now)
