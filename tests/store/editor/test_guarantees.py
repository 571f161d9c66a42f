"""Words are versioned, money is not: nothing that Wagtail does with pages touches a price or a stock."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from store import pricing, stock
from store.models import Goods, Offer, Price, Product, ProductPage, Stock, StockMove
from tests.factories import article, goods, locale, product_page, shop_page, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold() -> ProductPage:
    """A page first written at 20.00 with ten units; since then 25.00 and four."""
    page = product_page(goods(price=2000, units=10).product, title="Avant")
    offer = Offer.objects.get()
    pricing.set_price(offer, 2500)
    stock.count(stocked(offer), 4)
    page.title = "Après"
    page.save_revision().publish()
    return page


def money() -> dict[str, Any]:
    """Everything that must not move."""
    return {
        "prices": list(Price.objects.order_by("pk").values_list("pk", "offer", "amount", "valid_from", "valid_until")),
        "stocks": list(Stock.objects.order_by("pk").values_list("pk", "on_hand")),
        "moves": list(StockMove.objects.order_by("pk").values_list("pk", "quantity")),
        "offers": list(Offer.objects.order_by("pk").values_list("pk", "state", "sale_from", "sale_until")),
        "goods": list(Goods.objects.order_by("pk").values_list("pk", "code", "product")),
        "products": Product.objects.count(),
    }


def test_publishing_an_older_draft_changes_no_price_and_no_stock(sold: ProductPage) -> None:
    before = money()
    oldest = sold.revisions.order_by("created_at", "pk").first()

    oldest.publish()

    assert ProductPage.objects.get().title == "Avant"
    assert money() == before


def test_reverting_in_the_editor_changes_no_price_and_no_stock(desk: Client, sold: ProductPage) -> None:
    before = money()
    oldest = sold.revisions.order_by("created_at", "pk").first()
    shown = desk.get(reverse("wagtailadmin_pages:revisions_revert", args=[sold.pk, oldest.pk]))
    assert 'value="Avant"' in shown.content.decode()

    reverted = oldest.as_object()
    reverted.save_revision(previous_revision=oldest).publish()

    assert ProductPage.objects.get().title == "Avant"
    assert money() == before


def test_translating_shares_the_product(desk: Client, sold: ProductPage) -> None:
    shop_page().copy_for_translation(locale("en"))
    before = money()

    url = reverse("simple_translation:submit_page_translation", args=[sold.pk])
    desk.post(url, {"locales": [locale("en").pk], "include_subtree": False})

    english = ProductPage.objects.get(locale=locale("en"))
    assert (english.product_id, english.live) == (sold.product_id, False)
    assert money() == before
    english.save_revision().publish()
    assert money() == before


def test_copying_and_translating_an_article_changes_no_price_and_no_stock(sold: ProductPage) -> None:
    told = article(sold)
    before = money()

    told.copy(update_attrs={"slug": "copie", "title": "Copie"})
    told.get_parent().specific.copy_for_translation(locale("en"))
    told.copy_for_translation(locale("en")).save_revision().publish()

    assert money() == before


def test_copying_a_product_page_makes_no_second_page(sold: ProductPage) -> None:
    before = money()

    with pytest.raises(ValidationError):
        sold.copy(update_attrs={"slug": "copie"})

    assert ProductPage.objects.count() == 1
    assert money() == before


def test_an_alias_of_a_product_page_is_refused_in_the_admin(desk: Client, sold: ProductPage) -> None:
    url = reverse("wagtailadmin_pages:copy", args=[sold.pk])

    desk.post(url, {"new_title": "X", "new_slug": "x", "new_parent_page": sold.get_parent().pk, "alias": "on"})

    assert ProductPage.objects.count() == 1


def test_a_second_page_in_the_same_language_is_refused_with_its_name(sold: ProductPage) -> None:
    twin = ProductPage(title="Jumeau", slug="jumeau", product=sold.product, locale=sold.locale)

    with pytest.raises(ValidationError) as refused:
        shop_page().add_child(instance=twin)

    assert "Après" in str(refused.value)


def test_a_page_never_changes_its_product(sold: ProductPage) -> None:
    sold.product = goods().product

    with pytest.raises(ValidationError):
        sold.full_clean()


def test_unpublishing_changes_no_price_and_no_stock_and_sells_no_more(sold: ProductPage) -> None:
    before = money()

    sold.unpublish()
    Page.objects.get(pk=sold.pk).specific.save_revision().publish()

    now = money()
    assert {state for _pk, state, _from, _until in now.pop("offers")} == {Offer.State.ARCHIVED}
    assert now == {name: rows for name, rows in before.items() if name != "offers"}
