"""JSON-LD and Open Graph: the page's own prices and states, one graph, stable ids."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from blog.models import Author
from store import pricing
from store.models import DeliveryMethod, DeliveryRate, Offer, ProductPage, ProductPicture
from tests import factories
from tests.factories.pages import BLOCK, markup

pytestmark = pytest.mark.django_db


def graph(client: Client, page: Any) -> dict[str, dict[str, Any]]:
    """{type: thing} of the page's only graph."""
    return markup(client.get(page.url))


def page_of(**fields: Any) -> ProductPage:
    """The page of a product with one variant."""
    return factories.product_page(factories.goods(**fields).product)


def test_product_says_price_and_availability(client: Client) -> None:
    page = page_of(price=4690)

    found = graph(client, page)["Product"]

    assert found["@id"] == f"http://testserver{page.url}#product"
    assert found["offers"]["price"] == "46.90"
    assert found["offers"]["priceCurrency"] == "EUR"
    assert found["offers"]["availability"] == "https://schema.org/InStock"
    assert found["offers"]["hasMerchantReturnPolicy"]["applicableCountry"] == "FR"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"units": 1}, "LimitedAvailability"),
        ({"units": 0}, "SoldOut"),
        ({"state": Offer.State.ARCHIVED}, "Discontinued"),
    ],
)
def test_availability_is_that_of_the_page(client: Client, fields: dict[str, Any], state: str) -> None:
    assert graph(client, page_of(**fields))["Product"]["offers"]["availability"] == f"https://schema.org/{state}"


def test_product_says_what_delivery_costs_where_and_how_long_it_takes(client: Client) -> None:
    page = page_of(price=4690)
    shop = factories.open_shop(dispatch_days=[1, 4])
    method = shop.delivery_methods.get()
    DeliveryRate.objects.create(method=method, countries=["LU", "BE"], amount=1290)
    factories.delivery_method(shop, kind=DeliveryMethod.Kind.PICKUP, name="Au comptoir")

    home, abroad = graph(client, page)["Product"]["offers"]["shippingDetails"]

    assert home["shippingRate"] == {"@type": "MonetaryAmount", "value": "5.00", "currency": "EUR"}
    assert home["deliveryTime"]["handlingTime"]["maxValue"] == 4
    assert home["deliveryTime"]["transitTime"]["maxValue"] == method.days_max
    assert abroad["shippingRate"]["value"] == "12.90"
    assert [row["addressCountry"] for row in abroad["shippingDestination"]] == ["BE", "LU"]


def test_delivery_is_free_where_the_price_makes_it_free(client: Client) -> None:
    page = page_of(price=9000)
    factories.open_shop().delivery_methods.update(free_from=9000)

    assert graph(client, page)["Product"]["offers"]["shippingDetails"][0]["shippingRate"]["value"] == "0.00"


def test_end_of_a_price_is_said_only_where_it_is_known(client: Client) -> None:
    page = page_of()
    offer = page.product.goods.get().offer
    assert "priceValidUntil" not in graph(client, page)["Product"]["offers"]

    Offer.objects.filter(pk=offer.pk).update(sale_until=datetime(2031, 6, 1, 10, tzinfo=UTC))
    assert graph(client, page)["Product"]["offers"]["priceValidUntil"] == "2031-06-01T12:00:00+02:00"

    pricing.set_price(offer, 1900, at=datetime(2031, 5, 1, 10, tzinfo=UTC))
    assert graph(client, page)["Product"]["offers"]["priceValidUntil"] == "2031-05-01T12:00:00+02:00"


def test_each_variant_has_the_picture(client: Client, work: Any) -> None:
    product = factories.product(photo=factories.photo())
    for price in (500, 900):
        factories.goods(product, price=price, options=[str(price)])
    page = factories.product_page(product)
    work()

    found = graph(client, page)["ProductGroup"]

    assert found["image"]
    assert [row["image"] for row in found["hasVariant"]] == [found["image"]] * 2


def test_article_names_its_author_with_her_page(client: Client) -> None:
    author = Author.objects.create(name="Anne", slug="anne")

    article = factories.article(author=author)

    address = f"http://testserver{factories.journal().url}auteur/anne/"
    assert graph(client, article)["BlogPosting"]["author"] == {
        "@type": "Person", "@id": f"{address}#author", "name": "Anne", "url": address,
    }  # fmt: skip
    assert client.get(address).status_code == 200


def test_variants_make_a_group_each_with_its_price(client: Client) -> None:
    product = factories.product()
    for price in (500, 900):
        factories.goods(product, price=price, options=[str(price)])
    page = factories.product_page(product)

    found = graph(client, page)["ProductGroup"]

    assert found["productGroupID"] == product.code
    assert [row["offers"]["price"] for row in found["hasVariant"]] == ["5.00", "9.00"]
    assert len({row["@id"] for row in found["hasVariant"]}) == 2
    assert "offers" not in found


def test_article_that_sells_stays_an_article_and_mentions(client: Client) -> None:
    first, second = page_of(), page_of()
    article = factories.article(first, second)

    found = graph(client, article)

    assert found["BlogPosting"]["mentions"] == [
        {"@id": f"http://testserver{page.url}#product"} for page in (first, second)
    ]
    assert set(found) == {"BlogPosting", "BreadcrumbList"}


def test_article_that_sells_one_thing_carries_its_offer(client: Client) -> None:
    page = page_of(price=4690)

    found = graph(client, factories.article(page))

    assert found["Product"]["@id"] == found["BlogPosting"]["mentions"][0]["@id"]
    assert found["Product"]["offers"]["price"] == "46.90"


def test_article_that_sells_nothing_mentions_nothing(client: Client) -> None:
    assert "mentions" not in graph(client, factories.article())["BlogPosting"]


def test_front_page_tells_site_and_shop(client: Client) -> None:
    factories.open_shop()

    found = graph(client, factories.home())

    assert found["WebSite"]["publisher"] == {"@id": found["OnlineStore"]["@id"]}


def test_title_cannot_end_the_data_block(client: Client) -> None:
    article = factories.article(title='</script><script>alert("&")</script>')
    html = client.get(article.url).content.decode()

    assert json.loads(BLOCK.findall(html)[0])["@graph"][0]["headline"] == article.title
    assert "<script>alert" not in html


def test_open_graph_of_a_product(client: Client) -> None:
    html = client.get(page_of(price=4690).url).content.decode()

    for name, value in (
        ("og:type", "product"), ("product:price:amount", "46.90"), ("product:price:currency", "EUR"), ("product:availability", "instock"),
    ):  # fmt: skip
        assert f'<meta property="{name}" content="{value}">' in html


@pytest.mark.parametrize("size", [(1600, 1200), (300, 200)])
def test_shared_picture_is_the_drawn_one(client: Client, work: Any, size: tuple[int, int]) -> None:
    image = factories.photo(size=size)
    work()
    html = client.get(factories.article(cover=image).url).content.decode()

    assert '<meta property="og:image:width" content="1200">' in html
    assert '<meta property="og:image:height" content="630">' in html
    assert '<meta name="twitter:card" content="summary_large_image">' in html


ALT = re.compile(r'<meta property="og:image:alt" content="([^"]*)">')


def test_shared_picture_is_described_by_its_own_words(client: Client) -> None:
    image = factories.photo(description="Un établi")
    product = factories.product_page()
    ProductPicture.objects.create(page=product, photo=image, alt="Une poêle noire")
    told = factories.article(cover=image, cover_alt="Un seau")

    assert ALT.findall(client.get(product.url).content.decode()) == ["Une poêle noire"]
    assert ALT.findall(client.get(told.url).content.decode()) == ["Un seau"]
    assert ALT.findall(client.get(factories.home().url).content.decode()) == ["Un seau"]
    assert ALT.findall(client.get(factories.article(cover=image).url).content.decode()) == ["Un établi"]


def test_shared_picture_that_nobody_described_says_nothing(client: Client) -> None:
    assert ALT.findall(client.get(factories.article(cover=factories.photo()).url).content.decode()) == []
