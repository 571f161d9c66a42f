"""Choosing a product in a text, and making one without leaving it."""

import io
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from core.models import Photo
from store import pricing
from store.choosers import ProductChooserBlock
from store.models import Offer, Product, ProductPage
from tests.factories import article, goods, journal, open_shop, product, product_page, shop_page

pytestmark = pytest.mark.django_db
CHOOSE, CREATE = "/cms/choisir-produit/", "/cms/choisir-produit/create/"


def upload() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), (1, 2, 3)).save(content, "JPEG")
    return SimpleUploadedFile("poele.jpg", content.getvalue(), "image/jpeg")


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Poêle", "price": "46,90", "units": "4", "tax_code": "standard", "axes": "", "locale": "fr",
        "token": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def html_of(desk: Client, **query: str) -> str:
    return json.loads(desk.get(CHOOSE, query).content)["html"]


def test_the_list_shows_price_stock_and_state_of_each(desk: Client) -> None:
    product_page(goods(price=4690, units=7).product, title="En vente")
    product_page(goods(units=0).product, title="Plus rien")
    product_page(goods(state="draft").product, title="Pas encore", live=False)
    product_page(goods(state="archived").product, title="Jadis")

    html = html_of(desk)

    assert [title in html for title in ("En vente", "Plus rien", "Pas encore", "Jadis")] == [True] * 4
    assert "46,90\xa0€" in html
    assert html.count("w-status--critical") == 1


def test_the_list_costs_the_same_for_one_and_for_ten(desk: Client, django_assert_num_queries: Any) -> None:
    product_page()
    desk.get(CHOOSE)
    with django_assert_num_queries(14):
        desk.get(CHOOSE)
    for _n in range(8):
        product_page()
    with django_assert_num_queries(14):
        desk.get(CHOOSE)


@pytest.mark.parametrize("words", ["poele", "POÊLE", "fer poêle", "tole", "fer-20", "pan"])
def test_search_finds_by_names_and_codes(desk: Client, words: str) -> None:
    pan = product(code="tole", name="Poêle")
    goods(pan, code="FER-20")
    product_page(pan, title="Poêle de fer", slug="poele")
    product_page(pan, code="en", title="Iron pan", slug="pan")
    product_page(title="Balai")

    html = html_of(desk, q=words)

    assert ("Poêle de fer" in html, "Balai" in html) == (True, False)


def test_the_state_narrows_the_list(desk: Client) -> None:
    product_page(title="En vente")
    product_page(goods(state="archived").product, title="Jadis")

    html = html_of(desk, status="archived")

    assert ("Jadis" in html, "En vente" in html) == (True, False)


def test_each_product_stands_there_once_in_the_language_of_the_text(desk: Client) -> None:
    of = goods().product
    product_page(of, title="Balai", slug="balai")
    product_page(of, code="en", title="Broom", slug="broom")
    product_page(title="Seau")
    french, english = article(), article(code="en")

    def titles(page: Any) -> list[bool]:
        referer = f"http://testserver{reverse('wagtailadmin_pages:edit', args=[page.pk])}"
        html = json.loads(desk.get(CHOOSE, HTTP_REFERER=referer).content)["html"]
        return [title in html for title in ("Balai", "Broom", "Seau")]

    assert (titles(french), titles(english)) == ([True, False, True], [False, True, True])


def test_a_new_product_is_made_in_draft_and_chosen(desk: Client) -> None:
    open_shop()
    shop_page()

    answer = json.loads(desk.post(CREATE, typed(upload=upload(), axes="Taille: 20, 24")).content)

    page = ProductPage.objects.get()
    assert (answer["step"], answer["result"]["id"], answer["result"]["name"]) == ("chosen", str(page.pk), "Poêle")
    assert answer["result"]["price"] == "46,90\xa0€"
    assert (page.live, page.product.goods.count(), page.gallery.count()) == (False, 2, 1)


def test_it_is_made_in_the_language_of_the_text(desk: Client) -> None:
    open_shop()
    shop_page()
    shop_page("en")
    referer = f"http://testserver{reverse('wagtailadmin_pages:add', args=['blog', 'articlepage', journal('en').pk])}"

    html = json.loads(desk.get(CHOOSE, HTTP_REFERER=referer).content)["html"]
    desk.post(CREATE, typed(locale="en"))

    assert 'name="locale" value="en"' in html
    assert ProductPage.objects.get().locale.language_code == "en"


def test_a_wrong_price_loses_nothing_not_even_the_picture(desk: Client) -> None:
    open_shop()
    shop_page()
    wrong = typed(price="46,9a", axes="Taille: 20, 24", upload=upload())

    answer = json.loads(desk.post(CREATE, wrong).content)

    html, kept = answer["htmlFragment"], Photo.objects.get()
    assert answer["step"] == "reshow_creation_form"
    assert [f'value="{value}"' in html for value in ("Poêle", "46,9a", "4", "Taille: 20, 24", kept.pk)] == [True] * 5
    assert Product.objects.count() == 0

    del wrong["upload"]
    desk.post(CREATE, {**wrong, "price": "46,90", "kept": kept.pk})
    assert ProductPage.objects.get().gallery.get().photo_id == kept.pk


def test_the_form_sent_twice_makes_one_product(desk: Client) -> None:
    open_shop()
    shop_page()
    form = typed()

    answers = [json.loads(desk.post(CREATE, form).content)["result"]["id"] for _n in range(2)]

    assert len(set(answers)) == 1
    assert Product.objects.count() == 1


def test_without_a_shop_page_in_that_language_it_says_so(desk: Client) -> None:
    open_shop()

    answer = json.loads(desk.post(CREATE, typed()).content)

    assert answer["step"] == "reshow_creation_form"
    assert Product.objects.count() == 0


def test_the_block_gives_a_product_page_and_none_for_a_deleted_one() -> None:
    page = product_page()
    block = ProductChooserBlock()

    assert block.bulk_to_python([page.pk, 99_999, page.pk]) == [page, None, page]
    assert block.get_form_state(page)["id"] == page.pk


def test_typed_price_becomes_the_price(desk: Client) -> None:
    open_shop()
    shop_page()

    desk.post(CREATE, typed(price="1 046,9 €"))

    assert pricing.quote(Offer.objects.get()).unit == 104_690
