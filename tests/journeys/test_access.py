"""The counter for everybody: axe in each state and both schemes, motion only where it is wanted, every width."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import factories
from tests.journeys.reader import PERSON, Reader
from tests.journeys.shop import until
from tests.journeys.stall import Stall


def violations(reader: Reader) -> list[str]:
    """What axe finds on our page; Stripe's frame answers for itself."""
    found = Axe().run(reader.page, context={"exclude": [["iframe"]]})
    return [f"{row['id']}: {[node['target'] for node in row['nodes']]}" for row in found.response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_axe_finds_nothing_in_any_state(visitor: Callable[..., Reader], scheme: str, locale: str) -> None:
    reader = visitor(color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    reader.expect("422", "409")
    stall = Stall(units=1)
    path = stall.path
    if locale == "en":
        page = factories.product_page(stall.product, code="en")
        stall.article = factories.article(page, code="en")
        path = stall.article.url
    found: dict[str, Any] = {}

    def look(state: str) -> None:
        found[state] = violations(reader)

    reader.open(path)
    look("article")
    reader.page.locator("[data-add]").click()
    expect(reader.page.locator("[data-word]")).to_be_visible()
    look("in the basket")
    reader.buy()
    look("recap")
    reader.counter.locator("[data-order]").click()
    expect(reader.counter.locator("[name=email]")).to_be_focused()
    look("errors")
    reader.fill()
    reader.order()
    look("pay")
    reader.page.reload()
    reader.step("waiting")
    look("waiting")
    reader.counter.locator("button:not(.button--quiet)").click()
    reader.step("pay")
    reader.card()
    reader.pay()
    reader.done()
    look("done")
    stall.check_sold()
    reader.page.locator("[data-cart]").click()
    reader.page.locator("[data-basket]").wait_for()
    look("basket")

    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_nothing_moves_under_reduced_motion(visitor: Callable[..., Reader]) -> None:
    reader = visitor(reduced_motion="reduce")
    stall = Stall()
    reader.open(stall.path)
    reader.buy()

    assert reader.counter.evaluate("one => getComputedStyle(one).animationDuration") == "0s"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_cut_off(visitor: Callable[..., Reader], width: int) -> None:
    """Down to 320 px (WCAG 2.2, 1.4.10) the page never scrolls sideways, and the button is a full target."""
    reader = visitor(viewport={"width": width, "height": 844})
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill(**PERSON)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert reader.page.evaluate(wide) == 0
    box = reader.counter.locator("[data-order]").bounding_box()
    assert box
    assert box["height"] >= 44
    reader.order()
    reader.frame.locator("button.main").wait_for()
    assert reader.page.evaluate(wide) == 0
    reader.close()
    until(lambda: stall.free == 5, "the units free again")
