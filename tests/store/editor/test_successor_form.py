"""She says what takes a product's place where she archives it, and on its screen."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from store import successors
from store.editor.successor_form import SuccessorForm
from store.models import Offer, Product, ProductPage
from tests.factories import article, goods, product_page

pytestmark = pytest.mark.django_db


def door(of: Product) -> str:
    return reverse("products:state", args=[of.pk])


def typed(of: Product, heir: ProductPage | None) -> dict[str, Any]:
    """As the chooser sends it."""
    return {f"p{of.pk}-successor": heir.pk if heir else ""}


def heir_of(page: ProductPage) -> Product | None:
    return Product.objects.get(pk=page.product_id).successor


def test_archiving_on_the_screen_says_what_takes_its_place(desk: Client) -> None:
    page, heir = product_page(), product_page()

    answer = desk.post(door(page.product), {"state": "archived", **typed(page.product, heir)}, follow=True)

    assert heir_of(page) == heir.product
    assert page.product.goods.get().offer.state == Offer.State.ARCHIVED
    assert heir.title in answer.content.decode()


def test_it_can_be_said_later_and_taken_back(desk: Client) -> None:
    page, heir = product_page(goods(state=Offer.State.ARCHIVED).product), product_page()

    desk.post(door(page.product), typed(page.product, heir))
    assert heir_of(page) == heir.product
    desk.post(door(page.product), typed(page.product, None))

    assert heir_of(page) is None
    assert page.product.goods.get().offer.state == Offer.State.ARCHIVED


def test_a_form_without_the_field_leaves_it(desk: Client) -> None:
    page, heir = product_page(), product_page()
    successors.name(page.product, heir.product, by=None)

    desk.post(door(page.product), {"state": "archived"})

    assert heir_of(page) == heir.product


def test_what_has_no_page_any_more_stays(desk: Client) -> None:
    page, heir = product_page(), goods().product
    successors.name(page.product, heir, by=None)

    desk.post(door(page.product), {"state": "archived", **typed(page.product, None)})

    assert heir_of(page) == heir


def test_a_circle_is_told_at_the_field_and_nothing_is_saved(desk: Client) -> None:
    page, heir = product_page(), product_page()
    successors.name(heir.product, page.product, by=None)

    for wrong, words in ((page, "sa propre place"), (heir, f"{page.product} → {heir.product} → {page.product}")):
        answer = desk.post(door(page.product), {"state": "archived", **typed(page.product, wrong)})
        assert answer.status_code == 422
        assert words in str(answer.context["successor"].errors)
    assert heir_of(page) is None
    assert page.product.goods.get().offer.state == Offer.State.LIVE


def test_the_chooser_shows_the_page_in_her_language() -> None:
    page, heir = product_page(), goods().product
    product_page(heir, code="en")
    french = product_page(heir)
    successors.name(page.product, heir, by=None)

    assert SuccessorForm(page.product).initial["successor"] == french


def test_archive_instead_of_deleting_asks_for_it(desk: Client, client: Client, work: Any) -> None:
    page, heir = product_page(), product_page()
    told = article(page)
    work()
    url = reverse("wagtailadmin_pages:delete", args=[page.pk])

    assert f'name="p{page.product_id}-successor"' in desk.get(url).content.decode()
    answer = desk.post(url, {"vanish": "archive", **typed(page.product, heir)})

    assert answer.status_code == 302
    assert heir_of(page) == heir.product
    assert "Remplacé par" in client.get(told.url).content.decode()


def test_two_that_would_take_each_other_s_place_are_both_kept(desk: Client, work: Any) -> None:
    one, two = product_page(), product_page()
    article(one, two)
    work()
    url = f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'delete'])}?id={one.pk}&id={two.pk}"

    answer = desk.post(url, {"vanish": "archive", **typed(one.product, two), **typed(two.product, one)})

    assert answer.status_code == 422
    assert [heir_of(page) for page in (one, two)] == [None, None]
    assert set(Offer.objects.values_list("state", flat=True)) == {Offer.State.LIVE}
