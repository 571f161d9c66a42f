"""No page names two things alike: an id is there for one label, one description, one link."""

import re
from collections import Counter

import pytest
from django.test import Client

from tests import factories
from tests.factories.pages import block

pytestmark = pytest.mark.django_db


def twice(html: str) -> list[str]:
    """The ids that stand on more than one element."""
    counted = Counter(re.findall(r'\sid="([^"]*)"', html))
    assert counted["main"] >= 1
    return [name for name, times in counted.items() if times > 1]


def test_an_article_that_offers_one_thing_in_many_places(client: Client) -> None:
    """Card, card again, shelf, running text, the list at the end; and headings of the same words."""
    several = factories.product()
    for label in ("Petit", "Grand"):
        factories.goods(several, options=[label])
    pages = [factories.product_page(), factories.product_page(several)]
    shelf = block("shelf", {"title": "", "products": [page.pk for page in pages]})
    words = "".join(f'<p><a linktype="offer" id="{page.pk}">celui-ci</a></p>' for page in pages)
    headings = [block("heading", words) for words in ("Main", "Encore", "Encore 2", "Encore", "Dans cet article")]
    cards = [factories.speak_of(page) for page in (*pages, *pages)]
    article = factories.article(body=[*headings, *cards, shelf, shelf, block("text", words)])

    first, second = client.get(article.url), client.get(article.url)

    assert twice(first.content.decode()) == []
    assert first.content == second.content


def test_a_product_page_whose_headings_are_the_page_s_own_words(client: Client) -> None:
    body = [block("heading", words) for words in ("Facts", "Delivery", "Guarantee", "Safety", "Told")]
    page = factories.product_page(body=body)

    assert twice(client.get(page.url).content.decode()) == []
