"""The page before the basket, where no script runs."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.models import Shop
from store.models import CartLine, ProductPicture
from tests import factories

pytestmark = pytest.mark.django_db


def html(client: Client, **query: Any) -> str:
    with translation.override("fr"):
        response = client.get(reverse("store:add"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_add_shows_what_it_is_what_it_costs_how_many_and_the_way_back(client: Client, work: Any) -> None:
    goods = factories.goods(price=4690, units=7, options=["Rouge"])
    page = factories.product_page(goods.product)
    ProductPicture.objects.create(page=page, photo=factories.photo(), alt="Une poêle")
    article = factories.article(page, title="L'atelier")

    text = html(client, offer=goods.offer_id, quantity=3, source=article.pk)

    assert f"{goods.product.name} (Rouge)</h1>" in text
    assert "46,90\u00a0€" in text
    assert "<img" in text
    assert '<input type="number" name="quantity" value="3" min="1" max="7"' in text
    assert f'<a href="{article.url}">Revenir à «\u00a0L\u2019atelier\u00a0»</a>' in text


def test_add_without_a_source_leads_back_to_the_product(client: Client) -> None:
    goods = factories.goods()
    page = factories.product_page(goods.product)

    assert f'<a href="{page.url}">' in html(client, offer=goods.offer_id)


def test_add_of_what_is_told_nowhere_leads_back_to_the_basket(client: Client) -> None:
    text = html(client, offer=factories.offer().pk)

    assert 'href="/panier/">Revenir à' in text


@pytest.mark.parametrize("cause", ["sold out", "closed"])
def test_add_of_what_cannot_be_bought_has_no_button(client: Client, cause: str) -> None:
    goods = factories.goods(units=0 if cause == "sold out" else 5)
    if cause == "closed":
        Shop.objects.update(is_closed=True)

    assert 'name="quantity"' not in html(client, offer=goods.offer_id)


def test_what_the_page_sends_is_in_the_basket(client: Client) -> None:
    goods = factories.goods()

    client.post(reverse("store:add"), {"offer": goods.offer_id, "quantity": 2, "source": ""})

    assert CartLine.objects.get(offer=goods.offer_id).quantity == 2


@pytest.mark.parametrize(("language", "name"), [("fr", "Entrée"), ("en", "Entrance")])
def test_what_went_into_the_basket_is_named_in_the_readers_language(client: Client, language: str, name: str) -> None:
    offer = factories.seat_offer(name="Entrée", name_en="Entrance")
    with translation.override(language):
        url = reverse("store:add")
    answer = client.post(url, {"offer": offer.pk, "quantity": 1}, headers={"X-Fragment": "1"})

    assert name in answer.json()["said"]
