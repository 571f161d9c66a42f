"""Offers in running text, blocks in the picker, checks of the content."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import ReferenceIndex
from wagtail.rich_text import expand_db_html

from blog.blocks import ArticleBody
from store.editor.checks import HouseChecker
from store.rich_text import offers_in
from tests.factories import article, goods, product_page
from tests.factories.pages import block

pytestmark = pytest.mark.django_db
LINKS = 7  # their pages, and what one batch of offers asks


def link(pk: object, words: str = "la poêle") -> str:
    return f'<a linktype="offer" id="{pk}">{words}</a>'


def test_what_is_stored_survives_the_editor() -> None:
    page = product_page()
    converter = ContentstateConverter(features=["bold", "offer"])
    stored = f'<p data-block-key="abcde">Prenez <a linktype="offer" id="{page.pk}">la poêle</a>.</p>'

    state = converter.from_database_format(stored)

    assert '"name": "Produit' in state
    assert converter.to_database_format(state) == stored


def test_a_link_to_a_deleted_product_survives_the_editor_too() -> None:
    converter = ContentstateConverter(features=["offer"])
    stored = '<p data-block-key="abcde"><a linktype="offer" id="999">la poêle</a></p>'

    assert converter.to_database_format(converter.from_database_format(stored)) == stored


def test_the_link_carries_price_and_offer() -> None:
    page = product_page(goods(price=4690).product)

    html = expand_db_html(f"<p>{link(page.pk)}</p>")

    offer = page.product.goods.get().offer_id
    assert html == (
        f'<p><a class="inline-offer" href="{page.url}" data-offer="{offer}" data-price="46,90\xa0€">la poêle</a></p>'
    )


@pytest.mark.parametrize("key", ["999", "x", "", "²"])
def test_a_link_to_nothing_keeps_its_words(key: str) -> None:
    assert expand_db_html(f"<p>{link(key)}</p>") == "<p><a>la poêle</a></p>"


def test_an_unpublished_or_draft_product_is_no_link() -> None:
    hidden = product_page(live=False)
    draft = product_page(goods(state="draft").product)

    html = expand_db_html(link(hidden.pk) + link(draft.pk))

    assert html == "<a>la poêle</a>" * 2


def test_many_links_cost_what_two_cost(django_assert_num_queries: Any) -> None:
    pages = [product_page() for _n in range(6)]
    expand_db_html(link(pages[0].pk))
    texts = ["".join(link(page.pk) for page in pages[:n]) for n in (2, 6)]

    for text in texts:
        with django_assert_num_queries(LINKS):
            expand_db_html(text)


def test_links_count_as_usage(work: Any) -> None:
    page = product_page()
    told = article(body=[block("text", f"<p>{link(page.pk)}</p>")])
    work()

    found = ReferenceIndex.get_references_to(page)

    assert [row.object_id for row in found] == [str(told.pk)]


def test_offers_in_reads_keys_in_order() -> None:
    assert offers_in(f'<p>{link(3)} <a href="/x/">x</a> {link(2)}</p>') == [3, 2]


def test_the_product_block_is_named_so_that_slash_produit_finds_it() -> None:
    child = ArticleBody().child_blocks["produit"]

    assert (child.name, str(child.meta.group), child.is_previewable) == ("produit", str(child.meta.group), True)


@pytest.mark.parametrize("name", ["produit", "shelf"])
def test_a_block_shows_itself_in_the_picker(desk: Client, name: str) -> None:
    page = product_page(goods(price=4690).product, title="Poêle de fer")
    child = article().body.stream_block.child_blocks[name]

    html = desk.get(reverse("wagtailadmin_block_preview"), {"id": child.definition_prefix}).content.decode()

    assert (page.title in html, "46,90\xa0€" in html) == (True, True)


def test_a_preview_brings_the_checks_and_a_public_page_does_not(desk: Client, client: Client) -> None:
    page = article()

    draft = desk.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()

    assert "w-userbar" in draft
    assert "image-redundant-alt" in draft
    assert "userbar" not in client.get(page.url).content.decode()


def test_the_editor_checks_with_the_house_rules(desk: Client) -> None:
    page = article()

    html = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert '"image-redundant-alt"' in html


def test_every_rule_of_ours_has_words() -> None:
    own = {"image-alt", "image-redundant-alt", "page-has-heading-one"}

    assert own <= set(HouseChecker.axe_run_only)
    assert own <= set(HouseChecker.axe_messages)
