"""A person's data in the club: handed over, and let go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members import joining, privacy
from members.models import Membership
from store.models import OrderLine, Subscription
from tests import factories
from tests.members.test_joining import bought_monthly

pytestmark = pytest.mark.django_db


def test_who_has_their_account_erased_pays_no_more_and_belongs_no_more() -> None:
    plan, person = factories.plan(interval="month"), factories.person()
    line = OrderLine.objects.get(pk=bought_monthly(plan, person))
    joining.grant(line)
    now = timezone.now()
    Subscription.objects.create(
        shop=plan.offer.shop, line=line, user=person, offer=plan.offer, stripe_id="sub_1", status="active",
        period_start=now, period_end=now + timedelta(days=30),
    )  # fmt: skip
    number = factories.membership(person).number

    assert privacy.export(person)["memberships"][0]["number"] == number
    privacy.erase(person)
    privacy.erase(person)

    row, held = Subscription.objects.get(), Membership.objects.get()
    assert (row.ended_at is None, row.wish) == (False, "end")
    assert (held.user, held.email, held.name, held.state) == (None, "", "", "ended")
