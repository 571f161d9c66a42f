"""What the templates are given of things for sale."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from store import offers, pricing
from store.models import Offer, ProductFact, ProductPage
from tests import factories

pytestmark = pytest.mark.django_db


def only(page: Any, **more: Any) -> offers.OfferGroup:
    """The group of one page."""
    return offers.groups_for([page], **more)[page.pk]


def test_group_of_one_variant() -> None:
    goods = factories.goods(price=4690, units=10)
    page = factories.product_page(goods.product, summary="Court.", hand_line="De ma main.")

    group = only(page)

    assert (group.key, group.kind, group.title, group.url) == (
        f"product-{goods.product_id}",
        "goods",
        page.title,
        page.url,
    )
    assert (group.state, group.price_text, group.hand, group.summary) == (
        "available",
        "46,90\u00a0€",
        "De ma main.",
        "Court.",
    )
    assert [(row.offer_id, row.amount, row.currency, row.max_quantity) for row in group.choices] == [
        (goods.offer_id, 4690, "EUR", 10)
    ]


def test_group_of_several_variants_says_from_the_lowest_price() -> None:
    product = factories.product()
    for label, price in (("Grand", 900), ("Petit", 500)):
        factories.goods(product, price=price, options=[label], options_en=[label.upper()])
    page = factories.product_page(product)

    group = only(page)

    assert [row.label for row in group.choices] == ["Grand", "Petit"]
    assert "5,00\u00a0€" in group.price_text
    assert group.price_text != "5,00\u00a0€"
    assert [row.label for row in only(page, locale="en").choices] == ["GRAND", "PETIT"]


def test_default_is_the_first_that_can_be_bought() -> None:
    product = factories.product()
    factories.goods(product, units=0)
    second = factories.goods(product, units=3)

    group = only(factories.product_page(product))

    assert group.default.offer_id == second.offer_id
    assert group.state == "available"


def test_draft_variants_are_left_out_while_others_are_on_sale() -> None:
    product = factories.product()
    live = factories.goods(product)
    factories.goods(product, state=Offer.State.DRAFT)

    assert [row.offer_id for row in only(factories.product_page(product)).choices] == [live.offer_id]


@pytest.mark.parametrize(
    ("units", "state", "most"), [(None, "available", 20), (50, "available", 20), (2, "last", 2), (0, "sold_out", 0)]
)
def test_state_follows_stock(units: int | None, state: str, most: int) -> None:
    group = only(factories.product_page(factories.goods(units=units).product))

    assert (group.state, group.default.max_quantity) == (state, most)


def test_sold_out_says_when_it_comes_back() -> None:
    goods = factories.goods(units=0)
    pool = factories.stocked(goods.offer)
    pool.back_on = date(2027, 3, 1)
    pool.save()

    with translation.override("en"):
        assert only(factories.product_page(goods.product)).state_text == "Back in March"


def test_reduction_shows_the_lowest_price_of_the_thirty_days_before() -> None:
    goods = factories.goods()
    goods.offer.prices.all().delete()
    for days, amount in ((50, 2000), (10, 2400), (1, 1500)):
        pricing.set_price(goods.offer, amount, at=timezone.now() - timedelta(days=days))

    choice = only(factories.product_page(goods.product)).default

    assert (choice.price_text, choice.was_text) == ("15,00\u00a0€", "20,00\u00a0€")


def test_prices_and_priors_agree_with_pricing() -> None:
    goods = factories.goods()
    goods.offer.prices.all().delete()
    for days, amount in ((60, 3000), (40, 1200), (5, 900)):
        pricing.set_price(goods.offer, amount, at=timezone.now() - timedelta(days=days))
    now = timezone.now()

    shown = pricing.shown([goods.offer], now)
    quotes, priors = shown.quotes, shown.prior

    assert quotes == pricing.quotes([goods.offer], at=now)
    assert priors == pricing.prior_prices([goods.offer], now) == {goods.offer_id: 1200}


def test_page_of_the_reader_s_language_is_shown_for_any_translation() -> None:
    page = factories.product_page()
    english = page.copy_for_translation(factories.locale("en"), copy_parents=True)
    english.save_revision().publish()

    groups = offers.groups_for([page], locale="en")

    assert groups[page.pk].url == groups[english.pk].url == english.url


def test_live_page_is_shown_rather_than_an_unpublished_one() -> None:
    page = factories.product_page()
    english = page.copy_for_translation(factories.locale("en"), copy_parents=True)

    assert only(english, locale="en").url == page.url


def test_what_was_put_away_is_not_shown_in_another_language() -> None:
    page = factories.product_page()
    english = page.copy_for_translation(factories.locale("en"), copy_parents=True)
    english.save_revision().publish()
    page.save_revision().publish()
    ProductPage.objects.get(pk=page.pk).unpublish()

    shown = only(page, locale="fr")
    assert (shown.title, shown.url, shown.state) == (page.title, "", "available")


@pytest.mark.parametrize("way", ["unpublish", "delete"])
def test_without_a_live_page_nothing_is_sold(way: str) -> None:
    page = factories.product_page()
    english = page.copy_for_translation(factories.locale("en"), copy_parents=True)
    english.save_revision().publish()
    offer = page.product.goods.get().offer

    getattr(ProductPage.objects.get(pk=page.pk), way)()
    offer.refresh_from_db()
    assert offer.state == Offer.State.LIVE
    getattr(ProductPage.objects.get(pk=english.pk), way)()
    offer.refresh_from_db()
    assert offer.state == Offer.State.ARCHIVED


def test_only_three_notes_stand_beside_an_offer() -> None:
    page = factories.product_page()
    for number in range(5):
        ProductFact.objects.create(page=page, label=str(number), value="x", sort_order=number)

    assert [label for label, _value in only(page).facts] == ["0", "1", "2"]


def test_gone_and_empty_products_are_not_in_the_answer() -> None:
    page, bare = factories.product_page(), factories.product_page(factories.product())
    page.delete()

    assert offers.groups_for([page, bare, None]) == {}


def test_queries_do_not_grow_with_the_offers() -> None:
    pages = [factories.product_page() for _number in range(9)]

    counts = []
    for some in (pages[:2], pages):
        offers.groups_for(some)
        with CaptureQueriesContext(connection) as queries:
            offers.groups_for(some)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 7
