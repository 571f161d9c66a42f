"""A guest's order, seat and card join the account whose address is proved; an address that is only said shows nothing."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.models import Seat
from home import demo_letters
from members.models import Membership, User
from store.models import Order
from tests import factories
from tests.factories.pages import block, speak_of
from tests.factories.people import PASSWORD
from tests.journeys.reader import Reader
from tests.journeys.shop import until

BUYER = "orphee@example.org"


def at(name: str, *args: Any) -> str:
    with translation.override("fr"):
        return reverse(name, args=args)


def bought_as_a_guest(reader: Reader) -> tuple[Order, str]:
    """A thing, a seat and a year of the club in one basket, paid without an account; the order and the event's name."""
    product = factories.product_page(factories.goods(price=3000).product)
    event = factories.ticket(factories.event(capacity=5), price=1500).event
    page = factories.event_page(event)
    plan = factories.plan(factories.tier("reprise", name="Reprise"), price=5000)
    body = [
        speak_of(product),
        block("event", {"event": page.pk, "note": ""}),
        block("club", {"tier": str(plan.tier_id)}),
    ]
    reader.open(factories.article(body=body).url)
    for number in range(3):
        reader.page.locator(".offer [data-add]").nth(number).click()
        expect(reader.page.locator("[data-badge]").first).to_have_text(str(number + 1))
    reader.open(at("store:checkout"))
    reader.fill(email=BUYER, name="Orphée Dumas")
    if reader.page.locator("[name=early]").count():
        reader.page.locator("[name=early]").check()
    reader.order()
    reader.card()
    reader.pay()
    reader.done()
    order = Order.objects.get(email=BUYER)
    until(lambda: Membership.objects.filter(email=BUYER).exists(), "the membership")
    until(lambda: Seat.objects.filter(email=BUYER).exists(), "the seat")
    return order, event.name


def sign_up(reader: Reader, email: str) -> None:
    """As far as the page that asks for the code."""
    reader.open(at("account_signup"))
    reader.page.locator("[name=email]").fill(email)
    reader.page.locator("[name=password1]").fill(PASSWORD)
    reader.page.locator("main form button[type=submit]").first.click()
    expect(reader.page.locator("[name=code]")).to_be_visible()


def code_for(email: str) -> str:
    """What the mail says."""

    def found() -> str:
        mine = [letter.text for letter in demo_letters.all_letters() if email in letter.to]
        codes = [re.search(r"^([A-Z0-9-]{6,10})$", text, re.MULTILINE) for text in mine]
        return next((code[1] for code in codes if code), "")

    return str(until(found, "the mail with the code"))


def test_what_a_guest_bought_is_in_the_account_once_the_address_is_proved(reader: Reader) -> None:
    order, event = bought_as_a_guest(reader)
    sign_up(reader, BUYER)
    reader.page.locator("[name=code]").fill(code_for(BUYER))
    reader.page.locator("main form button[type=submit]").first.click()
    reader.page.wait_for_url(f"**{at('account')}")

    for words in (order.number, event, "Reprise", Membership.objects.get(email=BUYER).number):
        expect(reader.page.locator("main")).to_contain_text(words)
    user = User.objects.get(email=BUYER)
    assert Order.objects.get(pk=order.pk).user == user
    assert Seat.objects.get(email=BUYER).user == user
    assert Membership.objects.get(email=BUYER).user == user


@pytest.mark.parametrize("has_account", [False, True])
def test_an_address_that_is_only_said_shows_nothing(reader: Reader, has_account: bool) -> None:
    email = f"eurydice-{has_account}@example.org".lower()
    order = factories.order(factories.basket(factories.seat_offer()), email=email)
    if has_account:
        user = factories.person()
        EmailAddress.objects.create(user=user, email=email, verified=False, primary=False)
        reader.sign_in(user.email)
    else:
        sign_up(reader, email)
    reader.open(at("account"))

    expect(reader.page.locator("main")).to_contain_text(user.email if has_account else "Tapez le code")
    assert order.number not in reader.page.content()
    assert Order.objects.get(pk=order.pk).user is None
