"""Nothing that stands somewhere vanishes silently."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from store.editor import places
from store.models import Offer, ProductPage
from tests.factories import article, basket, goods, open_shop, order, product_page, shop_page
from tests.factories.pages import block, speak_of

pytestmark = pytest.mark.django_db


def url(name: str, page: Page) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=[page.pk])


def bulk(deed: str, *pages: Page) -> str:
    keys = "&".join(f"id={page.pk}" for page in pages)
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', deed])}?{keys}"


def test_places_are_live_pages_drafts_and_orders(work: Any) -> None:
    page = product_page()
    told = article(page, title="Publié")
    only_draft = article(title="Brouillon en attente")
    only_draft.body = [speak_of(page)]
    only_draft.save_revision()
    inline = article(title="En passant", body=[block("text", f'<p><a linktype="offer" id="{page.pk}">là</a></p>')])
    article(title="Ailleurs")
    order(basket(page.product.goods.get().offer))
    work()

    found = places.of([page])

    assert [(row.page.pk, row.is_draft) for row in found.pages] == [
        (inline.pk, False), (told.pk, False), (only_draft.pk, True),
    ]  # fmt: skip
    assert found.orders == 1


def test_orders_count_only_when_the_last_page_goes() -> None:
    of = goods().product
    french, english = product_page(of), product_page(of, code="en")
    order(basket(of.goods.get().offer))

    assert (places.of([english]).orders, places.of([english, french]).orders) == (0, 1)


@pytest.mark.parametrize("ask", ["get", "post"])
def test_deleting_shows_where_it_stands(desk: Client, work: Any, ask: str) -> None:
    page = product_page()
    told = article(page)
    work()

    answer = getattr(desk, ask)(url("delete", page))

    assert told.title in answer.content.decode()
    assert 'name="vanish" value="archive"' in answer.content.decode()
    assert ProductPage.objects.filter(pk=page.pk).exists()


def test_archive_instead_keeps_the_page(desk: Client, work: Any) -> None:
    page = product_page()
    article(page)
    work()

    answer = desk.post(url("delete", page), {"vanish": "archive"})

    assert answer.status_code == 302
    assert ProductPage.objects.get(pk=page.pk).live
    assert Offer.objects.get().state == "archived"


def test_deleted_all_the_same_the_article_stays_whole(desk: Client, client: Client, work: Any) -> None:
    page = product_page()
    told = article(page)
    work()

    desk.post(url("delete", page), {"vanish": "sure"})

    assert not ProductPage.objects.exists()
    assert Offer.objects.get().state == "archived"
    assert client.get(told.url).status_code == 200


def test_an_ordered_product_can_lose_its_page_and_keeps_its_order(desk: Client) -> None:
    page = product_page()
    bought = order(basket(page.product.goods.get().offer))

    assert b'value="archive"' in desk.post(url("delete", page)).content
    desk.post(url("delete", page), {"vanish": "sure"})

    assert bought.lines.get().offer.goods.product.name == page.product.name


def test_what_stands_nowhere_is_deleted_as_usual(desk: Client) -> None:
    page = product_page()

    assert b'name="vanish"' not in desk.get(url("delete", page)).content
    desk.post(url("delete", page))

    assert not ProductPage.objects.exists()


def test_unpublishing_asks_too(desk: Client, work: Any) -> None:
    page = product_page()
    article(page)
    work()

    assert b'value="archive"' in desk.post(url("unpublish", page)).content
    assert ProductPage.objects.get().live
    desk.post(url("unpublish", page), {"vanish": "sure"})

    assert not ProductPage.objects.get().live


@pytest.mark.parametrize("deed", ["delete", "unpublish"])
def test_many_at_once_ask_too(desk: Client, work: Any, deed: str) -> None:
    told, other = product_page(), product_page()
    article(told)
    work()

    asked = desk.post(bulk(deed, told, other), {"include_descendants": "on"})
    assert b'value="archive"' in asked.content
    assert b'name="include_descendants" value="on"' in asked.content
    assert ProductPage.objects.live().count() == 2

    desk.post(bulk(deed, told, other), {"vanish": "sure"})
    assert ProductPage.objects.live().count() == 0


def test_deleting_the_shop_page_asks_for_what_stands_below(desk: Client, work: Any) -> None:
    page = product_page()
    article(page)
    work()

    assert b'value="archive"' in desk.get(url("delete", shop_page())).content


def test_a_product_page_is_not_copied(desk: Client) -> None:
    page = product_page()

    answer = desk.get(url("copy", page))

    assert answer.status_code == 302
    assert ProductPage.objects.count() == 1


def test_a_page_above_products_is_not_copied_either(desk: Client) -> None:
    product_page()

    assert desk.get(url("copy", shop_page())).status_code == 302


def test_adding_a_product_page_leads_to_the_form_that_makes_both(desk: Client) -> None:
    open_shop()

    answer = desk.get(reverse("wagtailadmin_pages:add", args=["store", "productpage", shop_page("en").pk]))

    assert answer.url == "/cms/produits/nouveau/?locale=en"
