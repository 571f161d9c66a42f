"""What the recap says above the button: what is sold, by whom, how it comes."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from store import bills, checkout, wants
from store.models import DeliveryMethod, DeliveryRate
from tests import factories

pytestmark = pytest.mark.django_db


def facts(**fields: Any) -> dict[str, str]:
    """The recap's facts for one thing, in French."""
    offer = factories.offer()
    with translation.override("fr"):
        return dict(
            bills.facts(checkout.draft(offer.shop, [wants.Wish(offer, 1)], country="FR", **fields), is_fast=False)
        )


def send_to(*codes: str) -> DeliveryMethod:
    """The shop's delivery reaches these countries too."""
    method: DeliveryMethod = factories.open_shop().delivery_methods.get()
    DeliveryRate.objects.create(method=method, countries=list(codes), amount=900)
    return method


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((), "France"),
        (("BE", "LU"), "France, Belgique, Luxembourg"),
        (("BE", "DE", "LU"), "France et 3 pays de l’Union européenne"),
        (("BE", "CH", "LU"), "France et 3 autres pays"),
    ],
)
def test_places_are_named_in_short(codes: tuple[str, ...], words: str) -> None:
    send_to(*codes) if codes else factories.open_shop()

    assert facts()["Pays livrés"] == words


def test_only_way_is_told_with_its_day() -> None:
    assert facts()["Livraison"].startswith("À domicile, chez vous au plus tard le ")


def test_of_several_ways_each_stands_with_its_day_in_the_form() -> None:
    factories.delivery_method(factories.open_shop(), name="Point relais").rates.update(countries=["FR"])

    assert "Livraison" not in facts()


def test_pick_up_says_where_and_from_when() -> None:
    method = factories.delivery_method(
        factories.open_shop(), kind=DeliveryMethod.Kind.PICKUP, name="Au comptoir", pickup_address="1 rue Courte"
    )

    assert facts(method_id=method.pk)["Retrait"].startswith("1 rue Courte\nPrêt à partir d")


def draft() -> Any:
    """What is about to be ordered: one unit of one thing."""
    cart = factories.basket(factories.goods(factories.ready(live=True)).offer)
    return checkout.draft(cart.shop, checkout.wishes(cart), country="FR", method_id=None)


@pytest.mark.parametrize(("code", "sold_by"), [("fr", "Vendu par"), ("en", "Sold by")])
def test_recap_names_the_seller_with_address_and_phone(code: str, sold_by: str) -> None:
    factories.open_shop(address="1 rue Courte\n75001 Paris")
    with translation.override(code):
        page = render_to_string("store/counter/rights.html", {"rights": bills.rights(draft())})

    for words in (
        sold_by, "Anne Essai", "EI", "732829320", "1 rue Courte, 75001 Paris", "01 02 03 04 05", "anne@essai.example",
    ):  # fmt: skip
        assert words in page.replace("\u00a0", " ").replace("\u202f", " "), words


@pytest.mark.parametrize("code", ["fr", "en"])
def test_recap_says_what_is_sold_in_another_language_rather_than_not_at_all(code: str) -> None:
    with translation.override(code):
        assert bills.for_draft(draft())["lines"][0]["note"] == "Un objet utile."
