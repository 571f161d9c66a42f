"""Prices of an audience: on the page for everybody, in the counter for whom it is, never another amount than shown."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from store import audiences, offers, pricing, stock
from store.exceptions import CannotBeSold
from store.models import Offer, Order
from tests import factories
from tests.factories.orders import PERSON

pytestmark = pytest.mark.django_db
BUY = "/commande/acheter/"


@pytest.fixture
def mug() -> Offer:
    """49 for everybody, 41 for members."""
    offer = factories.offer(price=4900)
    pricing.set_price(offer, 4100, audience="member")
    return offer


@pytest.fixture
def member(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser in which a member is signed in."""
    monkeypatch.setattr(get_user_model(), "audiences", lambda _self: frozenset({"member"}), raising=False)
    client.force_login(factories.person())
    return client


def total(answer: Any) -> int:
    """What the recap asks, in minor units."""
    return int(re.findall(r'name="total" value="(\d+)"', answer.content.decode())[0])


def test_page_shows_both_prices_to_everybody(client, mug):
    page = factories.product_page(mug.goods.product)
    body = client.get(page.url).content.decode()
    assert "49,00" in body
    assert re.search(r'data-live="club">Club\W+41,00', body)


def test_each_variant_tells_its_own(client):
    product = factories.product()
    for price, club in ((4900, 4100), (5900, 5200)):
        row = factories.goods(product, price=price, options=[str(price)])
        pricing.set_price(row.offer, club, audience="member")
    body = client.get(factories.product_page(product).url).content.decode()
    told = re.findall(r'data-live="club">([^<]+)<', body)
    assert [re.sub(r"\D", "", words) for words in told] == ["4100", "5200"]


def test_page_is_the_same_for_a_member(client, member, mug):
    page = factories.product_page(mug.goods.product)
    stranger = Client().get(page.url).content
    assert member.get(page.url).content == stranger


def test_structured_data_has_the_public_price(client, mug):
    page = factories.product_page(mug.goods.product)
    body = client.get(page.url).content.decode()
    assert '"49.00"' in body
    assert '"41.00"' not in body


def test_dearer_price_of_an_audience_is_not_shown(client):
    offer = factories.offer(price=4000)
    pricing.set_price(offer, 4100, audience="member")
    assert offers.choice(offer, "", offers.load([offer], "fr")).club_text == ""


def test_price_of_an_audience_without_a_name_is_not_shown():
    offer = factories.offer(price=4900)
    pricing.set_price(offer, 100, audience="staff")
    assert offers.choice(offer, "", offers.load([offer], "fr")).club_text == ""


def test_named_audience_is_shown_with_its_way_in(monkeypatch):
    monkeypatch.setattr(audiences, "_named", [lambda: {"tier:or": audiences.Audience("Or", "/club/")}])
    offer = factories.offer(price=4900)
    pricing.set_price(offer, 3900, audience="tier:or")
    choice = offers.choice(offer, "", offers.load([offer], "fr"))
    assert (choice.club_text.split()[0], choice.club_url) == ("Or", "/club/")


def test_sold_out_tells_nobodys_price(mug):
    stocked = factories.stocked(mug)
    stock.adjust(stocked, -10, "counted")
    assert offers.choice(mug, "", offers.load([mug], "fr")).club_text == ""


def test_live_tells_the_price_of_the_club(client, mug):
    row = client.get("/live/", {"o": mug.pk}).json()["offers"][str(mug.pk)]
    assert (row["amount"], "41,00" in row["club"]) == (4900, True)


def test_member_is_told_their_own_price(member, mug):
    other = factories.offer(price=1000)
    told = member.get("/me/", {"o": f"{mug.pk},{other.pk}"}).json()["prices"]
    assert list(told) == [str(mug.pk)]
    assert "41,00" in told[str(mug.pk)]


def test_stranger_is_told_no_price_of_their_own(client, mug):
    assert "prices" not in client.get("/me/", {"o": mug.pk}).json()


def test_member_pays_what_the_recap_shows(member, mug):
    recap = member.get(BUY, {"offer": mug.pk, "seen": 4900})
    assert total(recap) == 4100 + 500
    assert "Le prix a changé" not in recap.content.decode()
    sent = {**PERSON, "offer": mug.pk, "quantity": 1, "total": 4600, "token": "8c0d7a52-4f4b-4d3e-9a34-0f4b2f1b7a11"}
    member.post(BUY, sent, headers={"X-Fragment": "1"})
    assert Order.objects.get().lines.get().unit_amount == 4100


def test_stranger_pays_the_public_price(client, mug):
    assert total(client.get(BUY, {"offer": mug.pk})) == 4900 + 500


def test_stranger_cannot_send_the_members_total(client, mug):
    sent = {**PERSON, "offer": mug.pk, "quantity": 1, "total": 4600, "token": "8c0d7a52-4f4b-4d3e-9a34-0f4b2f1b7a11"}
    answer = client.post(BUY, sent, headers={"X-Fragment": "1"})
    assert (answer.status_code, Order.objects.count()) == (409, 0)


def test_basket_says_whose_price_it_is(member, mug):
    member.post("/panier/ajouter/", {"offer": mug.pk})
    body = member.get("/panier/").content.decode()
    assert "Prix Club, 49,00" in body
    assert "Le prix a changé" not in body
    assert total(member.get("/commande/")) == 4100 + 500


def test_card_in_the_basket_gives_its_price_at_once(client, mug):
    card = factories.hour(gives="member", legal="membership", price=3000)
    client.post("/panier/ajouter/", {"offer": mug.pk})
    before = client.get("/panier/").content.decode()
    client.post("/panier/ajouter/", {"offer": card.pk})
    after = client.get("/panier/").content.decode()
    assert ("Prix Club" in before, "Prix Club" in after) == (False, True)
    assert total(client.get("/commande/")) == 4100 + 3000 + 500


def early() -> Offer:
    """For members from now on, for everybody in a week."""
    offer = factories.offer(price=4900)
    offer.prices.all().delete()
    pricing.set_price(offer, 4500, audience="member")
    pricing.set_price(offer, 4900, at=timezone.now() + timedelta(days=7))
    return offer


def test_early_access_is_shown_and_refused_to_others(client):
    offer = early()
    choice = offers.choice(offer, "", offers.load([offer], "fr"))
    assert (choice.state, choice.amount, choice.max_quantity) == ("reserved", 4500, 10)
    answer = client.get(BUY, {"offer": offer.pk})
    assert (answer.status_code, "réservé aux membres" in answer.content.decode()) == (409, True)
    with pytest.raises(CannotBeSold):
        factories.basket(offer)


def test_early_access_lets_members_in(member):
    offer = early()
    assert total(member.get(BUY, {"offer": offer.pk})) == 4500 + 500
    answer = member.post("/panier/ajouter/", {"offer": offer.pk}, headers={"X-Fragment": "1"})
    assert answer.json()["error"] == ""


def test_price_that_ended_is_everybodys_again(mug):
    assert pricing.end_price(mug, "member") is True
    assert pricing.end_price(mug, "member") is False
    found = pricing.quote(mug, audiences=frozenset({"member"}))
    assert found is not None
    assert found.unit == 4900


def test_public_price_is_never_ended(mug):
    assert pricing.end_price(mug, "") is False


def test_page_of_an_offer_asks_for_prices_once(mug, django_assert_num_queries):
    batch_of = offers.load
    batch_of([mug], "fr")
    with django_assert_num_queries(2):
        batch_of([mug], "fr")
