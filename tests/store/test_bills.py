"""What the recap says before the button: who sells, what is sold."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from store import bills, checkout
from tests import factories

pytestmark = pytest.mark.django_db


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
