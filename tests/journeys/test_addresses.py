"""The address book at the counter: filled in, another one by one tap, kept by a box."""

import pytest
from playwright.sync_api import expect

from store import addresses
from store.models import Address, Order
from tests import factories
from tests.journeys.reader import Reader
from tests.journeys.stall import Stall

HOME = {"name": "Orphée Dumas", "line1": "4 rue des Lilas", "postcode": "93100", "city": "Montreuil", "country": "FR"}
WORK = {**HOME, "line1": "2 quai Bas"}


@pytest.mark.main
def test_one_tap_sends_it_elsewhere(reader: Reader) -> None:
    stall, user = Stall(), factories.person()
    addresses.keep(user, HOME)
    addresses.keep(user, WORK)
    reader.sign_in(user.email)
    reader.open(stall.path)
    recap = reader.buy()
    expect(recap.locator(".folded__text")).to_contain_text("4 rue des Lilas")
    reader.tap(recap.get_by_text("2 quai Bas"))
    expect(recap.locator(".folded__text")).to_contain_text("2 quai Bas")
    expect(recap.locator("[name=line1]")).to_have_value("2 quai Bas")
    reader.order()
    reader.card()
    reader.pay()
    reader.done()

    assert Order.objects.get(user=user).line1 == "2 quai Bas"
    assert (reader.taps, reader.typed) == (4, 3)


def test_an_order_leaves_its_address_in_the_book(reader: Reader) -> None:
    stall, user = Stall(), factories.person()
    reader.sign_in(user.email)
    reader.open(stall.path)
    recap = reader.buy()
    reader.fill(email=None)
    recap.locator("[name=keep]").check()
    reader.order()

    assert [row.line1 for row in Address.objects.of(user)] == ["4 rue des Lilas"]
