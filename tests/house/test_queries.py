"""How much a page asks of the database.

Counted on the second view: the shop, the menus and the site's addresses are held in process memory for a few seconds
(core.held, store.selling), as they are under any load. What a process asks on top when it remembers nothing is bounded
by the last test. The cache is the real one, in the database.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import ArticlePage
from core import held
from core.models import Photo
from home.models import Menu, MenuEntry
from store import selling
from store.models import CategoryPage, ProductPage
from tests import factories
from tests.factories.pages import block

pytestmark = pytest.mark.django_db
Count = Callable[[str], int]


@pytest.fixture
def count(client: Client) -> Count:
    """Queries of the second view of an address."""

    def ask(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        assert response.status_code == 200
        return len(queries)

    return ask


def picture(image: Photo) -> dict[str, Any]:
    value = {"image": image.pk, "alt_text": "Un seau", "decorative": False}
    return block("image", {"image": value, "caption": "", "wide": False})


def pages(number: int) -> list[ProductPage]:
    """Product pages with two variants and a picture each."""
    found = []
    for _number in range(number):
        product = factories.product(photo=factories.photo())
        for label in ("Petit", "Grand"):
            factories.goods(product, options=[label])
        found.append(factories.product_page(product))
    return found


def article(offers: int) -> ArticlePage:
    """Three pictures and that many offers: blocks, a shelf, and links in the text, whose last are the first again."""
    sold = pages(offers)
    words = "".join(f'<p><a linktype="offer" id="{page.pk}">celui-ci</a></p>' for page in sold)
    shelf = block("shelf", {"title": "", "products": [page.pk for page in sold[:3]]})
    body = [block("text", words), *(picture(factories.photo()) for _number in range(3))]
    body += [factories.speak_of(page) for page in sold] + [shelf]
    found = factories.article(cover=factories.photo(), body=body)
    found.tags.add("acier", "bois")
    found.save_revision().publish()
    menu()
    return found


def menu() -> None:
    """A menu with three entries."""
    row, made = Menu.objects.get_or_create(shop=factories.open_shop(), locale=factories.locale())
    for label in ("Un", "Deux", "Trois") if made else ():
        MenuEntry.objects.create(menu=row, label=label, page=factories.journal())


def test_article_with_three_pictures_and_three_offers(count: Count) -> None:
    assert count(article(3).url) <= 14


def test_article_asks_no_more_for_ten_offers(count: Count) -> None:
    assert count(article(10).url) == count(article(3).url)


def test_product_page(count: Count) -> None:
    page = pages(1)[0]
    page.categories = [
        factories.shop_page().add_child(
            instance=CategoryPage(title="Cuisine", slug="cuisine", locale=factories.locale())
        )
    ]
    page.save()
    menu()

    assert count(page.url) <= 14


def test_list_of_twenty_articles(count: Count) -> None:
    for _number in range(20):
        factories.article(cover=factories.photo())
    menu()

    assert count(factories.journal().url) <= 12


def test_shop_asks_no_more_for_more_categories(count: Count) -> None:
    counts = []
    for name in ("un", "deux", "trois"):
        category = factories.shop_page().add_child(
            instance=CategoryPage(title=name, slug=name, locale=factories.locale())
        )
        for page in pages(2):
            page.categories = [category]
            page.save()
        counts.append(count(factories.shop_page().url))

    assert counts[0] == counts[2] <= 14


def test_category(count: Count) -> None:
    category = factories.shop_page().add_child(
        instance=CategoryPage(title="Cuisine", slug="cuisine", locale=factories.locale())
    )
    for page in pages(7):
        page.categories = [category]
        page.save()

    assert count(category.url) <= 14


def test_front_page(count: Count) -> None:
    for _date in range(4):
        factories.event_page()
    home = factories.home()
    for page in pages(3):
        factories.article(page, cover=factories.photo())
    home.portrait, home.word = factories.photo(), "Entrez."
    home.save_revision().publish()
    menu()

    assert count(home.url) <= 15


def test_live(count: Count) -> None:
    ids = ",".join(str(goods.offer_id) for page in pages(5) for goods in page.product.goods.all())

    assert count(f"/live/?o={ids}") <= 3


def test_a_process_that_remembers_nothing_asks_a_bounded_number(client: Client) -> None:
    page = article(3)
    cache.clear()
    held.forget()
    selling._held.clear()  # noqa: SLF001 - no verb for it: only tests go back in time

    with CaptureQueriesContext(connection) as queries:
        client.get(page.url)

    assert len(queries) <= 34
