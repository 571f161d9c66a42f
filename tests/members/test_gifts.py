"""A gift is taken by its link: once, by who proved an address, for ninety days; its giver sees whether it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from members import gifts
from members.models import Membership
from store import asking, checkout, links, pricing
from store import cart as carts
from store.exceptions import PriceChanged
from store.models import OrderLine
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(work: Any) -> OrderLine:
    found = factories.given().grants.get().line
    work()
    return found


def path(row: Membership) -> str:
    return gifts.url(row).removeprefix("http://testserver")


def test_link_in_the_mail_leads_to_it_and_is_taken_once(line: OrderLine, client: Client) -> None:
    row = Membership.objects.get()
    letter = next(one for one in mail.outbox if one.to == ["amie@example.org"])
    assert "/cadeau/" in letter.body
    assert "/cadeau/" in str(letter.alternatives[0].content)
    assert "amie@example.org" not in client.get(path(row)).content.decode()
    client.post(path(row))
    assert Membership.objects.get().user is None

    taker, late = factories.person(email="autre@example.org"), factories.person(email="tard@example.org")
    client.force_login(taker)
    assert client.post(path(row)).url == reverse("members:card")
    assert client.post(path(row)).url == reverse("members:card")
    assert taker.audiences() == {"member", "tier:cadeau"}
    client.force_login(late)
    assert client.post(path(row)).status_code == 410
    assert Membership.objects.get().user == taker


def test_who_proved_nothing_takes_nothing(line: OrderLine, client: Client) -> None:
    taker = factories.person(email="autre@example.org")
    EmailAddress.objects.filter(user=taker).update(verified=False)
    client.force_login(taker)
    assert client.post(path(Membership.objects.get())).status_code == 422
    assert Membership.objects.get().user is None


def test_who_belongs_already_leaves_it_to_another(line: OrderLine, client: Client) -> None:
    taker = factories.member(factories.tier("cadeau"), email="autre@example.org")
    client.force_login(taker)
    assert client.post(path(Membership.objects.get(email="amie@example.org"))).status_code == 422
    assert Membership.objects.get(email="amie@example.org").user is None


def test_old_and_false_links(line: OrderLine, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = path(Membership.objects.get())
    assert client.get(address[:-3] + "xx/").status_code == 404
    monkeypatch.setattr(gifts, "VALID", timedelta(seconds=-1))
    client.force_login(factories.person(email="autre@example.org"))
    assert client.post(address).status_code == 410
    assert Membership.objects.get().user is None


def test_giver_sees_whether_it_was_taken(line: OrderLine, client: Client) -> None:
    page = links.order_url(line.order).removeprefix("http://testserver")
    assert "pas encore été pris" in client.get(page).content.decode()
    gifts.take(Membership.objects.get(), factories.person(email="autre@example.org"))
    assert "Le cadeau a été pris" in client.get(page).content.decode()


def test_gift_gives_its_giver_no_price_of_the_club() -> None:
    """The recap says the price of everybody once somebody else is named, and that price is what is ordered."""
    plan, goods = factories.plan(), factories.offer()
    pricing.set_price(goods, 1, audience="member")
    cart = factories.basket(goods)
    carts.add(cart, plan.offer, 1)
    wished = checkout.wishes(cart)
    key = next(wish.key for wish in wished if wish.offer == plan.offer)
    given = asking.sent(wished, {f"{key}-gift_email": "amie@example.org", f"{key}-gift_name": ""})
    mine, hers = (checkout.draft(cart.shop, rows, country="FR").total for rows in (wished, given))
    assert mine < hers
    buyer = checkout.Buyer("a@example.org", "A", details={key: {"gift_email": "amie@example.org"}})
    with pytest.raises(PriceChanged):
        checkout.start(cart, buyer, shown_total=mine)
    assert checkout.start(cart, replace(buyer, line1="1 rue Haute", postcode="18100", city="Vierzon"), shown_total=hers)
