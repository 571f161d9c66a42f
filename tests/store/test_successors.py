"""What took a product's place: named by its owner, never in a circle, shown with the price of the day."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from store import offers, pricing, successors
from store.models import Offer, Product, ProductPage
from tests import factories
from tests.factories.pages import block

pytestmark = pytest.mark.django_db


def sold(**fields: Any) -> ProductPage:
    """The page of a product with one variant."""
    return factories.product_page(factories.goods(**fields).product)


def past(*heirs: Product) -> ProductPage:
    """An archived product; each of these takes the place of the one before."""
    page = sold(state=Offer.State.ARCHIVED)
    for before, after in zip([page.product, *heirs], heirs, strict=False):
        successors.name(before, after, by=None)
    return page


def words(client: Client, path: str, status: int = 200) -> list[str]:
    """What stands in each line about a successor, without its tags."""
    response = client.get(path)
    assert response.status_code == status
    found = re.findall(r'<p class="successor">(.*?)</p>', response.content.decode(), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).replace("\xa0", " ").split()) for line in found]


def test_naming_is_logged_once() -> None:
    product, heir = factories.product(), factories.product()

    assert successors.name(product, heir, by=factories.owner())
    assert not successors.name(product, heir, by=factories.owner())

    product.refresh_from_db()
    (entry,) = ModelLogEntry.objects.filter(action="store.product_succeeded")
    assert (product.successor, entry.data) == (heir, {"successor": heir.name})
    assert successors.name(product, None, by=None)
    product.refresh_from_db()
    assert product.successor is None


def test_never_itself_not_even_in_the_data() -> None:
    product = factories.product()

    with pytest.raises(successors.Circle):
        successors.name(product, product, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(successor=product)


def test_no_circle_by_way_of_others() -> None:
    one, two, three = (factories.product() for _number in range(3))
    successors.name(one, two, by=None)
    successors.name(two, three, by=None)

    with pytest.raises(successors.Circle) as refused:
        successors.name(three, one, by=None)

    assert refused.value.way == [one, two, three]
    three.refresh_from_db()
    assert three.successor is None


def test_a_circle_in_old_data_ends() -> None:
    one, two = factories.product(), factories.product()
    Product.objects.filter(pk=one.pk).update(successor=two)
    Product.objects.filter(pk=two.pk).update(successor=one)

    assert successors.chains(Product.objects.filter(pk=one.pk)) == {one.pk: [two.pk, one.pk]}


def test_group_of_what_is_past_has_the_nearest_that_is_sold() -> None:
    between, heir = sold(state=Offer.State.ARCHIVED), sold(price=2400)
    page = past(between.product, heir.product)

    group = offers.groups_for([page])[page.pk]

    assert group.successor is not None
    assert (group.successor.title, group.successor.url, group.successor.price_text) == (
        heir.title, heir.url, "24,00\u00a0€",
    )  # fmt: skip


def test_nothing_is_named_that_cannot_be_had() -> None:
    nowhere, priceless = factories.goods().product, factories.goods().product
    factories.product_page(priceless)
    priceless.goods.get().offer.prices.all().delete()
    gone = sold()
    gone.unpublish()
    for heir in (nowhere, priceless, gone.product):
        page = past(heir)
        assert offers.groups_for([page])[page.pk].successor is None


def test_what_is_still_sold_names_nobody() -> None:
    page, heir = sold(), sold()
    successors.name(page.product, heir.product, by=None)

    assert offers.groups_for([page])[page.pk].successor is None


def test_archived_page_names_it_in_both_languages(client: Client) -> None:
    heir = factories.goods(price=2400).product
    french, english = factories.product_page(heir), factories.product_page(heir, code="en", title="Other thing")
    page = past(heir)
    translated = factories.product_page(page.product, code="en")

    assert words(client, page.url) == [f"Remplacé par {french.title} 24,00 €"]
    assert words(client, translated.url) == ["Replaced by Other thing €24.00"]
    assert f'href="{english.url}"' in client.get(translated.url).content.decode()


def test_gone_page_names_it_and_offers_it(client: Client) -> None:
    heir = sold(price=2400)
    page = past(sold(state=Offer.State.ARCHIVED).product, heir.product)
    page.unpublish()

    assert words(client, page.url, 410) == [f"Remplacé par {heir.title} 24,00 €"]
    assert "data-buy" in client.get(page.url).content.decode()


def test_price_is_that_of_the_moment(client: Client) -> None:
    heir = sold(price=2400)
    page = past(heir.product)
    pricing.set_price(heir.product.goods.get().offer, 2600)

    assert words(client, page.url) == [f"Remplacé par {heir.title} 26,00 €"]
    assert f'data-offer="{heir.product.goods.get().offer_id}"' in client.get(page.url).content.decode()


def test_each_place_in_an_article_names_it(client: Client) -> None:
    """Card, shelf, and the list at the end."""
    heir, other = sold(price=2400), sold()
    page = past(heir.product)
    shelf = block("shelf", {"title": "", "products": [page.pk, other.pk]})
    article = factories.article(body=[factories.speak_of(page), shelf])

    assert words(client, article.url) == [f"Remplacé par {heir.title} 24,00 €"] * 3


def test_heir_that_is_sold_out_says_so(client: Client) -> None:
    """A word stands in the place of the price (the style sheet shows one of both)."""
    heir = sold(price=2400, units=0)

    assert words(client, past(heir.product).url) == [f"Remplacé par {heir.title} 24,00 € Épuisé"]


def test_many_that_are_past_ask_no_more() -> None:
    counts = []
    for number in (1, 6):
        pages = [past(sold().product) for _number in range(number)]
        with CaptureQueriesContext(connection) as queries:
            groups = offers.groups_for(pages)
        assert all(groups[page.pk].successor for page in pages)
        counts.append(len(queries))

    assert counts[0] == counts[1]
