"""The member's own screen of what renews itself: asked, said in full, confirmed, told by mail, undone; nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from members import joining
from members.models import Tier
from store import checkout, gateway, orders
from store.models import Offer, Subscription
from tests import factories
from tests.store.test_renewals import Years

pytestmark = pytest.mark.django_db


class Member:
    """Somebody who pays by the month, signed in."""

    def __init__(self, sandbox: Any, client: Any, work: Any, interval: str = "month") -> None:
        self.client, self.work, self.sandbox = client, work, sandbox
        self.user = factories.person(email="lea@example.org")
        self.plan = factories.plan(interval=interval, price=900)
        order = factories.order(factories.basket(self.plan.offer), user=self.user, email=self.user.email)
        session = checkout.open_attempt(order.attempts.get()).session_id
        sandbox.outcome(session, "paid")
        orders.settle(session)
        work()
        mail.outbox.clear()
        client.force_login(self.user)

    @property
    def row(self) -> Subscription:
        return Subscription.objects.get()

    @property
    def url(self) -> str:
        return reverse("members:renewing", args=[self.row.pk])

    def asks(self, do: str, value: str = "") -> Any:
        """The question; no effect."""
        return self.client.post(self.url, {"do": do, "value": value})

    def confirms(self, do: str, value: str = "") -> Any:
        answer = self.client.post(self.url, {"do": do, "value": value, "confirm": "1"})
        self.work()
        return answer


@pytest.fixture
def member(sandbox, client, work):
    return Member(sandbox, client, work)


def test_end_and_going_on_are_asked_confirmed_and_told(member):
    assert member.asks("end").status_code == 200
    assert member.row.cancel_at_period_end is False
    assert member.confirms("end").status_code == 302
    assert member.row.cancel_at_period_end is True
    assert member.confirms("end").status_code == 422
    assert [letter.to for letter in mail.outbox] == [["lea@example.org"]]
    assert "s’arrête" in mail.outbox[0].body
    assert mail.outbox[0].alternatives

    assert "obligation de paiement" in member.asks("resume").content.decode()
    member.confirms("resume")
    assert member.row.cancel_at_period_end is False
    assert gateway.read_subscription(member.row.stripe_id).cancel_at_period_end is False
    assert len(mail.outbox) == 2


def test_other_plan_is_shown_with_its_price_taken_and_taken_back(member):
    other = factories.plan(factories.tier("atelier"), interval="month", price=1900)
    yearly = factories.plan(factories.tier("atelier"), interval="year", price=9900)
    page = member.client.get(member.url).content.decode()
    assert f'id="plan-{other.offer_id}"' in page
    assert f'id="plan-{yearly.offer_id}"' not in page
    assert "obligation de paiement" in member.asks("plan", str(other.offer_id)).content.decode()
    assert member.row.next_offer is None
    member.confirms("plan", str(other.offer_id))
    assert (member.row.next_offer, member.row.is_plan_asked) == (other.offer, False)
    assert "19,00" in mail.outbox[0].body
    member.confirms("keep")
    assert (member.row.next_offer, member.row.is_plan_asked) == (None, False)
    assert member.confirms("plan", str(yearly.offer_id)).status_code == 422


def test_plan_of_a_tier_that_one_has_already_is_not_shown(member):
    tier = factories.tier("atelier")
    other = factories.plan(tier, interval="month", price=1900)
    joining.comp(tier, member.user.email)
    assert f'id="plan-{other.offer_id}"' not in member.client.get(member.url).content.decode()
    assert member.asks("plan", str(other.offer_id)).status_code == 422


def test_pause_within_the_owners_limit_is_taken_up_again_by_itself(member, monkeypatch):
    years = Years(member.sandbox, monkeypatch)
    assert member.asks("pause", "4").status_code == 422
    member.confirms("pause", "2")
    began = member.row.period_end
    assert member.row.goes_on is False
    years.to(began + timedelta(days=1))
    assert (member.row.status, member.row.is_open(years.now)) == ("paused", False)
    for _week in range(9):
        years.on(days=7)
    assert (member.row.status, member.row.is_open(years.now)) == ("active", True)
    taken = Offer.objects.get(pk=member.plan.offer_id).order_lines.filter(order__paid_at__isnull=False).count()
    assert taken == 2


def test_pause_is_ended_early_and_none_where_the_owner_wants_none(member):
    member.confirms("pause", "1")
    assert member.row.paused_until is not None
    member.confirms("unpause")
    assert (member.row.paused_until, member.row.goes_on) == (None, True)
    Tier.objects.update(pause_months=0)
    assert member.asks("pause", "1").status_code == 422


def test_pause_is_for_who_pays_by_the_month(sandbox, client, work):
    member = Member(sandbox, client, work, interval="year")
    assert member.asks("pause", "1").status_code == 422


def test_card_leads_to_stripes_page(member):
    answer = member.asks("card")
    assert answer.status_code == 302
    assert "/p/session/" in answer.url


def test_nobody_else_finds_it(member, client):
    url = member.url
    client.force_login(factories.person(email="autre@example.org"))
    assert [client.get(url).status_code, client.post(url, {"do": "end", "confirm": "1"}).status_code] == [404, 404]
    client.logout()
    assert client.get(url).status_code == 302
    assert member.row.cancel_at_period_end is False


def test_twenty_in_an_hour_are_enough(member):
    for _time in range(20):
        member.asks("end")
    assert member.asks("end").status_code == 429


def test_stripe_down_delays_and_undoes_nothing(member):
    member.sandbox.control(
        "POST", "faults", kind="error", status=500, when="before", method="*", path="/v1/*", count=999
    )
    answer = member.client.post(member.url, {"do": "end", "confirm": "1"})
    assert (answer.status_code, member.row.wish, member.row.cancel_at_period_end) == (302, "cancel", True)
    assert member.asks("card").status_code == 503


def test_account_leads_there(member):
    assert member.url in member.client.get(reverse("account")).content.decode()
