"""What only a browser can measure: widths, lines and lengths."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from home.models import Menu, MenuEntry
from store.models import DeliveryMethod, DeliveryRate, Goods, Order
from tests import factories
from tests.journeys.reader import Reader
from tests.journeys.shop import LiveShop, until
from tests.journeys.stall import Stall

MARGIN = 20
SIZE = "one => one.getBoundingClientRect()"


def test_owners_word_takes_the_width_of_a_phone(reader: Reader, house: object) -> None:
    """Whether she has a portrait or not."""
    home = factories.home()
    home.word = "Je tiens la boutique depuis longtemps."
    for portrait in (None, factories.photo(size=(600, 800))):
        home.portrait = portrait
        home.save_revision().publish()
        reader.open(home.url)

        block = reader.page.locator(".author").evaluate(SIZE)
        words = reader.page.locator(".author__words").evaluate(SIZE)

        assert words["x"] - block["x"] <= MARGIN
        assert words["width"] >= block["width"] - 2 * MARGIN
    assert reader.page.locator(".author__portrait").evaluate(SIZE)["y"] == block["y"]


def test_menu_of_a_wide_page_has_no_lines_of_its_own(visitor: Callable[..., Reader]) -> None:
    menu = Menu.objects.create(shop=factories.open_shop(), locale=factories.locale())
    MenuEntry.objects.create(menu=menu, place="head", label="Lire", page=factories.journal())
    try:
        reader = visitor(viewport={"width": 1280, "height": 900})
        stall = Stall()

        def shown() -> int:
            reader.open(stall.path)
            return reader.page.locator(".masthead__menu").count()

        until(shown, "the menu, which each process holds for a few seconds")
        style = "one => (({ borderTopWidth: top, paddingLeft: left }) => [top, left])(getComputedStyle(one))"

        assert reader.page.locator(".masthead__menu").evaluate(style) == ["0px", "0px"]
    finally:
        menu.delete()


def test_recap_of_a_phone_names_places_in_short(visitor: Callable[..., Reader]) -> None:
    """Many countries, two ways, no script: the first field stands on the first screen and a half."""
    stall = Stall()
    method = factories.open_shop().delivery_methods.order_by("pk").first()
    rate = DeliveryRate.objects.create(
        method=method, countries=["AT", "DE", "ES", "IE", "IT", "LU", "NL", "PT"], amount=1290
    )
    way = factories.delivery_method(factories.open_shop(), kind=DeliveryMethod.Kind.PICKUP, name="Au comptoir")
    try:
        reader = visitor(java_script_enabled=False, viewport={"width": 390, "height": 844})
        with translation.override("fr"):
            reader.open(f"{reverse('store:buy')}?offer={stall.offer.pk}&quantity=1")

        expect(reader.page.locator(".pledge__facts").first).to_contain_text("France et 9 pays")
        assert reader.page.locator("[name=email]").bounding_box()["y"] < 844
        assert reader.page.locator(".counter").bounding_box()["height"] < 1900
    finally:
        rate.delete()
        way.delete()


def test_variant_of_the_address_stays_chosen_with_and_without_script(visitor: Callable[..., Reader]) -> None:
    stall = Stall(price=1000)
    Goods.objects.filter(offer=stall.offer).update(options=["Petit"])
    large = factories.goods(stall.product, price=2500, units=3, options=["Grand"])
    for runs in (True, False):
        reader = visitor(java_script_enabled=runs)
        reader.open(f"{stall.product_page.url}?variant={large.offer_id}")
        reader.page.wait_for_load_state("networkidle")

        expect(reader.page.locator(f"[name=offer][value='{large.offer_id}']")).to_be_checked()
        expect(reader.page.locator(".ticket__price")).to_contain_text("25,00")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_owners_screens_wear_the_shops_colours_with_contrast(
    house: LiveShop, visitor: Callable[..., Reader], scheme: str
) -> None:
    owner = visitor(viewport={"width": 1280, "height": 900}, color_scheme=scheme, bypass_csp=True)
    owner.expect("/cms/", "/static/wagtailadmin")
    person = factories.person(is_staff=True, is_superuser=True)
    stall = Stall(units=0)
    order = factories.order(factories.basket(factories.offer()))
    order.call_for(Order.Attention.OVERSOLD)
    owner.sign_in(person.email)
    found = {}
    for path in (
        "/cms/", "/cms/shop/orders/?unpaid=1", f"/cms/shop/orders/{order.pk}/", "/cms/shop/stock/", "/cms/produits/",
        f"/cms/pages/{stall.article.pk}/edit/",
    ):  # fmt: skip
        owner.open(path)
        expect(owner.page.locator(".owner-plate").first).to_have_text(order.shop.name)
        options = {"runOnly": ["color-contrast"]}
        found[path] = [
            [node["html"][:120] for node in row["nodes"]]
            for row in Axe().run(owner.page, options=options).response["violations"]
        ]
    order.settle(Order.Attention.OVERSOLD)

    assert {path: rows for path, rows in found.items() if rows} == {}
    menu = owner.page.locator(".sidebar").evaluate("one => getComputedStyle(one).backgroundColor")
    assert menu == {"light": "rgb(21, 25, 28)", "dark": "rgb(29, 29, 29)"}[scheme]
