"""Joining beside a thing: both in one recap at the price of who belongs; never for who belongs, never by another door."""

import pytest
from django.test import Client
from django.urls import reverse

from core import held
from members import joining
from store import offers, pricing
from store.models import Cart, Order
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    offer = factories.offer(price=4900, units=5)
    pricing.set_price(offer, 4100, audience="member")
    return offer


@pytest.fixture
def plan():
    made = factories.plan(interval="year", price=4000)
    held.forget()
    return made


def recap(client: Client, mug, **asked) -> list[int]:
    page = client.get(reverse("store:buy"), {"offer": mug.pk, **asked})
    return [quote.amount for _wish, quote in page.context["draft"].lines]


def test_ticket_leads_to_the_plan_and_its_page_is_the_same_for_all(client, mug, plan):
    assert offers.choice(mug, "", offers.load([mug], "fr")).club_join == plan.offer_id
    body = client.get(factories.product_page(mug.goods.product).url).content.decode()
    assert f'name="beside" value="{plan.offer_id}"' in body


def test_no_plan_on_sale_keeps_the_link(mug):
    held.forget()
    assert offers.choice(mug, "", offers.load([mug], "fr")).club_join == 0


def test_both_stand_in_one_recap_at_the_members_price(client, mug, plan):
    assert recap(client, mug, beside=plan.offer_id, quantity=2) == [8200, 4000]
    assert recap(client, mug) == [4900]


def test_who_belongs_buys_the_thing_alone(client, mug, plan):
    user = factories.person(email="lea@example.org")
    joining.comp(plan.tier, user.email)
    client.force_login(user)
    assert recap(client, mug, beside=plan.offer_id) == [4100]


def test_something_else_is_not_slipped_in(client, mug, plan):
    other = factories.offer(price=100)
    assert recap(client, mug, beside=other.pk) == [4900]


def test_one_order_is_placed_with_both_and_taking_it_up_again_makes_no_second(client, sandbox, mug, plan):
    page = client.get(reverse("store:buy"), {"offer": mug.pk, "beside": plan.offer_id})
    typed = {
        "offer": mug.pk, "quantity": 1, "source": "", "beside": plan.offer_id, "token": page.context["token"],
        "total": page.context["draft"].total, "email": "claire@example.org", "name": "Claire", "line1": "4 rue des Lilas",
        "postcode": "93100", "city": "Montreuil", "country": "FR", "early": "on",
    }  # fmt: skip
    for _time in range(2):
        client.post(reverse("store:buy"), typed)
    order = Order.objects.get()
    assert sorted(order.lines.values_list("amount", flat=True)) == [4000, 4100]
    assert Cart.objects.count() == 1
