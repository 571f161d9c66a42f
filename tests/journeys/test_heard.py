"""Basket and counter for those who hear the page: what is said, what a field names as its error, where the focus is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from store import pricing
from store.models import CartLine, Offer
from tests import factories
from tests.journeys.reader import Reader
from tests.journeys.shop import until
from tests.journeys.stall import Stall

AGAIN = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"


def said(page: Page) -> Locator:
    """The region that is read aloud."""
    region = page.locator("[data-announce]")
    expect(region).to_have_attribute("aria-live", "polite")
    return region


def test_adding_is_said_and_the_focus_stays(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    reader.tab_to("[data-add]")
    reader.page.keyboard.press("Enter")

    expect(said(reader.page)).to_have_text(re.compile(re.escape(stall.product.name)))
    expect(reader.page.locator("[data-add]")).to_be_focused()
    expect(reader.page.get_by_role("link", name="Panier 1", exact=True)).to_be_visible()


def test_too_many_is_said_at_the_number_that_is_wrong(reader: Reader) -> None:
    reader.expect("409")
    stall = Stall(units=30)
    Offer.objects.filter(pk=stall.offer.pk).update(max_per_order=2)
    reader.open(stall.path)
    number, add = reader.page.locator(".offer [name=quantity]"), reader.page.locator("[data-add]")
    for units in ("1", "2"):
        add.click()
        expect(reader.page.locator("[data-badge]").first).to_have_text(units)
        expect(add).not_to_have_attribute("aria-busy", "true")
    number.fill("1")
    add.click()

    expect(number).to_be_focused()
    expect(number).to_have_attribute("aria-invalid", "true")
    words = reader.page.locator("[data-word]").inner_text()
    expect(number).to_have_accessible_description(re.compile(re.escape(words.split(".")[0])))
    expect(said(reader.page)).to_have_text(re.compile(r"\w"))
    CartLine.objects.filter(offer=stall.offer).delete()
    add.click()
    expect(number).not_to_have_attribute("aria-invalid", "true")
    expect(number).to_have_accessible_description("")


def test_basket_keeps_the_focus_where_something_was_done(reader: Reader) -> None:
    """Refused: at the number, which names the reason. Taken out: at the way back. Put back: at its number."""
    reader.expect("409")
    one, two = Stall(), Stall()
    Offer.objects.filter(pk=two.offer.pk).update(max_per_order=2)
    for stall in (one, two):
        reader.open(stall.path)
        reader.page.locator("[data-add]").click()
        expect(reader.page.locator("[data-word] .notice")).to_be_visible()
    reader.open("/panier/")
    line = reader.page.locator("[data-basket] form", has_text=two.product.name)
    number = line.locator("[name=quantity]")
    number.evaluate("one => one.removeAttribute('max')")
    number.fill("9")
    reader.page.keyboard.press("Enter")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_be_focused()
    expect(number).to_have_accessible_description(re.compile(r"\w"))
    expect(said(reader.page)).to_have_text(reader.page.locator("#basket-error").inner_text())
    expect(number).to_have_value("1")

    line.locator("[name=remove]").focus()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator(".undo button")).to_be_focused()
    expect(said(reader.page)).to_have_text(re.compile(re.escape(two.product.name)))
    reader.page.keyboard.press("Enter")
    expect(number).to_be_focused()
    expect(said(reader.page)).to_have_text(re.compile(r"\w"))


def test_another_way_of_delivery_says_the_new_total(reader: Reader) -> None:
    stall = Stall(price=4690)
    other = factories.delivery_method(
        stall.offer.shop, kind="pickup", name="Au comptoir", pickup_address="1 rue Courte"
    )
    try:
        reader.open(stall.path)
        reader.buy()
        choice = reader.counter.locator(f"[name=method][value='{other.pk}']")
        choice.check()

        expect(said(reader.page)).to_have_text(re.compile(r"Total.*46,90"))
        expect(choice).to_be_focused()
    finally:
        other.delete()


def test_what_stops_an_order_has_the_focus(reader: Reader) -> None:
    reader.expect("409")
    stall = Stall(price=4690)
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    pricing.set_price(stall.offer, 4990)
    reader.counter.locator("[data-order]").click()

    question = reader.counter.locator(".question[role=alert]")
    expect(question).to_be_focused()
    expect(question).to_be_in_viewport()


def test_opened_and_shut_by_keyboard_the_focus_goes_back(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    reader.tab_to("[data-buy]")
    reader.page.keyboard.press("Enter")
    expect(reader.counter.locator("[data-counter-title]")).to_be_focused()
    reader.page.keyboard.press("Escape")

    expect(reader.counter).to_have_count(0)
    expect(reader.page.locator("[data-buy]")).to_be_focused()


def test_errors_without_scripts_are_named_first_and_tied(visitor: Callable[..., Reader]) -> None:
    reader = visitor(java_script_enabled=False)
    reader.expect("422")
    stall = Stall()
    reader.open(stall.path)
    reader.page.locator("[data-buy]").click()
    reader.page.locator("[name=email]").fill("not an address")
    reader.page.locator("[data-order]").click()

    wrong = reader.page.locator("[name=email]")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description(re.compile(r"\w"))
    link = reader.page.locator("[data-form-errors] a").first
    link.click()
    expect(wrong).to_be_focused()


@pytest.mark.parametrize("place", ["article", "basket"])
def test_back_from_the_cache_the_page_is_fresh(reader: Reader, place: str) -> None:
    """As the browser shows it again: prices, badge and lines are those of now; the focus and the drawer stay."""
    stall = Stall(price=4690)
    reader.open(stall.path)
    reader.page.locator("[data-add]").click()
    expect(reader.page.locator("[data-badge]").first).to_have_text("1")
    if place == "basket":
        reader.open("/panier/")
        more = reader.page.locator("[name=more]")
        more.focus()
    else:
        reader.buy()
        reader.fill()
    pricing.set_price(stall.offer, 4990)
    CartLine.objects.filter(offer=stall.offer).update(quantity=3)
    reader.page.evaluate(AGAIN)

    expect(reader.page.locator("[data-badge]").first).to_have_text("3")
    if place == "basket":
        expect(reader.page.locator("[name=quantity]")).to_have_value("3")
        expect(reader.page.locator("[data-basket]")).to_contain_text("149,70")
        expect(more).to_be_focused()
    else:
        expect(reader.page.locator(".ticket__price")).to_contain_text("49,90")
        expect(reader.counter.locator("[name=line1]")).to_have_value("4 rue des Lilas")
        until(lambda: stall.free == 5, "nothing held by looking")
