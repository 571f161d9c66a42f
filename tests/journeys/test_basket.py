"""The basket: from several articles, changed, undone, kept through sign-in, ordered; two tabs on one basket."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from store.models import CartLine, Offer, Order
from tests import factories
from tests.journeys.reader import PERSON, Reader
from tests.journeys.shop import until
from tests.journeys.stall import Stall


def put_in(reader: Reader, stall: Stall) -> None:
    """From the article, with the quiet button."""
    reader.open(stall.path)
    reader.page.locator("[data-add]").click()
    expect(reader.page.locator("[data-word]")).to_contain_text(stall.product.name)


def test_from_two_articles_changed_undone_and_ordered(reader: Reader) -> None:
    one, two = Stall(price=1000), Stall(price=2000)
    put_in(reader, one)
    put_in(reader, two)
    expect(reader.page.locator("[data-badge]").first).to_have_text("2")
    reader.page.locator("[data-word] a").click()
    page, basket = reader.page, reader.page.locator("[data-basket]")
    line = basket.locator("form", has_text=one.product.name)
    line.locator("[name=more]").click()
    expect(line.locator("[name=quantity]")).to_have_value("2")
    expect(line.locator("[name=more]")).to_be_focused()
    expect(page.locator("[data-announce]")).not_to_be_empty()
    line.locator("[name=quantity]").fill("3")
    page.keyboard.press("Enter")
    expect(basket).to_contain_text("50,00")
    basket.locator("form", has_text=two.product.name).locator("[name=remove]").click()
    undo = basket.locator(".undo button")
    expect(undo).to_be_focused()
    assert CartLine.objects.filter(offer=two.offer).count() == 0
    undo.click()
    expect(basket.locator("form", has_text=two.product.name).locator("[name=quantity]")).to_have_value("1")
    expect(page.locator("[data-badge]").first).to_have_text("4")

    page.locator("form[action*=commande] button").click()
    reader.fill()
    reader.order()
    reader.card()
    reader.pay()
    done = reader.done()

    expect(done).to_contain_text("55,00")
    expect(page.locator("[data-badge]").first).to_have_text("")
    assert one.check_sold(units=3) == two.check_sold()


def test_survives_sign_in_and_order(reader: Reader) -> None:
    person = factories.person()
    stall = Stall()
    put_in(reader, stall)
    reader.sign_in(person.email)
    reader.open("/panier/")
    expect(reader.page.locator("[data-basket]")).to_contain_text(stall.product.name)
    reader.page.locator("form[action*=commande] button").click()
    reader.fill(email=None)
    reader.order()
    reader.card()
    reader.pay()
    reader.done()

    order = stall.check_sold()
    assert (order.user, order.email) == (person, person.email)


def test_two_tabs_on_one_basket(reader: Reader) -> None:
    """What was begun in one tab is ended when the other orders a changed basket: one order is paid, never two."""
    stall = Stall(units=3)
    put_in(reader, stall)
    first = reader.page
    reader.open("/commande/")
    reader.fill()
    reader.order()
    assert stall.free == 2
    second = reader.page = reader.context.new_page()
    reader.open("/panier/")
    second.locator("[name=more]").click()
    expect(second.locator("[name=quantity]")).to_have_value("2")
    reader.open("/commande/")
    reader.order()
    assert (stall.free, Order.objects.filter(lines__offer=stall.offer, state="placed").count()) == (1, 1)
    first.bring_to_front()
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first.locator("[data-step=done]")).to_have_attribute("data-state", "cancelled")
    second.bring_to_front()
    reader.card()
    reader.pay()
    reader.done()

    assert stall.check_sold(units=2).payments.count() == 1
    assert Order.objects.filter(lines__offer=stall.offer, paid_at__isnull=False).count() == 1


def test_same_basket_ordered_in_both_tabs_is_one_order(reader: Reader) -> None:
    stall = Stall(units=3)
    put_in(reader, stall)
    first = reader.page
    reader.open("/commande/")
    reader.fill()
    second = reader.page = reader.context.new_page()
    reader.open("/commande/")
    reader.fill()
    reader.order()
    reader.page = first
    # A click into a frame of another site is lost while its tab lies behind.
    first.bring_to_front()
    reader.order()

    assert stall.order().attempts.count() == 1
    reader.card()
    reader.pay()
    reader.done()
    reader.page = second
    second.bring_to_front()
    second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    reader.done()
    stall.check_sold()


def test_without_scripts(visitor: Callable[..., Reader]) -> None:
    reader = visitor(java_script_enabled=False)
    stall = Stall()
    page = reader.page
    reader.open(stall.path)
    page.locator("[data-add]").click()
    page.locator("main form button").click()
    expect(page.locator("[name=quantity]")).to_have_value("1")
    page.locator("[name=more]").click()
    expect(page.locator("[name=quantity]")).to_have_value("2")
    page.locator("[name=remove]").click()
    page.locator(".undo button").click()
    expect(page.locator("[name=quantity]")).to_have_value("2")
    page.locator("form[action*=commande] button").click()
    for name, text in PERSON.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[data-order]").click()
    assert page.url.startswith(reader.stripe)
    page.locator(".back a").click()
    page.locator("main form button").first.click()
    for name, text in {"card_number": "4242424242424242", "expiry": "12/34", "cvc": "123"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("button.main").click()
    expect(page.locator("[data-step=done]")).to_have_attribute("data-state", "paid")
    stall.check_sold(units=2)


def test_line_that_can_no_longer_be_bought(reader: Reader) -> None:
    """It is said at its line; the rest can be ordered once it is out."""
    reader.expect("409")
    gone, stays = Stall(), Stall()
    put_in(reader, gone)
    put_in(reader, stays)
    Offer.objects.filter(pk=gone.offer.pk).update(state=Offer.State.ARCHIVED)
    reader.open("/panier/")
    line = reader.page.locator("[data-basket] form", has_text=gone.product.name)
    expect(line.locator(".basket__note--wrong")).to_have_text(re.compile(r"\w"))
    line.locator("[name=remove]").click()
    expect(reader.page.locator(".undo")).to_be_visible()
    reader.page.locator("form[action*=commande] button").click()
    reader.fill()
    reader.order()
    reader.counter.locator("[data-frame] iframe").wait_for()
    reader.card()
    reader.pay()
    reader.done()

    stays.check_sold()
    until(lambda: gone.free == 5, "nothing of what is gone is held")
