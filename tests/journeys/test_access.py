"""The counter for everybody: motion only where it is wanted, every width. What axe says of it: tests/pages."""

from collections.abc import Callable

import pytest

from tests.journeys.reader import PERSON, Reader
from tests.journeys.shop import until
from tests.journeys.stall import Stall


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
