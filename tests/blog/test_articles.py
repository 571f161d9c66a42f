"""An article as a reader gets it: text, offers in every state, the list at its end, the way on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from blog import reading
from blog.models import ArticlePage, Author, Section
from store.models import Offer, ProductPage
from tests import factories
from tests.factories.pages import block

pytestmark = pytest.mark.django_db
Get = Callable[[ArticlePage], str]


@pytest.fixture
def get(client: Client) -> Get:
    """The page's HTML."""

    def ask(page: ArticlePage) -> str:
        response = client.get(page.get_url() or "")
        assert response.status_code == 200
        return response.content.decode()

    return ask


def selling(**fields: Any) -> tuple[ProductPage, Offer]:
    """A product's page and its only offer."""
    goods = factories.goods(**fields)
    return factories.product_page(goods.product), goods.offer


def test_offer_stands_in_the_text_with_price_stock_and_button(get: Get) -> None:
    page, offer = selling(price=4690, units=2)

    html = get(factories.article(page))

    assert f'data-offer-group="product-{page.product_id}" data-state="last" data-offer="{offer.pk}"' in html
    assert "46,90\u00a0€" in html
    assert "data-buy" in html


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"units": 0}, "sold_out"),
        ({"sale_from": timedelta(days=9)}, "scheduled"),
        ({"state": Offer.State.ARCHIVED}, "archived"),
        ({"sale_until": timedelta(days=-1)}, "archived"),
    ],
)
def test_offer_that_cannot_be_had_keeps_its_place(get: Get, change: dict[str, Any], state: str) -> None:
    page, offer = selling(units=change.pop("units", 5))
    for name, value in change.items():
        setattr(offer, name, timezone.now() + value if isinstance(value, timedelta) else value)
    offer.save()

    html = get(factories.article(page))

    assert f'data-offer-group="product-{page.product_id}" data-state="{state}"' in html
    assert ("data-buy" in html) is (state in {"sold_out", "scheduled"})  # kept for /live/, hidden by the state


def test_draft_offer_does_not_show(get: Get) -> None:
    page, _offer = selling(state=Offer.State.DRAFT)

    assert "data-offer-group" not in get(factories.article(page))


def test_unpublished_product_keeps_its_card_without_a_link(get: Get) -> None:
    page, _offer = selling()
    article = factories.article(page)
    page.unpublish()

    html = get(article)

    assert f'data-offer-group="product-{page.product_id}"' in html
    assert page.url not in html


def test_deleted_product_leaves_the_article_whole(get: Get) -> None:
    page, _offer = selling()
    article = factories.article(page)
    page.delete()

    html = get(article)

    assert "Bonjour." in html
    assert "data-offer-group" not in html


def test_inline_offer_shows_words_link_and_price(get: Get) -> None:
    page, _offer = selling(price=1290)
    words = block("text", f'<p>Prenez <a linktype="offer" id="{page.pk}">la petite</a>.</p>')

    html = get(factories.article(body=[words]))

    assert f'<a class="inline-offer" href="{page.url}"' in html
    assert "12,90\u00a0€" in html


@pytest.mark.parametrize("gone", ["delete", "unpublish"])
def test_inline_offer_of_a_product_that_is_gone_is_plain_words(get: Get, gone: str) -> None:
    page, _offer = selling()
    article = factories.article(body=[block("text", f'<p><a linktype="offer" id="{page.pk}">la petite</a></p>')])
    getattr(page, gone)()

    html = get(article)

    assert "<p>la petite</p>" in html


def test_shelf_of_which_one_remains_shows_it_alone(get: Get) -> None:
    first, second = selling()[0], selling()[0]
    article = factories.article(body=[block("shelf", {"title": "Deux", "products": [first.pk, second.pk]})])
    second.delete()

    html = get(article)

    assert 'class="shelf"' not in html
    assert f'data-offer-group="product-{first.product_id}"' in html


def test_english_article_shows_the_english_page_of_the_product(client: Client) -> None:
    page, _offer = selling()
    english = page.copy_for_translation(factories.locale("en"), copy_parents=True)
    english.title = "The small one"
    english.save_revision().publish()

    html = client.get(factories.article(page, code="en").get_url() or "").content.decode()

    assert "The small one" in html
    assert english.url in html


def test_in_this_article_names_each_offer_once_from_two_on(get: Get) -> None:
    first, second = selling()[0], selling()[0]

    html = get(factories.article(first, second, first))

    assert html.count('class="offer-list__row"') == 2


def test_one_offer_is_named_again_only_when_it_stands_far_up(get: Get) -> None:
    page, _offer = selling()
    words = [block("text", "<p>Encore.</p>") for _number in range(reading.FAR)]
    near = factories.article(body=[*words, factories.speak_of(page)])
    far = factories.article(body=[factories.speak_of(page), *words])

    assert "offer-list__row" not in get(near)
    assert "offer-list__row" in get(far)


def test_an_article_always_leads_on(get: Get) -> None:
    alone = factories.article(date=timezone.now() - timedelta(days=2))
    assert alone.get_parent().url in get(alone)

    newer = factories.article(date=timezone.now() - timedelta(days=1))

    assert newer.url in get(alone)
    assert alone.url in get(newer)


def test_next_article_is_the_one_before_it() -> None:
    days = [factories.article(date=timezone.now() - timedelta(days=age)) for age in (3, 2, 1)]

    assert reading.next_article(days[2]) == days[1]
    assert reading.next_article(days[1]) == days[0]
    assert reading.next_article(days[0]) == days[2]


def test_head_names_author_section_and_tags(get: Get) -> None:
    author = Author.objects.create(name="Anne", slug="anne", words="Un.\n\nDeux.", locale=factories.locale())
    section = Section.objects.create(name="Objets", slug="objets", locale=factories.locale())
    article = factories.article(author=author, section=section)
    article.tags.add("acier")
    article.save_revision().publish()

    html = get(article)

    for name, value in (("section", "objets"), ("author", "anne"), ("tag", "acier")):
        assert article.get_parent().specific.reverse_subpage(name, args=[value]) in html
    assert '<meta property="article:section" content="Objets">' in html
    assert "<p>Un.</p>" in html


@pytest.mark.parametrize(("words", "time"), [(0, 1), (220, 1), (221, 2), (880, 4)])
def test_reading_time_is_never_nothing(words: int, time: int) -> None:
    assert reading.minutes(factories.article(body=[block("text", "<p>" + "mot " * words + "</p>")]).body) == time


def test_closed_shop_still_reads(client: Client) -> None:
    page, _offer = selling()
    article = factories.article(page)
    shop = page.product.shop
    shop.is_closed, shop.closed_words = True, "Je suis à la foire."
    shop.save()

    for path in (article.url, page.url, page.get_parent().url):
        response = client.get(path)
        assert response.status_code == 200
        assert "Je suis à la foire." in response.content.decode()
        assert "data-buy" not in response.content.decode()


def test_heading_of_an_offer_follows_the_text(get: Get) -> None:
    page, _offer = selling()
    below = factories.article(body=[block("heading", "Un titre"), factories.speak_of(page)])

    assert '<h2 class="offer__name">' in get(factories.article(page))
    assert '<h3 class="offer__name">' in get(below)
