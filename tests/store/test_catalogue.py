"""The shop's pages: shelves by category, a category, a product; what is gone."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from core.models import Shop
from store import catalogue
from store.models import CategoryPage, DeliveryMethod, GoneAddress, Offer, ProductPage
from tests import factories

pytestmark = pytest.mark.django_db


def category(title: str = "Cuisine") -> CategoryPage:
    """A category of the French shop."""
    found: CategoryPage = factories.shop_page().add_child(
        instance=CategoryPage(title=title, slug=title.lower(), locale=factories.locale())
    )
    return found


def page_in(*categories: CategoryPage, **fields: Any) -> ProductPage:
    """A product page filed there."""
    page = factories.product_page(factories.goods(**fields).product)
    page.categories = list(categories)
    page.save()
    return page


def html(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_shop_has_a_shelf_for_each_category_and_one_for_the_rest(client: Client) -> None:
    kitchen = category()
    inside, again, loose = page_in(kitchen), page_in(kitchen), page_in()

    text = html(client, factories.shop_page().url)

    assert text.index(kitchen.title) < text.index(inside.title) < text.index(loose.title)
    assert again.url in text


def test_shop_names_what_a_shelf_has_no_room_for(client: Client) -> None:
    kitchen = category()
    for _number in range(catalogue.PER_SHELF + 1):
        page_in(kitchen)

    text = html(client, factories.shop_page().url)

    assert text.count('<li class="shelf__place"') == catalogue.PER_SHELF
    assert text.count(f'href="{kitchen.url}"') == 1


def test_empty_shop_and_empty_category_say_so(client: Client) -> None:
    assert 'class="empty"' in html(client, factories.shop_page().url)
    assert 'class="empty"' in html(client, category().url)


@pytest.mark.parametrize("state", [Offer.State.DRAFT, Offer.State.ARCHIVED])
def test_what_is_not_sold_is_on_no_shelf(client: Client, state: str) -> None:
    kitchen = category()
    hidden = page_in(kitchen, state=state)

    assert hidden.title not in html(client, factories.shop_page().url)
    assert hidden.title not in html(client, kitchen.url)


def test_category_goes_on_page_two(client: Client) -> None:
    kitchen = category()
    pages = [page_in(kitchen) for _number in range(catalogue.PER_PAGE + 1)]
    last = max(page.title for page in pages)

    assert last not in html(client, kitchen.url)
    assert last in html(client, f"{kitchen.url}?page=2")


@pytest.mark.parametrize(("count", "rows"), [(1, [1]), (5, [5]), (6, [4, 2]), (11, [5, 4, 2])])
def test_nothing_stands_alone_on_the_last_line(count: int, rows: list[int]) -> None:
    assert [len(row) for row in catalogue.lines(list(range(count)))] == rows


def test_product_page_shows_rights_delivery_and_where_it_is_told(client: Client, work: Any) -> None:
    product = factories.product(
        i_am_maker=False, maker_name="Émaillerie Huard", maker_address="21 rue du Four", maker_contact="a@huard.example",
        eu_responsible="Huard EU\n1 rue Neuve", identifier="TP-7",
    )  # fmt: skip
    factories.goods(product)
    page = factories.product_page(product, warnings="L'anse chauffe.")
    article = factories.article(page)
    work()

    text = html(client, page.url)

    for words in (
        "Émaillerie Huard",
        "21 rue du Four",
        "a@huard.example",
        "Huard EU",
        "TP-7",
        "L\u2019anse chauffe.",
        "À domicile",
    ):
        assert words in text
    assert 'id="guarantee"' in text
    assert article.url in text


def test_delivery_words_say_the_least_price_and_from_when_it_is_free() -> None:
    shop = factories.open_shop()
    method = shop.delivery_methods.get()
    method.free_from = 9000
    method.save()
    factories.delivery_method(shop, kind=DeliveryMethod.Kind.PICKUP, name="Au comptoir", pickup_address="1 rue Courte")

    rows = dict(catalogue.delivery_words(shop, "fr"))

    assert "5,00\u00a0€" in rows["À domicile"]
    assert "90,00\u00a0€" in rows["À domicile"]
    assert rows["Au comptoir"] == "1 rue Courte, gratuit"


@pytest.mark.parametrize(
    ("address", "hours", "words"),
    [
        ("1 rue Courte\n75001 Paris", "", "1 rue Courte, 75001 Paris, gratuit"),
        ("1 rue Courte.", "Le mardi\nSonnez, je suis à l'établi.", "1 rue Courte, gratuit. Le mardi. Sonnez, je suis à l'établi."),
        ("", "Le mardi.", "gratuit. Le mardi."),
    ],
)  # fmt: skip
def test_pick_up_is_told_in_sentences(address: str, hours: str, words: str) -> None:
    shop = factories.open_shop()
    factories.delivery_method(
        shop, kind=DeliveryMethod.Kind.PICKUP, name="Au comptoir", pickup_address=address, pickup_hours=hours
    )

    assert dict(catalogue.delivery_words(shop, "fr"))["Au comptoir"] == words


def test_variant_in_the_address_changes_no_byte(client: Client) -> None:
    page = page_in()
    offer = page.product.goods.get().offer

    plain, asked = client.get(page.url), client.get(f"{page.url}?variant={offer.pk}")

    assert plain.content == asked.content
    assert f'<link rel="canonical" href="http://testserver{page.url}">' in asked.content.decode()


def several(*units: int) -> tuple[ProductPage, list[Offer]]:
    """A page of variants with so many units; each costs a euro more than the one before."""
    product = factories.product()
    rows = [factories.goods(product, price=100 * n, units=u, options=[f"N{n}"]) for n, u in enumerate(units, start=1)]
    return factories.product_page(product), [row.offer for row in rows]


def chosen(text: str) -> list[str]:
    """The variants that are checked."""
    return re.findall(r'name="offer" value="(\d+)"[^>]* checked', text)


def ticket(text: str) -> str:
    """The price on the ticket."""
    return re.findall(r"ticket__price[^>]*>([^<]*)<", text)[0]


def test_variant_in_the_address_is_chosen_and_priced(client: Client) -> None:
    page, (_first, _second, third) = several(5, 5, 5)

    text = html(client, f"{page.url}?variant={third.pk}")

    assert chosen(text) == [str(third.pk)]
    assert ticket(text) == "3,00\u00a0€"
    assert f'<link rel="canonical" href="http://testserver{page.url}">' in text
    assert html(Client(), f"{page.url}?variant={third.pk}") == text


@pytest.mark.parametrize("asked", ["0", "99999", "abc", ""])
def test_unknown_variant_changes_nothing(client: Client, asked: str) -> None:
    page, (first, _second) = several(5, 5)

    plain = html(client, page.url)

    assert html(client, f"{page.url}?variant={asked}") == plain
    assert chosen(plain) == [str(first.pk)]
    assert ticket(plain) == "dès 1,00\u00a0€"


def test_variant_that_is_out_leaves_the_one_that_can_be_had(client: Client) -> None:
    page, (first, second) = several(5, 0)

    assert chosen(html(client, f"{page.url}?variant={second.pk}")) == [str(first.pk)]


def test_variant_of_a_long_list_is_chosen(client: Client) -> None:
    page, offers = several(*[5] * 8)

    text = html(client, f"{page.url}?variant={offers[6].pk}")

    assert re.findall(r'<option value="(\d+)"[^>]* selected', text) == [str(offers[6].pk)]


@pytest.mark.parametrize(("fields", "is_promised"), [
    ({}, True),
    ({"units": 1}, True),
    ({"units": 0}, False),
    ({"state": Offer.State.ARCHIVED}, False),
])  # fmt: skip
def test_delivery_is_promised_only_of_what_can_be_bought(
    client: Client, fields: dict[str, Any], is_promised: bool
) -> None:
    assert ("chez vous" in html(client, page_in(**fields).url)) is is_promised


def test_closed_shop_promises_no_delivery(client: Client) -> None:
    page = page_in()
    Shop.objects.update(is_closed=True)

    assert "chez vous" not in html(client, page.url)


def test_delivery_of_what_comes_later_is_counted_from_its_first_day(client: Client) -> None:
    page = page_in()
    first = datetime(2031, 5, 2, 8, tzinfo=UTC)
    Offer.objects.update(sale_from=first)

    text = html(client, page.url)

    assert re.findall(r"<p>(Part [^<]*)</p>", text) == ["Part vendredi 2 mai, chez vous lundi 5 mai."]
    assert text.count("chez vous") == 1


def test_archived_product_says_nothing_of_delivery(client: Client) -> None:
    assert 'id="delivery"' not in html(client, page_in(state=Offer.State.ARCHIVED).url)


@pytest.mark.parametrize("way", ["unpublish", "delete"])
def test_product_that_is_taken_away_is_gone_and_names_its_heir(client: Client, way: str) -> None:
    page, heir = page_in(), page_in()
    page.product.successor = heir.product
    page.product.save()
    getattr(page, way)()

    response = client.get(page.url)

    assert response.status_code == 410
    assert page.title in response.content.decode()
    assert heir.url in response.content.decode()
    assert response.headers["Cache-Control"] == "private, no-store"


def test_gone_product_without_an_heir_says_so(client: Client) -> None:
    page = page_in()
    page.unpublish()

    assert client.get(page.url).status_code == 410


def test_product_that_comes_back_is_there_again(client: Client) -> None:
    page = page_in()
    page.unpublish()
    page.save_revision().publish()

    assert client.get(page.url).status_code == 200
    assert not GoneAddress.objects.exists()


def test_draft_that_nobody_saw_leaves_no_word(client: Client) -> None:
    page = factories.product_page(live=False)
    page.delete()

    assert client.get(page.url).status_code == 404


def test_archived_product_still_reads(client: Client) -> None:
    text = html(client, page_in(state=Offer.State.ARCHIVED).url)

    assert 'data-state="archived"' in text
    assert "data-buy" not in text
