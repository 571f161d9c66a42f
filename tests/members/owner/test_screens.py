"""The owner makes a tier, prices it, lets somebody in and out; a mere editor sees nothing of it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Membership, Plan, Tier
from store import pricing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    factories.open_shop()
    client = Client()
    factories.sign_in_strongly(client, factories.owner())
    return client


def test_a_tier_from_nothing_to_sale(owner: Client) -> None:
    assert "Aucune formule" in owner.get(reverse("club:tiers")).content.decode()
    typed = {"name": "Les amis", "slug": "amis", "promise": "10 %", "colour": "blue", "pause_months": "3"}
    owner.post(reverse("club:tier_new"), typed)
    tier = Tier.objects.get()
    for price in ("42,00", "45"):
        owner.post(reverse("club:plan_add", args=[tier.pk]), {"term": "12", "price": price})
    plan = Plan.objects.get()

    assert pricing.quote(plan.offer).unit == 4500
    assert plan.offer.is_on_sale(plan.offer.prices.first().valid_from)
    owner.post(reverse("club:plan_end", args=[tier.pk, plan.pk]))
    plan.offer.refresh_from_db()
    assert plan.offer.state == "archived"


def test_what_is_wrong_is_said_and_nothing_is_lost(owner: Client) -> None:
    wrong = owner.post(
        reverse("club:tier_new"), {"name": "Les amis", "slug": "", "colour": "blue", "pause_months": "3"}
    )
    assert wrong.status_code == 422
    assert "Les amis" in wrong.content.decode()
    tier = factories.tier()
    assert owner.post(reverse("club:plan_add", args=[tier.pk]), {"term": "12", "price": "beaucoup"}).status_code == 422


def test_let_in_found_and_shown_out(owner: Client) -> None:
    tier = factories.tier()
    owner.post(reverse("club:let_in"), {"email": "Zoe@example.org", "name": "Zoé", "tier": tier.pk, "months": 12})
    row = Membership.objects.get()
    people = reverse("club:people")

    assert "zoe@example.org" in owner.get(people).content.decode()
    assert row.number in owner.get(f"{people}?q={row.number}").content.decode()
    assert "zoe@example.org" in owner.get(f"{people}?export=csv").getvalue().decode()
    owner.post(reverse("club:show_out", args=[row.pk]))
    assert "zoe@example.org" not in owner.get(people).content.decode()


def test_the_list_asks_as_often_for_many(owner: Client, django_assert_num_queries) -> None:
    tier = factories.tier()
    for number in range(22):
        factories.member(tier)
        if number == 2:
            owner.get(reverse("club:people"))
            with CaptureQueriesContext(connection) as few:
                owner.get(reverse("club:people"))
    with django_assert_num_queries(len(few)):
        assert owner.get(reverse("club:people")).status_code == 200
