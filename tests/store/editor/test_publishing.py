"""An article that speaks of what nobody can buy yet asks before it goes out."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.models import ArticlePage
from store.editor import publishing, states
from store.models import Offer, Price, ProductPage
from tests.factories import article, goods, product_page, ready
from tests.factories.pages import block, speak_of

pytestmark = pytest.mark.django_db


def draft_product(**fields: Any) -> ProductPage:
    return goods(ready(**fields), state="draft").product.pages.get()


def ask(article_page: ArticlePage) -> str:
    return f"{reverse('products:publish')}?page={article_page.pk}"


def form_of(page: ArticlePage) -> dict[str, Any]:
    """What the editor would post to publish the page with a new title."""
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

    body = [(row.block_type, {"product": str(row.value["product"].pk), "note": ""}) for row in page.body]
    return nested_form_data(
        {
            "title": "Un titre tapé à l'instant", "slug": page.slug, "summary": "", "cover": "", "cover_alt": "",
            "author": "", "section": "", "tags": "", "date": "2026-11-22 10:00", "seo_title": "",
            "search_description": "", "social_image": "", "go_live_at": "", "expire_at": "",
            "body": streamfield(body), "comments": inline_formset([]), "action-publish": "1",
        }
    )  # fmt: skip


def test_publishing_asks_and_loses_nothing_typed(desk: Client) -> None:
    waiting = draft_product()
    page = article(live=False, body=[speak_of(waiting)])

    answer = desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page))

    assert answer.url == ask(page)
    page.refresh_from_db()
    assert (page.live, page.get_latest_revision_as_object().title) == (False, "Un titre tapé à l'instant")
    assert waiting.title in desk.get(answer.url).content.decode()


def test_a_product_that_comes_back_is_asked_about(desk: Client) -> None:
    page = goods(ready(live=True)).product.pages.get()
    page.unpublish()
    page.refresh_from_db()

    assert [row.product for row in publishing.waiting(page)] == [page.product]
    publishing.publish(page, [page.product.pk], by=None)
    assert page.product.goods.get().offer.state == Offer.State.LIVE


def test_nothing_is_asked_when_all_is_on_sale(desk: Client) -> None:
    page = article(live=False, body=[speak_of(product_page())])

    desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page))

    page.refresh_from_db()
    assert (page.live, page.title) == (True, "Un titre tapé à l'instant")


def test_together_publishes_the_page_the_product_and_its_offers(desk: Client) -> None:
    waiting = draft_product()
    page = article(waiting, live=False)

    desk.post(ask(page), {"product": [waiting.product_id], "together": "1"})

    assert (ArticlePage.objects.get().live, ProductPage.objects.get().live) == (True, True)
    assert Offer.objects.get().state == "live"


def test_alone_leaves_the_product_as_it_was(desk: Client) -> None:
    waiting = draft_product()
    page = article(waiting, live=False)

    desk.post(ask(page), {"product": [waiting.product_id], "alone": "1"})

    assert (ArticlePage.objects.get().live, ProductPage.objects.get().live) == (True, False)
    assert Offer.objects.get().state == "draft"


def test_what_may_not_be_sold_says_why_and_publishes_nothing(desk: Client) -> None:
    waiting = draft_product(i_am_maker=False)
    page = article(waiting, live=False)

    assert " disabled" in desk.get(ask(page)).content.decode()
    answer = desk.post(ask(page), {"product": [waiting.product_id], "together": "1"})

    assert answer.status_code == 200
    assert (ArticlePage.objects.get().live, Offer.objects.get().state) == (False, "draft")


def test_inline_offers_and_shelves_are_seen_too() -> None:
    inline, first, second = draft_product(), draft_product(), product_page()
    words = f'<p><a linktype="offer" id="{inline.pk}">ceci</a></p>'
    shelf = block("shelf", {"title": "", "products": [first.pk, second.pk]})
    page = article(live=False, body=[block("text", words), shelf])

    assert {row.page.pk for row in publishing.waiting(page)} == {inline.pk, first.pk}


def test_archived_and_scheduled_products_are_not_asked_about() -> None:
    old = product_page(goods(state="archived").product, live=False)
    later = draft_product()
    Offer.objects.filter(goods__product=later.product_id).update(state="live")
    later.go_live_at = timezone.now() + timedelta(days=1)
    later.save_revision().publish()

    assert publishing.waiting(article(old, later, live=False)) == []


def test_a_product_page_with_draft_offers_asks_for_itself(desk: Client) -> None:
    waiting = draft_product()

    assert [row.page.pk for row in publishing.waiting(waiting)] == [waiting.pk]
    publishing.publish(waiting, [waiting.product_id], by=None)

    assert (ProductPage.objects.get().live, Offer.objects.get().state) == (True, "live")


def test_a_scheduled_article_puts_its_product_on_sale_at_its_hour() -> None:
    waiting = draft_product()
    page = article(waiting, live=False)
    page.go_live_at = timezone.now() + timedelta(days=3)
    page.save_revision()

    publishing.publish(page, [waiting.product_id], by=None)

    page.refresh_from_db()
    assert (page.live, Offer.objects.get().sale_from) == (False, page.go_live_at)


def test_publishing_again_changes_nothing_more() -> None:
    waiting = draft_product()
    page = article(waiting, live=False)
    publishing.publish(page, [waiting.product_id], by=None)

    assert publishing.publish(page, [waiting.product_id], by=None) == []
    assert Price.objects.count() == 1


def test_a_refusal_rolls_everything_back() -> None:
    ready, unready = draft_product(), draft_product(i_am_maker=False)
    page = article(ready, unready, live=False)

    with pytest.raises(states.NotReady):
        publishing.publish(page, [ready.product_id, unready.product_id], by=None)

    assert set(Offer.objects.values_list("state", flat=True)) == {"draft"}
    assert not ArticlePage.objects.get().live


def test_bulk_publishing_asks_too(desk: Client) -> None:
    page = article(draft_product(), live=False)
    url = f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'publish'])}?id={page.pk}"

    assert desk.post(url).url == ask(page)
    assert not ArticlePage.objects.get().live


def test_a_reader_is_not_let_in(client: Client) -> None:
    page = article(draft_product(), live=False)

    assert client.post(ask(page), {"alone": "1"}).status_code == 302
    assert not ArticlePage.objects.get().live
