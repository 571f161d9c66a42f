"""One product bought where it is told of: by mouse, by keyboard, refused first, with the bank's question, without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from store import words
from tests import factories
from tests.journeys.reader import CHALLENGED, DECLINED, PERSON, Reader
from tests.journeys.stall import Stall

MOST_TAPS, MOST_FIELDS = 3, 8


@pytest.mark.main
def test_buy_in_the_article_by_mouse(reader: Reader) -> None:
    stall = Stall(price=4690, units=5, after="<p>La suite du récit.</p>" * 30)
    reader.open(stall.path)
    reader.scroll_to(".offer .counterline")
    place = reader.place()

    recap = reader.buy()
    assert reader.place() == place
    expect(recap.locator("tfoot")).to_contain_text("51,90")
    expect(recap.locator("[data-order]")).to_have_text(words.pledge("fr"))
    assert reader.page.locator("iframe").count() == 0
    assert reader.third_parties() == []
    fields = recap.locator("input:visible, textarea:visible").count()
    reader.fill()
    reader.order()
    reader.card()
    reader.pay()
    done = reader.done()

    expect(done).to_contain_text(PERSON["email"])
    expect(done.locator("[data-counter-title]")).to_be_focused()
    assert reader.taps <= MOST_TAPS
    assert fields + 3 == reader.typed <= MOST_FIELDS
    assert reader.page.url.endswith(stall.path)
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(stall.article.title)
    assert reader.page.locator("iframe").count() == 0
    order = stall.check_sold()
    assert (order.total, order.email, stall.free) == (5190, PERSON["email"], 4)


@pytest.mark.usefixtures("one_country")
def test_fast_lane_asks_everything_in_stripes_form(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    recap = reader.buy()
    assert recap.locator("input:visible, select:visible, textarea:visible").count() == 0
    reader.order()
    for name, text in PERSON.items():
        reader.type(reader.frame.locator(f"[name={'postal_code' if name == 'postcode' else name}]"), text)
    reader.card()
    reader.pay()

    expect(reader.done()).to_contain_text(PERSON["email"])
    assert reader.taps <= MOST_TAPS
    assert reader.typed == MOST_FIELDS
    order = stall.check_sold()
    assert order.address_lines() == [PERSON["name"], PERSON["line1"], f"{PERSON['postcode']} {PERSON['city']}"]


@pytest.mark.usefixtures("one_country")
def test_wallet_types_nothing(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.order()
    reader.tap(reader.frame.locator("button.wallet"))
    expect(reader.done()).to_contain_text("@")

    assert (reader.taps, reader.typed) == (3, 0)
    order = stall.check_sold()
    assert "" not in (order.email, order.name, order.line1, order.postcode, order.city)


@pytest.mark.usefixtures("one_country")
def test_fast_lane_without_scripts(visitor: Callable[..., Reader]) -> None:
    reader = visitor(java_script_enabled=False)
    stall = Stall()
    reader.open(stall.path)
    reader.page.locator("[data-buy]").click()
    reader.page.locator("[data-order]").click()
    reader.page.locator("button.wallet").click()
    expect(reader.page.locator("[data-step=done]")).to_have_attribute("data-state", "paid")
    stall.check_sold()


@pytest.mark.main
def test_known_buyer_taps_three_times_and_types_nothing(reader: Reader) -> None:
    person = factories.person()
    reader.sign_in(person.email)
    first, second = Stall(), Stall()
    reader.open(first.path)
    reader.buy()
    reader.fill(email=None)
    reader.order()
    keep = reader.frame.get_by_label("Enregistrer")
    reader.click(keep)
    expect(keep).to_be_checked()
    reader.card()
    reader.pay()
    reader.done()
    first.check_sold()
    person.refresh_from_db()
    assert person.stripe_customer.startswith("cus_")

    reader.taps = reader.typed = 0
    reader.open(second.path)
    expect(reader.buy()).to_contain_text(PERSON["line1"])
    reader.order()
    reader.pay()
    reader.done()

    assert (reader.taps, reader.typed) == (3, 0)
    assert second.check_sold().user == person


def test_buy_by_keyboard_alone(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    keys = reader.page.keyboard
    reader.tab_to("[data-buy]")
    keys.press("Enter")
    recap = reader.step("recap")
    expect(recap.locator("[data-counter-title]")).to_be_focused()
    for name in ("email", "name", "line1", "postcode", "city"):
        reader.tab_to(f"[name={name}]")
        keys.type(PERSON[name])
    reader.tab_to("[data-order]")
    keys.press("Enter")
    expect(reader.step("pay").locator("[data-counter-title]")).to_be_focused()
    reader.frame.locator("[autocomplete=cc-number]").wait_for()
    reader.tab_to("iframe")
    reader.tab_inside("[autocomplete=cc-number]")
    keys.type("4242424242424242")
    keys.press("Tab")
    keys.type("1234")
    keys.press("Tab")
    keys.type("123")
    keys.press("Enter")

    expect(reader.done().locator("[data-counter-title]")).to_be_focused()
    stall.check_sold()


@pytest.mark.main
def test_declined_then_paid(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    reader.card(DECLINED)
    reader.pay()
    reader.frame.get_by_role("alert").wait_for()
    assert stall.free == 4

    reader.card()
    reader.pay()

    reader.done()
    stall.check_sold()


def test_the_bank_asks_first(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    reader.card(CHALLENGED)
    reader.pay()

    reader.frame.get_by_role("button", name="Confirmer le paiement").click()

    reader.done()
    stall.check_sold()


@pytest.mark.main
def test_without_scripts_everything_is_a_page(visitor: Callable[..., Reader]) -> None:
    reader = visitor(java_script_enabled=False)
    reader.expect("422")
    stall = Stall()
    page = reader.page
    reader.open(stall.path)
    page.locator("[data-buy]").click()
    page.locator("[name=email]").fill("not an address")
    page.locator("[data-order]").click()
    expect(page.locator("#id_email")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_email_error")).to_be_visible()
    for name, text in PERSON.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[data-order]").click()
    assert page.url.startswith(reader.stripe)
    assert stall.free == 4
    page.locator("[name=card_number]").fill("4242424242424242")
    page.locator("[name=expiry]").fill("12/34")
    page.locator("[name=cvc]").fill("123")
    page.locator("button.main").click()

    expect(page.locator("[data-step=done]")).to_have_attribute("data-state", "paid")
    assert page.url.startswith(reader.base)
    stall.check_sold()


@pytest.mark.main
def test_stripe_js_blocked(reader: Reader) -> None:
    """An ad blocker: the way to Stripe's own page becomes the main button at once, for the same order."""
    reader.expect("ERR_FAILED", "stripe.js")
    stall = Stall()
    reader.page.route("**/stripe.js", lambda route: route.abort())
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    step = reader.order()
    expect(step.locator("[data-late]")).to_be_visible(timeout=2000)
    number = stall.order().number

    reader.click(step.locator("[data-hosted] button:not(.button--quiet)"))

    reader.pay_on_stripes_page()
    order = stall.check_sold()
    assert (order.number, order.attempts.count()) == (number, 2)


def test_frame_stays_silent(reader: Reader) -> None:
    """The script came, the frame did not: after eight seconds the other way is offered; the frame may still come."""
    stall = Stall()
    reader.page.route("**/c/embed/**", lambda route: route.fulfill(content_type="text/html", body="<p>"))
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    step = reader.order()
    expect(step.locator("[data-late]")).to_be_hidden()

    expect(step.locator("[data-late]")).to_be_visible(timeout=11000)

    reader.click(step.locator("[data-hosted] button"))
    reader.pay_on_stripes_page()
    stall.check_sold()


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_recap_says_what_the_law_wants(reader: Reader, locale: str) -> None:
    """Before the button: seller, price, delivery and its limits, payment, guarantee, withdrawal, mediator (law P3, P4)."""
    stall = Stall()
    shop = stall.offer.shop
    other: dict[str, Any] = {
        "fr": {},
        "en": {"product_page": factories.product_page(stall.product, code="en")},
    }[locale]
    path = factories.article(other["product_page"], code="en").url if other else stall.path
    reader.open(path)

    recap = reader.buy()

    told = recap.inner_text()
    assert [
        word for word in (shop.seller, shop.siren, shop.mediator_name, "France", stall.product.name) if word not in told
    ] == []
    assert recap.locator("a[href*=retractation], a[href*=withdrawal]").count() == 1
    button = recap.locator("[data-order]")
    expect(button).to_have_text(words.PLEDGE[locale])
    expect(button).to_have_accessible_name(words.PLEDGE[locale])
