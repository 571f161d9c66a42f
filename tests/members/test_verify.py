"""Each invariant of the club is clean after real memberships, and says so when it is broken."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from members import joining, leaving, verify
from members.models import Grant, Membership, Termination
from store import subscriptions
from store.models import Order, OrderLine, Subscription
from tests import factories
from tests.members.test_joining import bought, bought_monthly

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(hours=5)


def broken() -> set[str]:
    return {check.name for check in verify.checks() if check.breaches}


@pytest.fixture
def club() -> OrderLine:
    """Somebody who bought a year, somebody let in, and one whose monthly one was paid back."""
    plan = factories.plan()
    factories.member(plan.tier)
    line = bought(plan, email="lea@example.org")
    joining.grant(line)
    over = bought(factories.plan(factories.tier("mecene")), email="paul@example.org")
    joining.grant(over)
    joining.revoke(over)
    return line


def test_checks_are_clean_after_all_that_may_happen(club: OrderLine) -> None:
    assert broken() == set()


def not_granted(_line: OrderLine) -> None:
    Grant.objects.exclude(line=None).delete()
    Order.objects.update(paid_at=LONG_AGO)


def ended_subscription(_line: OrderLine) -> None:
    person = factories.person()
    plan = factories.plan(factories.tier("mois"), interval="month")
    line = OrderLine.objects.get(pk=bought_monthly(plan, person))
    joining.grant(line)
    Subscription.objects.create(
        shop=plan.offer.shop, line=line, offer=plan.offer, stripe_id="sub_1", status="canceled", ended_at=LONG_AGO,
        period_start=LONG_AGO, period_end=LONG_AGO,
    )  # fmt: skip


def paying_unsaid(_line: OrderLine) -> None:
    factories.renewing()
    Membership.objects.update(renews=False)


def charged_after_notice(_line: OrderLine) -> None:
    row = factories.renewing()
    said = leaving.Notice("Léa", row.line.order.email, row.line.order.number, "fr")
    leaving.declare(row.shop, said, uuid.uuid4())
    assert broken() == set()
    subscriptions.resume(row)
    assert broken() == set()
    Termination.objects.update(received_at=timezone.now() + timedelta(seconds=1))


def unconfirmed(line: OrderLine) -> None:
    Termination.objects.create(
        shop=line.order.shop,
        token=uuid.uuid4(),
        name="Léa",
        email="lea@example.org",
        contract="A",
        received_at=LONG_AGO,
    )


BREAKS: dict[str, Callable[[OrderLine], Any]] = {
    "whoever belongs was let in or bought it": lambda _l: Grant.objects.update(revoked_at=timezone.now()),
    "a membership that was bought was paid": lambda _l: Order.objects.update(paid_at=None),
    "what was paid back gives nothing": lambda _l: OrderLine.objects.update(refunded_quantity=1),
    "every paid membership is somebody's": not_granted,
    "what renews itself has a living subscription": ended_subscription,
    "what is paid for again and again says so": paying_unsaid,
    "a notice to end a contract ended its subscription": charged_after_notice,
    "a membership's state and end agree": lambda _l: Membership.objects.filter(state="active").update(ends_at=LONG_AGO),
    "notices to end a contract are confirmed": unconfirmed,
}


def test_every_invariant_is_broken_here() -> None:
    assert set(BREAKS) == {name for name, _find in verify.INVARIANTS}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_checks_name_what_is_broken(club: OrderLine, name: str) -> None:
    BREAKS[name](club)
    assert name in broken()
