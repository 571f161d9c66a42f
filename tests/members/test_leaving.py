"""Three clicks end what is charged at Stripe, whatever the membership says of itself; and the mail says what is true."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from members import joining, leaving, verify
from members.models import Membership, Termination
from store import gateway, subscriptions
from tests import factories
from tests.members.test_following import DECLINED, GOOD, Life

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(sandbox: Any, monkeypatch: pytest.MonkeyPatch, work: Any) -> Life:
    return Life(sandbox, monkeypatch, work)


def given(held: Membership, months: int = 12) -> None:
    """Somebody else gives that member the same tier."""
    order = factories.order(factories.basket(factories.plan(held.tier, months=months).offer), email="giver@example.org")
    order.mark_paid()
    line = order.lines.get()
    line.details = {"gift_email": held.email, "gift_name": "Amie"}
    line.save()
    joining.grant(line)


def leave(life: Life) -> Termination:
    """The notice of whoever holds the card, and all that follows."""
    held = Membership.objects.get()
    row = leaving.declare(life.order.shop, leaving.Notice("Léa", held.email, held.number, "fr"), uuid.uuid4())
    life.work()
    life.years.hear()
    row.refresh_from_db()
    return row


def asked_to_end(life: Life) -> bool:
    """What Stripe itself says; and nothing that `verify` holds true is broken."""
    assert [(check.name, check.breaches) for check in verify.checks() if check.breaches] == []
    said = gateway.read_subscription(life.row.stripe_id)
    return said.cancel_at_period_end or said.ended_at is not None


def test_who_pays_and_was_given_a_year_leaves_is_charged_no_more_and_has_the_year(life: Life) -> None:
    held, last = Membership.objects.get(), life.row.period_end
    given(held)
    life.work()
    held.refresh_from_db()
    assert held.renews
    notice = leave(life)
    held.refresh_from_db()
    assert asked_to_end(life)
    assert (notice.membership, notice.ends_at, held.renews) == (held, held.ends_at, False)
    assert 365 <= (held.ends_at - last).days <= 366
    life.years.to(held.ends_at - timedelta(minutes=1))
    life.work()
    assert (life.is_in, life.charges) == (True, 1)
    life.years.to(held.ends_at + timedelta(minutes=1))
    life.work()
    assert (life.is_in, life.charges) == (False, 1)


def test_the_gifts_mail_says_what_is_true_of_who_pays(life: Life) -> None:
    held = Membership.objects.get()
    mail.outbox.clear()
    given(held)
    life.work()
    letter = next(one for one in mail.outbox if one.to == [held.email])
    for words in (letter.body, str(letter.alternatives[0].content)):
        assert "elle continue toute seule" in words
        assert "ne se renouvelle" not in words

    subscriptions.cancel(life.row)
    mail.outbox.clear()
    given(held)
    life.work()
    assert "rien ne se renouvelle" in next(one for one in mail.outbox if one.to == [held.email]).body


def test_who_pauses_leaves_for_good(life: Life) -> None:
    last = life.row.period_end
    subscriptions.pause(life.row, last + timedelta(days=60))
    life.work()
    life.years.to(last + timedelta(hours=2))
    life.work()
    joining.sweep()
    notice = leave(life)
    assert (notice.membership, notice.ends_at, asked_to_end(life)) == (Membership.objects.get(), None, True)
    life.years.on(days=90)
    life.work()
    assert (life.is_in, life.charges) == (False, 1)


def test_who_is_out_for_a_refused_card_leaves_before_the_next_try(life: Life) -> None:
    life.card(DECLINED)
    life.years.to(life.row.period_end + timedelta(hours=1))
    life.years.on(days=8)
    joining.sweep()
    assert Membership.objects.get().state == Membership.State.ENDED
    assert leave(life).membership == Membership.objects.get()
    assert asked_to_end(life)


def test_who_is_out_for_a_refused_card_and_buys_once_keeps_one_card(life: Life) -> None:
    life.card(DECLINED)
    life.years.to(life.row.period_end + timedelta(hours=1))
    life.years.on(days=8)
    joining.sweep()
    given(Membership.objects.get(), months=1)
    assert life.is_in
    life.card(GOOD)
    held = Membership.objects.get()
    assert (held.renews, held.state, asked_to_end(life)) == (True, Membership.State.ACTIVE, False)


def test_let_in_for_good_is_charged_no_more(life: Life) -> None:
    held = Membership.objects.get()
    joining.comp(held.tier, held.email, months=0)
    assert leave(life).ends_at is None
    life.years.on(days=1)
    assert (asked_to_end(life), life.is_in) == (True, True)
