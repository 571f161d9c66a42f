"""Many workers on one membership: it begins once."""

import pytest

from members import joining, verify
from members.models import Grant, Membership
from tests import factories
from tests.members.test_joining import bought
from tests.races.crowd import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_one_line_fulfilled_by_many_is_one_membership() -> None:
    line = bought(factories.plan(), email="lea@example.org")

    answers = together(8, lambda _number: joining.grant(line))

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert (Membership.objects.count(), Grant.objects.count()) == (1, 1)


def test_two_orders_of_one_person_at_once_are_one_longer_membership() -> None:
    plan = factories.plan(months=12)
    lines = [bought(plan, email=email) for email in ("lea@example.org", "Lea@example.org", "LEA@example.org")]

    answers = together(3, lambda number: joining.grant(lines[number]))

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    row = Membership.objects.get()
    assert row.grants.count() == 3
    assert row.ends_at is not None
    assert 1094 <= (row.ends_at - row.starts_at).days <= 1097
    assert [check for check in verify.checks() if check.breaches] == []
