"""What may happen between page and payment: nothing typed is lost, nobody pays twice, units come back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from store import pricing, stock
from store.models import Hold, Offer, Order, StockMove
from tests import factories
from tests.factories.pages import speak_of
from tests.journeys.reader import DECLINED, PERSON, Reader
from tests.journeys.shop import LiveShop, until
from tests.journeys.stall import Stall


def test_tab_closed_right_after_paying(house: LiveShop, reader: Reader) -> None:
    """The webhook alone settles: nobody comes back to ask."""
    stall = Stall()
    reader.page.route("**/status/", lambda route: route.abort())
    reader.page.route("**/suivi/", lambda route: route.abort())
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    reader.card()
    with reader.page.expect_response(lambda answer: "/c/embed/" in answer.url and answer.request.method == "POST"):
        reader.pay()
    reader.page.close()

    order = stall.check_sold()
    assert order.events.filter(kind="paid").count() == 1


def test_webhook_lost_then_reconciled(house: LiveShop, reader: Reader) -> None:
    stall = Stall()
    house.standin.control("POST", "deliveries", mode="dropped", count=20)
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    session = stall.order().attempts.get().session_id
    reader.page.close()
    house.standin.outcome(str(session), "paid")
    assert stall.order().state == Order.State.PLACED

    house.manage("reconcile")

    order = stall.check_sold()
    assert order.events.filter(data__found_by="reconcile").exists()


def test_counter_closed_frees_the_units(reader: Reader) -> None:
    stall = Stall(units=1)
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    assert stall.free == 0

    reader.close()
    expect(reader.page.locator("[data-buy]")).to_be_focused()
    until(lambda: stall.free == 1, "the unit free again")
    assert stall.order().state == Order.State.CANCELLED
    expect(reader.buy().locator("[name=line1]")).to_have_value(PERSON["line1"])
    reader.page.keyboard.press("Escape")
    expect(reader.counter).to_have_count(0)
    expect(reader.page.locator("[data-buy]")).to_be_focused()


def test_change_loses_nothing_typed(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill(name="Zoé Ébène-d'Été")
    reader.order()

    reader.click(reader.counter.locator("[data-change]"))

    recap = reader.step("recap")
    typed = {name: recap.locator(f"[name={name}]").input_value() for name in PERSON}
    assert typed == {**PERSON, "name": "Zoé Ébène-d'Été"}
    recap.locator("[name=city]").fill("Paris")
    reader.order()
    reader.card()
    reader.pay()
    reader.done()
    order = Order.objects.get(lines__offer=stall.offer, paid_at__isnull=False)
    assert order.city == "Paris"
    stall.check_sold()


def test_errors_are_tied_to_their_fields(reader: Reader) -> None:
    reader.expect("422")
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill(email="not an address", city="")

    reader.counter.locator("[data-order]").click()

    wrong = reader.counter.locator("[name=email]")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description(re.compile(r"\w"))
    expect(wrong).to_have_value("not an address")
    expect(reader.counter.locator("[name=name]")).to_have_value(PERSON["name"])
    assert not Order.objects.filter(lines__offer=stall.offer).exists()


def test_double_click_is_one_order(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    reader.page.locator("[data-buy]").dblclick()
    reader.step("recap")
    reader.fill()
    reader.counter.locator("[data-order]").dblclick()
    reader.step("pay")

    assert stall.order().attempts.count() == 1
    reader.card()
    reader.frame.locator("button.main").dblclick()
    reader.done()
    stall.check_sold()


def test_reload_while_paying_takes_up_the_same_order(reader: Reader) -> None:
    """The last unit is not lost to the buyer's own first try, and nothing is typed again."""
    stall = Stall(units=1)
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    reader.page.reload()
    reader.step("waiting").locator("button:not(.button--quiet)").click()
    reader.step("pay")
    reader.card()
    reader.pay()

    reader.done()
    assert stall.check_sold().attempts.count() == 1


def hold_back(reader: Reader, pattern: str) -> list[Route]:
    """A slow network: these requests wait in the list until they are let go."""
    held: list[Route] = []

    def wait(route: Route) -> None:
        held.append(route)

    reader.page.route(pattern, wait)
    return held


def test_slow_network_is_seen(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    held = hold_back(reader, "**/commande/acheter/")
    button = reader.counter.locator("[data-order]")
    button.click()

    expect(button).to_have_attribute("aria-busy", "true")
    assert button.evaluate("one => getComputedStyle(one, '::after').height") == "6px"
    button.click()
    reader.page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].continue_()
    reader.step("pay")
    reader.close()
    until(lambda: stall.free == 5, "the units free again")


def test_closed_while_ordering_frees_the_units(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    held = hold_back(reader, "**/commande/acheter/")
    reader.counter.locator("[data-order]").click()
    reader.close()
    held[0].continue_()

    until(lambda: Order.objects.filter(lines__offer=stall.offer, state="cancelled").exists(), "the order let go")
    assert stall.free == 5


@pytest.mark.parametrize("how", ["offline", "broken"])
def test_trouble_is_told_and_nothing_typed_is_lost(reader: Reader, how: str) -> None:
    reader.expect("ERR_FAILED", "500")
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    fail = {
        "offline": lambda route: route.abort(),
        "broken": lambda route: route.fulfill(status=500, body="no"),
    }[how]
    reader.page.route("**/commande/acheter/", fail)
    reader.counter.locator("[data-order]").click()
    word = reader.counter.locator("[data-word]")
    expect(word).to_have_text(reader.page.locator("[data-announce]").get_attribute(f"data-{how}") or "?")
    expect(reader.counter.locator("[name=line1]")).to_have_value(PERSON["line1"])

    reader.page.unroute("**/commande/acheter/")
    reader.order()
    reader.card()
    reader.pay()
    reader.done()
    stall.check_sold()


def test_stripe_down_then_up(house: LiveShop, reader: Reader) -> None:
    """No answer from Stripe: told, and the same button orders the same order once it answers."""
    reader.expect("409")
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    house.standin.control(
        "POST", "faults", kind="error", when="before", method="POST", path="/v1/checkout/sessions", count=3
    )
    reader.counter.locator("[data-order]").click()
    expect(reader.counter.locator("[role=alert]")).to_be_visible(timeout=20000)
    number = stall.order().number

    reader.order()
    reader.card()
    reader.pay()

    reader.done()
    assert stall.check_sold().number == number


def test_sold_out_between_page_and_order(reader: Reader) -> None:
    reader.expect("409")
    stall = Stall(units=1)
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    stock.adjust(factories.stocked(stall.offer), -1, StockMove.Reason.LOST)

    reader.counter.locator("[data-order]").click()

    expect(reader.counter.locator("[role=alert]")).to_contain_text(stall.product.name)
    expect(reader.counter.locator("[name=line1]")).to_have_value(PERSON["line1"])
    assert not Order.objects.filter(lines__offer=stall.offer).exists()
    reader.open(stall.path)
    expect(reader.page.locator(".offer")).to_have_attribute("data-state", "sold_out")
    expect(reader.page.locator("[data-buy]")).to_be_hidden()


def test_held_by_others_is_not_sold_out(visitor: Callable[..., Reader]) -> None:
    stall = Stall(units=1)
    first, second = visitor(), visitor()
    first.open(stall.path)
    first.buy()
    second.open(stall.path)
    second.buy()
    first.fill()
    second.fill(email="autre@example.org")
    first.order()
    second.expect("409")
    second.counter.locator("[data-order]").click()
    expect(second.counter.locator("[role=alert]")).to_contain_text(re.compile(r"\d\d[:h ]"))
    first.close()
    until(lambda: stall.free == 1, "the unit free again")

    second.order()
    second.card()
    second.pay()

    second.done()
    stall.check_sold()


def test_price_changed_between_page_and_order(reader: Reader) -> None:
    """A question with both totals; nothing typed is lost; paid is what was accepted."""
    reader.expect("409")
    stall = Stall(price=4690)
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    pricing.set_price(stall.offer, 4990)
    reader.counter.locator("[data-order]").click()
    question = reader.counter.locator(".question")
    expect(question).to_contain_text("51,90")
    expect(question).to_contain_text("54,90")
    expect(reader.counter.locator("[name=line1]")).to_have_value(PERSON["line1"])
    assert not Order.objects.filter(lines__offer=stall.offer).exists()

    reader.order()
    reader.card()
    reader.pay()

    reader.done()
    assert stall.check_sold().total == 5490


def test_price_that_the_page_showed_is_named(reader: Reader) -> None:
    stall = Stall(price=4690)
    reader.open(stall.path)
    reader.page.wait_for_load_state("networkidle")
    pricing.set_price(stall.offer, 4990)

    expect(reader.buy().locator("[role=status]")).to_contain_text("46,90")


def test_two_offers_in_one_article(reader: Reader) -> None:
    """The second opens, the first closes, the reader's place stays; a basket holds both."""
    one, two = Stall(), Stall()
    both = factories.article(one.product_page, two.product_page)
    reader.open(both.url)
    reader.buy(one.product.name)
    reader.fill()
    reader.scroll_to(f".offer:has-text('{two.product.name}') .counterline")
    ticket = reader.page.locator(".offer", has_text=two.product.name).locator(".ticket")
    before = ticket.bounding_box()
    reader.buy(two.product.name)

    after = ticket.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2
    expect(reader.counter).to_have_count(1)
    reader.fill()
    reader.order()
    assert (one.free, two.free) == (5, 4)
    reader.close()
    for stall in (one, two):
        offer = reader.page.locator(".offer", has_text=stall.product.name)
        offer.locator("[data-add]").click()
        expect(offer.locator("[data-word]")).to_be_visible()
    expect(reader.page.locator("[data-badge]").first).to_have_text("2")
    reader.page.locator("[data-cart]").click()
    reader.page.locator("form[action*=commande] button").click()
    reader.order()
    reader.card()
    reader.pay()
    reader.done()
    one.article = two.article = both
    assert one.check_sold() == two.check_sold()


@pytest.mark.parametrize("what", ["archived", "deleted"])
def test_product_gone_under_its_article(reader: Reader, what: str) -> None:
    """The page stays whole; who had it open is told; nothing is charged."""
    reader.expect("409", "410")
    stall = Stall()
    reader.open(stall.path)
    reader.page.wait_for_load_state("networkidle")
    if what == "archived":
        Offer.objects.filter(pk=stall.offer.pk).update(state=Offer.State.ARCHIVED)
    else:
        stall.product_page.delete()
    reader.page.locator("[data-buy]").click()
    expect(reader.counter.locator("[role=alert]")).to_be_visible()
    expect(reader.counter.locator("[data-order]")).to_have_count(0)

    reader.open(stall.path)

    expect(reader.page.get_by_role("heading", level=1)).to_have_text(stall.article.title)
    expect(reader.page.locator("[data-buy]")).to_have_count(0)
    assert not Order.objects.filter(lines__offer=stall.offer).exists()


def test_back_and_forward(reader: Reader) -> None:
    """From a payment under way to another page and back: the frame still pays, or the counter opens anew."""
    stall = Stall(units=1)
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    reader.page.locator("[data-cart]").click()
    reader.page.wait_for_url("**/panier/")
    reader.page.go_back()
    reader.page.wait_for_url(f"**{stall.path}")
    if not reader.counter.locator("[data-step=pay]").count():
        reader.step("waiting").locator("button:not(.button--quiet)").click()
        reader.step("pay")
    reader.card()
    reader.pay()

    reader.done()
    stall.check_sold()


def test_two_unpaid_orders_each_wait_at_their_own_offer(reader: Reader) -> None:
    """Neither hides the other: the older one can be let go, the newer one paid."""
    older, newer = Stall(units=1), Stall(units=1)
    for stall in (older, newer):
        reader.open(stall.path)
        reader.buy()
        if stall is older:
            reader.fill()
        reader.order()
    both = factories.article(body=[speak_of(older.product_page), speak_of(newer.product_page)])
    reader.open(both.url)
    waiting = reader.counter.locator("[data-step=waiting]")
    expect(waiting).to_have_count(2)

    waiting.nth(0).locator("button.button--quiet").click()
    until(lambda: older.free == 1, "the unit of the order that was let go")
    expect(waiting).to_have_count(1)
    waiting.locator("button:not(.button--quiet)").click()
    reader.step("pay")
    reader.card()
    reader.pay()

    reader.done()
    newer.check_sold()


def test_paid_in_another_tab(reader: Reader, house: LiveShop) -> None:
    """The tab that still shows the frame says what became of the order as soon as it is looked at."""
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    house.standin.outcome(str(stall.order().attempts.get().session_id), "paid")
    reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    reader.done()
    stall.check_sold()


def test_unpaid_order_is_taken_up_again(reader: Reader) -> None:
    """Back from Stripe's page without paying: a page with the bill, and the same order paid after all."""
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.click(reader.order().locator("[data-hosted] button"))
    reader.page.wait_for_url(f"{reader.stripe}/**")
    reader.page.locator(".back a").click()
    reader.page.wait_for_url(f"{reader.base}/**")
    reader.page.locator("main form button").first.click()

    reader.pay_on_stripes_page()
    assert stall.check_sold().number == stall.order().number


def test_declined_twice_then_let_go(reader: Reader) -> None:
    stall = Stall(units=1)
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    for _again in range(2):
        reader.card(DECLINED)
        reader.pay()
        reader.frame.get_by_role("alert").wait_for()
    reader.close()

    until(lambda: stall.free == 1, "the unit free again")
    assert not Hold.objects.filter(line__offer=stall.offer, state__in=["reserved", "kept"]).exists()
    assert stall.order().payments.count() == 0
