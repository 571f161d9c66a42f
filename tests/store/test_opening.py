"""What a shop and a product lack before anything may be sold."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from core.models import Shop, VatRegime
from store import opening, selling
from store.models import Product
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings: Any) -> Any:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_x", ["whsec_x"]
    with translation.override("en"):
        yield


def missing(shop: Shop) -> list[str]:
    return opening.missing(selling.fresh(shop.pk))


def test_a_filled_in_shop_lacks_nothing() -> None:
    assert missing(factories.open_shop()) == []


@pytest.mark.parametrize("name", [*opening.REQUIRED, "vat_number"])
@pytest.mark.parametrize("value", ["", "  "])
def test_each_word_of_the_identity_is_needed(name: str, value: str) -> None:
    shop = factories.open_shop(**{name: value})

    assert missing(shop) == [str(Shop._meta.get_field(name).verbose_name)]  # noqa: SLF001


def test_vat_number_belongs_to_the_normal_regime() -> None:
    shop = factories.open_shop(franchise=True, vat_number="")
    assert missing(shop) == []

    VatRegime.objects.create(shop=shop, regime="normal", starts_on=date(2024, 1, 1))
    assert missing(shop) == ["VAT number"]


@pytest.mark.parametrize(
    "form", ["SARL", "sas", "S.A.S.U.", "EURL", "SA", "SCOP ARL", "Société à responsabilité limitée", "SNC"]
)
def test_company_must_state_its_capital(form: str) -> None:
    assert missing(factories.open_shop(legal_form=form)) == ["share capital"]
    assert missing(factories.open_shop(legal_form=form, capital="1 000 €")) == []


@pytest.mark.parametrize(
    "form", ["EI", "Entrepreneur individuel", "Micro-entreprise", "Association loi 1901", "Artisan"]
)
def test_who_is_no_company_has_no_capital(form: str) -> None:
    assert missing(factories.open_shop(legal_form=form)) == []


MADE = {
    "i_am_maker": False, "maker_name": "Huard", "maker_address": "21 rue du Four", "maker_contact": "a@huard.example",
    "maker_country": "FR",
}  # fmt: skip


def sold(**fields: Any) -> Product:
    """A product with all that is needed but what `fields` change."""
    of = factories.ready(**{**MADE, **fields})
    factories.goods(of)
    return of


@pytest.mark.parametrize("country", ["FR", "DE", "RE", "GP"])
def test_what_a_maker_in_the_union_made_may_go_live(country: str) -> None:
    assert opening.may_go_live(sold(maker_country=country)) == []


@pytest.mark.parametrize("country", ["JP", "CH", "GB", "US", "NC"])
def test_maker_outside_the_union_needs_somebody_answerable_in_it(country: str) -> None:
    assert opening.may_go_live(sold(maker_country=country)) == ["responsible person in the EU"]
    assert opening.may_go_live(sold(maker_country=country, eu_responsible="Import SARL\nLyon\na@b.example")) == []


@pytest.mark.parametrize("name", ["maker_name", "maker_address", "maker_contact", "maker_country"])
def test_maker_must_be_known(name: str) -> None:
    assert opening.may_go_live(sold(**{name: ""})) == [str(Product._meta.get_field(name).verbose_name)]  # noqa: SLF001
    assert opening.may_go_live(sold(**{name: ""}, i_am_maker=True)) == []


def test_page_must_say_what_it_is_show_it_and_warn() -> None:
    of = factories.product(needs_warnings=True)
    factories.goods(of)
    page = factories.product_page(of, summary=" ", live=False)

    assert opening.may_go_live(of) == [
        "what it is, in one sentence (French)", "a picture (French)", "its safety warnings (French)",
    ]  # fmt: skip

    page.gallery.create(photo=factories.photo(), alt="Un seau")
    page.summary, page.warnings = "Un seau.", "Ça glisse."
    page.save()
    assert opening.may_go_live(of) == []


def test_product_without_a_page_or_a_variant_says_so() -> None:
    assert opening.may_go_live(factories.product()) == ["a page of its own", "at least one variant with a price"]


def test_a_draft_in_another_language_does_not_hold_back_what_is_told() -> None:
    of = factories.ready(live=True)
    factories.goods(of)
    english = factories.product_page(of, code="en", summary="", live=False)
    assert opening.may_go_live(of) == []

    assert opening.may_go_live(of, going=english) == ["what it is, in one sentence (English)"]
    english.summary = "A bucket."
    assert opening.may_go_live(of, going=english) == []
