"""One product bought where it is told of: by mouse, by keyboard, refused first, with the bank's question, without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from store import words
from tests.journeys.reader import CHALLENGED, DECLINED, PERSON, Reader
from tests.journeys.stall import Stall

MOST_TAPS, MOST_FIELDS = 3, 8


@pytest.mark.main
def test_buy_in_the_article_by_mouse(reader: Reader) -> None:
    stall = Stall(units=5)
    reader.open(stall.path)
    reader.page.locator(".offer").scroll_into_view_if_needed()
    before = reader.page.evaluate("scrollY")

    recap = reader.buy()
    expect(recap).to_contain_text("51,90")
    expect(recap.locator("[data-order]")).to_have_text(words.pledge("fr"))
    assert reader.page.locator("iframe").count() == 0
    assert third_parties(reader) == []
    fields = recap.locator("input:visible, select:visible, textarea:visible").count()
    reader.fill()
    reader.order()
    reader.card()
    reader.pay()
    done = reader.done()

    expect(done).to_contain_text(PERSON["email"])
    assert reader.taps <= MOST_TAPS
    assert fields + 3 == reader.typed <= MOST_FIELDS
    assert reader.page.url.endswith(stall.path)
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(stall.article.title)
    assert reader.page.locator("iframe").count() == 0
    assert abs(reader.page.evaluate("scrollY") - before) < 844
    order = stall.check_sold()
    assert (order.total, order.email, stall.free) == (5190, PERSON["email"], 4)


def third_parties(reader: Reader) -> list[str]:
    """Addresses of other hosts asked so far by the page."""
    script = "performance.getEntriesByType('resource').map((one) => one.name)"
    return [url for url in reader.page.evaluate(script) if not url.startswith(reader.base)]
