"""Who belongs and why: bought, given, let in, paid back, followed through a subscription."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from members import joining
from members.models import Grant, Membership
from store import checkout
from store.exceptions import CannotBeSold
from store.models import Order, OrderLine, Subscription
from tests import factories

pytestmark = pytest.mark.django_db


def bought(plan, user=None, **fields) -> OrderLine:
    """A paid line of that plan, without Stripe: the order is marked as paid."""
    order = factories.order(factories.basket(plan.offer), user=user, **fields)
    order.mark_paid()
    return order.lines.get()


def test_a_term_begins_once_and_a_second_one_makes_it_longer() -> None:
    plan, person = factories.plan(months=12), factories.person()
    first = bought(plan, person, email=person.email)
    joining.grant(first)
    joining.grant(first)
    held = factories.membership(person)
    before = held.ends_at
    joining.grant(bought(plan, person, email=person.email))
    held.refresh_from_db()

    assert held.grants.count() == 2
    assert 364 <= (held.ends_at - before).days <= 366
    assert person.audiences() == {"member", "tier:ami"}


def test_a_guests_membership_waits_for_the_proof_of_the_address() -> None:
    joining.grant(bought(factories.plan(), email="Lea@Example.org"))
    row = Membership.objects.get()
    person = factories.person(email="lea@example.org")

    assert row.user is None
    assert joining.claim(person, "lea@example.org") == 1
    assert joining.claim(person, "lea@example.org") == 0
    assert person.audiences() == {"member", "tier:ami"}


def test_a_gift_is_the_givens_and_not_the_givers() -> None:
    giver, given = factories.person(), factories.person(email="amie@example.org")
    line = bought(factories.plan(), giver, email=giver.email)
    line.details = {"gift_email": "amie@example.org", "gift_name": "Amie"}
    line.save()
    joining.grant(line)

    assert giver.audiences() == frozenset()
    assert given.audiences() == {"member", "tier:ami"}
    assert Grant.objects.get().reason == Grant.Reason.GIFT


def test_paid_back_it_ends_and_what_the_house_gave_stays() -> None:
    plan, person = factories.plan(months=6), factories.person()
    line = bought(plan, person, email=person.email)
    joining.grant(line)
    joining.comp(plan.tier, person.email, months=3)
    joining.revoke(line)
    joining.revoke(line)
    held = factories.membership(person)

    assert held.is_in_force()
    assert 85 <= (held.ends_at - timezone.now()).days <= 93
    Grant.objects.filter(reason="comp").update(revoked_at=timezone.now())
    assert joining.end(held)
    assert not joining.end(held)
    assert factories.person().audiences() == frozenset()


def subscription(status: str, *, days: int = 30, cancel: bool = False) -> Subscription:
    """As it was read at Stripe, not stored."""
    now = timezone.now()
    ended = now if status == "canceled" else None
    return Subscription(
        status=status,
        period_start=now,
        period_end=now + timedelta(days=days),
        cancel_at_period_end=cancel,
        ended_at=ended,
    )


def test_access_follows_the_subscription_with_a_grace(work) -> None:
    plan, person = factories.plan(interval="month"), factories.person()
    line = OrderLine.objects.get(pk=bought_monthly(plan, person))
    joining.grant(line)
    grace = settings.SUBSCRIPTION_GRACE_DAYS
    steps = {
        ("active", False): (True, True, 30 + grace), ("active", True): (True, False, 30), ("past_due", False): (True, True, grace),
        ("paused", False): (False, False, grace), ("unpaid", False): (False, False, 0), ("canceled", False): (False, False, 0),
    }  # fmt: skip
    for (status, cancel), (is_in, renews, days) in steps.items():
        joining.follow(line, subscription(status, cancel=cancel))
        held = factories.membership(person)
        assert held.is_in_force() is is_in, status
        assert held.renews is renews, status
        assert round((held.ends_at - timezone.now()).total_seconds() / 86400) == days, status


def bought_monthly(plan, person, **fields) -> int:
    """The line of a recurring plan, without a session at Stripe."""
    plan.offer.interval = ""
    plan.offer.save()
    line = bought(plan, person, **(fields or {"email": person.email}))
    plan.offer.interval = "month"
    plan.offer.save()
    return line.pk


def test_who_changes_the_plan_moves_to_the_other_tier_with_the_same_card() -> None:
    plan, other, person = factories.plan(interval="month"), factories.tier("mecene"), factories.person()
    line = OrderLine.objects.get(pk=bought_monthly(plan, person))
    joining.grant(line)
    card = factories.membership(person).number
    joining.follow(line, subscription("active"), other)
    joining.follow(line, subscription("active"), other)

    assert person.audiences() == {"member", "tier:mecene"}
    assert factories.membership(person).number == card


def test_the_houses_gift_outlives_a_subscription() -> None:
    plan, person = factories.plan(interval="month"), factories.person()
    line = OrderLine.objects.get(pk=bought_monthly(plan, person))
    joining.grant(line)
    joining.comp(plan.tier, person.email, months=6)
    joining.follow(line, subscription("canceled"))
    held = factories.membership(person)

    assert held.is_in_force()
    assert not held.renews
    assert 179 <= (held.ends_at - timezone.now()).days <= 185
    joining.revoke(line)
    assert factories.membership(person).is_in_force()


def test_who_left_and_joined_again_is_not_shut_out_by_the_first_end() -> None:
    plan, person = factories.plan(interval="month"), factories.person()
    first, second = (OrderLine.objects.get(pk=bought_monthly(plan, person)) for _n in range(2))
    for line in (first, second):
        joining.grant(line)
    now = timezone.now()
    Subscription.objects.create(
        shop=plan.offer.shop, line=second, offer=plan.offer, stripe_id="sub_2", status="active", period_start=now,
        period_end=now + timedelta(days=30),
    )  # fmt: skip
    joining.follow(first, subscription("canceled"))

    assert factories.membership(person).is_in_force()
    assert factories.membership(person).renews


def test_nobody_pays_twice_for_what_never_ends() -> None:
    plan, person = factories.plan(months=0), factories.person()
    joining.grant(bought(plan, person, email=person.email))

    with pytest.raises(CannotBeSold) as error:
        factories.order(factories.basket(plan.offer), user=person, email=person.email)
    assert error.value.reason == "member"
    with pytest.raises(CannotBeSold):
        checkout.draft(plan.offer.shop, [checkout.Wish(plan.offer, 2)], country="FR")


@pytest.mark.parametrize("interval", ["", "month"])
def test_a_typed_address_does_not_tell_who_belongs_and_what_is_paid_twice_comes_to_the_desk(interval: str) -> None:
    plan, person = factories.plan(months=0, interval=interval), factories.person()
    line = (
        OrderLine.objects.get(pk=bought_monthly(plan, person)) if interval else bought(plan, person, email=person.email)
    )
    joining.grant(line)
    before = factories.membership(person)
    term = factories.plan(plan.tier, months=12)
    again = [bought(plan, email=person.email) for _n in range(1 - bool(interval))] + [bought(term, email=person.email)]
    for second in again:
        joining.grant(second)
        second.order.refresh_from_db()
        assert second.order.attention == Order.Attention.DOUBLE
        assert factories.membership(person).renews == before.renews
        joining.revoke(second)
    line.order.refresh_from_db()

    assert not line.order.attention
    assert factories.membership(person).is_in_force()
    assert (factories.membership(person).ends_at, Membership.objects.count()) == (before.ends_at, 1)


def test_what_never_ends_is_not_shortened_by_a_subscription_that_somebody_else_pays() -> None:
    plan, person = factories.plan(months=0), factories.person()
    joining.grant(bought(plan, person, email=person.email))
    other = factories.plan(plan.tier, months=0)
    line = OrderLine.objects.get(pk=bought_monthly(other, None, email=person.email))
    joining.grant(line)
    joining.follow(line, subscription("active"))
    joining.follow(line, subscription("canceled"))

    assert factories.membership(person).is_for_good


def test_what_ended_by_the_clock_makes_room_for_a_new_one() -> None:
    plan, person = factories.plan(), factories.person()
    joining.grant(bought(plan, person, email=person.email))
    Membership.objects.update(ends_at=timezone.now() - timedelta(days=1))
    assert person.audiences() == frozenset()
    assert joining.sweep() == 1
    joining.grant(bought(plan, person, email=person.email))

    assert Membership.objects.count() == 2
    assert Membership.objects.open().count() == 1
