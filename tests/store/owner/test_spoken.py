"""A buyer's language stays on the buyer's papers; the owner reads hers."""

from typing import Any

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import translation

from core.models import Shop
from store import bills, mail
from store.models import DeliveryRate, Order, ProductPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def foreign(sandbox: Any, work: Any) -> Order:
    """Bought in English and sent to Belgium; paid, with its parcel."""
    goods = factories.goods(options=["Rouge"], options_en=["Red"], units=9)
    factories.product_page(goods.product, title="Poêle en tôle")
    factories.product_page(goods.product, title="Carbon steel pan", code="en")
    DeliveryRate.objects.create(method=factories.open_shop().delivery_methods.get(), countries=["BE"], amount=900)
    order = factories.paid(sandbox, factories.basket(goods.offer, quantity=2), locale="en", country="BE")
    work()
    assert (order.lines.get().title, order.delivery_label) == ("Carbon steel pan (Red)", "To your door")
    return order


@pytest.mark.parametrize("path", [
    "/cms/shop/orders/{pk}/", "/cms/shop/orders/{pk}/slip/", "/cms/shop/orders/slips/?todo=pack", "/cms/shop/orders/",
    "/cms/shop/orders/{pk}/refund/", "/cms/shop/orders/?export=csv",
])  # fmt: skip
def test_owner_reads_titles_in_her_language(desk_client: Client, foreign: Order, path: str) -> None:
    response = desk_client.get(path.format(pk=foreign.pk))
    page = b"".join(response).decode() if response.streaming else response.content.decode()

    assert "Poêle en tôle (Rouge)" in page
    assert "Carbon steel pan" not in page
    assert "To your door" not in page


@pytest.mark.parametrize("path", ["/cms/shop/orders/{pk}/", "/cms/shop/orders/{pk}/slip/"])
def test_owner_reads_countries_and_ways_in_words(desk_client: Client, foreign: Order, path: str) -> None:
    page = desk_client.get(path.format(pk=foreign.pk)).content.decode()

    assert "Belgique" in page
    assert "À domicile" in page


def test_owners_mail_is_in_her_language_and_the_buyers_in_theirs(foreign: Order) -> None:
    outbox.outbox.clear()
    foreign.mails.all().delete()
    Shop.objects.update(notify=Shop.Notify.EACH)
    mail.to_owner(foreign.pk)
    mail.to_buyer(foreign.pk, "receipt")

    hers, theirs = (str(message.body) for message in outbox.outbox)

    assert "2 × Poêle en tôle (Rouge)" in hers
    assert "À domicile" in hers
    assert "Belgique" in hers
    assert "Carbon steel pan" not in hers
    assert "2 × Carbon steel pan (Red)" in theirs


def test_what_was_sold_in_her_language_keeps_the_title_of_the_day(foreign: Order) -> None:
    ProductPage.objects.update(title="Autre nom")
    Order.objects.update(locale="fr")
    line = Order.objects.get().lines.get()

    with translation.override("fr"):
        assert line.shown_title == line.title
        assert bills.for_order(line.order, to_owner=True)["lines"][0]["title"] == line.title


def test_page_and_list_of_foreign_orders_cost_little(
    desk_client: Client, foreign: Order, django_assert_max_num_queries: Any
) -> None:
    for path, most in ((f"/cms/shop/orders/{foreign.pk}/", 50), ("/cms/shop/orders/", 40)):
        desk_client.get(path)
        with django_assert_max_num_queries(most):
            desk_client.get(path)
