"""After the sale: a withdrawal without an account, by keyboard alone."""

from playwright.sync_api import expect

from store.models import Order, Withdrawal
from tests.journeys.reader import PERSON, Reader
from tests.journeys.shop import LiveShop, until
from tests.journeys.stall import Stall


def test_withdrawal_without_an_account(house: LiveShop, reader: Reader) -> None:
    """From the link at the foot of the page in two steps; the statement is stored and its receipt sent."""
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    reader.card()
    reader.pay()
    reader.done()
    order = stall.check_sold()
    page = reader.page
    page.locator(".footer__withdraw a").click()
    page.locator("[name=name]").fill(PERSON["name"])
    page.locator("[name=contract]").fill(order.number)
    page.locator("[name=email]").fill(PERSON["email"])
    page.locator("main form button").first.click()
    page.locator("[name=confirm]").click()

    expect(page.locator("time")).to_be_visible()
    said = Withdrawal.objects.get(email=PERSON["email"], contract=order.number)
    until(lambda: Withdrawal.objects.filter(pk=said.pk, order=order).exists(), "the statement at its order")


def test_confirmation_leads_to_the_order(reader: Reader) -> None:
    """The link in the confirmation opens the order's own page without signing in."""
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    reader.order()
    reader.card()
    reader.pay()
    done = reader.done()
    done.locator("a", has_text="commande").first.click()
    reader.page.wait_for_url("**/commande/**")

    expect(reader.page.locator("main")).to_contain_text(stall.order().number)
    assert Order.objects.filter(lines__offer=stall.offer).count() == 1
