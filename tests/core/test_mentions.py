"""Which pages speak of a thing."""

from collections.abc import Callable
from typing import Any

import pytest

from core import mentions
from tests import factories
from tests.factories.pages import block

pytestmark = pytest.mark.django_db
Work = Callable[[], list[Any]]  # Wagtail's index of references is kept by a task


def test_mentions_knows_a_page_that_speaks_of_a_product(work: Work) -> None:
    page, other = factories.product_page(), factories.product_page()
    article = factories.article(page)
    work()

    assert mentions.mentions(article, [page]) is True
    assert mentions.mentions(article, [other]) is False
    assert mentions.mentions(article, []) is False


def test_mentions_sees_inline_links(work: Work) -> None:
    page = factories.product_page()
    words = block("text", f'<p>Prenez <a linktype="offer" id="{page.pk}">ceci</a>.</p>')

    article = factories.article(body=[words])
    work()

    assert mentions.mentions(article, [page]) is True


def test_told_in_names_live_articles_of_the_language_newest_first(work: Work) -> None:
    page = factories.product_page()
    first, second = factories.article(page), factories.article(page)
    factories.article(page, live=False)
    factories.article(page, code="en")
    work()

    told = mentions.told_in([page], page.locale_id)

    assert [row.pk for row in told] == [second.pk, first.pk]


def test_told_in_leaves_out_front_pages_and_what_is_restricted(work: Work) -> None:
    page = factories.product_page()
    article = factories.article(page)
    home = factories.home()
    home.shelf = [("product", page)]
    home.save_revision().publish()
    article.view_restrictions.create(restriction_type="login")
    work()

    assert mentions.told_in([page], page.locale_id) == []
