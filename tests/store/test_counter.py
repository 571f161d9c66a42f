"""The counter and the basket say no before anything is typed, and never fall over what was forged."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from store import checkout
from store.models import CartLine, DeliveryMethod, DeliveryRate, Offer, Order
from store.views import paying
from tests import factories
from tests.factories.orders import PERSON

pytestmark = pytest.mark.django_db
BUY, ADD = "/commande/acheter/", "/panier/ajouter/"


def ask(client: Client, offer: Offer, **data: Any) -> tuple[int, str]:
    """Status and body of the recap for it."""
    answer = client.get(BUY, {"offer": offer.pk, "quantity": 1, **data})
    return answer.status_code, answer.content.decode()


def is_form(body: str) -> bool:
    return "data-order" in body


def test_recap_of_what_can_be_had_is_a_form(client):
    status, body = ask(client, factories.offer())
    assert (status, is_form(body)) == (200, True)


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_recap_of_the_sold_out_is_a_word(client, locale):
    offer = factories.offer(units=0)
    path = BUY if locale == "fr" else "/en/checkout/buy/"
    answer = client.get(path, {"offer": offer.pk})
    assert (answer.status_code, is_form(answer.content.decode())) == (409, False)


def test_recap_of_more_than_there_are_is_a_word(client):
    status, body = ask(client, factories.offer(units=3), quantity=5)
    assert (status, is_form(body)) == (409, False)
    assert "3" in body


def test_recap_of_what_others_pay_for_is_a_word(client):
    offer = factories.offer(units=1)
    factories.order(factories.basket(offer))
    status, body = ask(client, offer)
    assert (status, is_form(body)) == (409, False)


def test_what_the_buyers_own_order_holds_is_free_for_them(client):
    offer = factories.offer(units=1)
    order = factories.order(factories.basket(offer))
    session = client.session
    session["orders"] = [str(order.token)]
    session.save()
    status, body = ask(client, offer)
    assert (status, is_form(body)) == (200, True)


def test_recap_of_a_closed_shop_is_a_word(client):
    offer = factories.offer()
    type(offer.shop).objects.update(is_closed=True)
    status, body = ask(client, offer)
    assert (status, is_form(body)) == (409, False)


def test_recap_of_a_basket_with_something_sold_out_is_a_word(client):
    offer = factories.offer(units=2)
    client.post(ADD, {"offer": offer.pk, "quantity": 2})
    factories.order(factories.basket(offer))
    answer = client.get("/commande/")
    assert (answer.status_code, is_form(answer.content.decode())) == (409, False)


@pytest.mark.parametrize("method", ["²", "٣" * 30, "9" * 5000, "-1", "1e3", ""])
def test_forged_method_is_no_error_of_ours(client, method):
    offer = factories.offer()
    answer = client.post(BUY, {"offer": offer.pk, "quantity": 1, "method": method, "refresh": "1"})
    assert answer.status_code == 200


@pytest.mark.parametrize("seen", ["9" * 40, "-1", "x"])
def test_forged_price_is_no_error_of_ours(client, seen):
    assert ask(client, factories.offer(), seen=seen)[0] == 410


@pytest.mark.parametrize("way", ["get", "post"])
def test_draft_is_nobodys_business(client, way):
    offer = factories.offer(state=Offer.State.DRAFT)
    answer = getattr(client, way)(ADD, {"offer": offer.pk, "quantity": 1})
    assert answer.status_code == 404
    assert str(offer) not in answer.content.decode()
    assert not CartLine.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": Offer.State.ARCHIVED},
        {"units": 0},
        {"sale_from": timedelta(days=2)},
        {"sale_until": -timedelta(days=2)},
    ],
)
def test_what_cannot_be_bought_is_not_put_into_a_basket(client, fields):
    window = {name: timezone.now() + value for name, value in fields.items() if name.startswith("sale")}
    offer = factories.offer(**{name: value for name, value in fields.items() if name not in window})
    Offer.objects.filter(pk=offer.pk).update(**window)
    shown = client.get(ADD, {"offer": offer.pk})
    assert (shown.status_code, 'name="quantity"' in shown.content.decode()) == (200, False)
    assert client.post(ADD, {"offer": offer.pk, "quantity": 1}).status_code == 409
    assert not CartLine.objects.exists()


def test_session_id_of_an_unpaid_order_is_no_payment(client, sandbox):
    order = factories.order()
    attempt = order.attempts.get()
    session_id = checkout.open_attempt(attempt).session_id
    body = client.get("/en/checkout/return/", {"session_id": session_id}).content.decode()
    assert "This payment is not finished" in body
    sandbox.outcome(session_id, "paid")
    body = client.get("/en/checkout/return/", {"session_id": session_id}).content.decode()
    assert "Your payment was taken in" in body
    assert Order.objects.get().paid_at


def order(client: Client, offer: Offer, **fields: Any) -> tuple[Order, dict[str, Any]]:
    """Order it at the counter as a page of ours would; the order and what was sent."""
    recap = client.get(BUY, {"offer": offer.pk, "quantity": 1}).context
    sent = {
        "offer": offer.pk, "quantity": 1, "token": str(recap["token"]), "total": recap["draft"].total, **PERSON, **fields,
    }  # fmt: skip
    client.post(BUY, sent, headers={"X-Fragment": "1"})
    return Order.objects.latest("pk"), sent


def test_what_was_corrected_before_the_payment_is_what_is_ordered(client, sandbox):
    """The answer to the first order was lost; the same form is sent again with another address."""
    offer = factories.offer(units=1)
    first, sent = order(client, offer, line1="1 rue Fausse", email="faux@example.org")
    client.post(BUY, {**sent, "line1": "22 rue Juste", "email": "juste@example.org"}, headers={"X-Fragment": "1"})

    first.refresh_from_db()
    second = Order.objects.latest("pk")
    assert (first.state, second.state) == (Order.State.CANCELLED, Order.State.PLACED)
    assert (second.line1, second.email) == ("22 rue Juste", "juste@example.org")


def test_the_same_form_sent_twice_is_one_order(client, sandbox):
    first, sent = order(client, factories.offer(units=2))
    client.post(BUY, sent, headers={"X-Fragment": "1"})
    assert Order.objects.get() == first


def test_units_of_ones_own_unpaid_order_serve_the_next(client, sandbox):
    """The last ones lie in an unpaid order of this browser: it gives way to what is ordered now."""
    offer = factories.offer(units=1)
    client.post(ADD, {"offer": offer.pk, "quantity": 1})
    first, _sent = order(client, offer)
    page = client.get("/panier/")
    assert f"/commande/{first.token}/reprendre/" in page.content.decode()
    assert page.context["lines"][0]["max_quantity"] == 1
    recap = client.get("/commande/").context
    answer = client.post(
        "/commande/",
        {"token": str(recap["token"]), "total": recap["draft"].total, **PERSON},
        headers={"X-Fragment": "1"},
    )

    first.refresh_from_db()
    assert answer.status_code == 200
    assert first.state == Order.State.CANCELLED
    assert Order.objects.latest("pk").state == Order.State.PLACED


def test_units_are_not_held_for_ever(client, sandbox):
    placed, _sent = order(client, factories.offer(units=1))
    Order.objects.update(placed_at=timezone.now() - timedelta(minutes=checkout.SESSION_MINUTES + 1))

    client.post(f"/commande/{placed.token}/payer/")

    placed.refresh_from_db()
    assert (placed.state, placed.attempts.count()) == (Order.State.CANCELLED, 1)


def test_who_was_sent_the_address_may_pay_and_learns_nothing(client, sandbox):
    placed, _sent = order(client, factories.offer(units=1))
    stranger = Client()
    answer = stranger.post(f"/commande/{placed.token}/reprendre/", headers={"X-Fragment": "1"})
    assert answer.status_code == 302
    sandbox.outcome(placed.attempts.latest("number").session_id, "paid")
    assert stranger.get(f"/commande/{placed.token}/etat/").status_code == 404
    back = stranger.get("/commande/retour/", {"session_id": placed.attempts.latest("number").session_id})
    assert PERSON["email"] not in back.content.decode()
    assert PERSON["line1"] not in back.content.decode()


@pytest.mark.parametrize("country", ["ZZZZ", "A" * 3000, "\x00", "BE", ""])
def test_forged_country_is_not_kept(client, sandbox, country):
    shop = factories.open_shop()
    pickup = factories.delivery_method(shop, kind="pickup")
    placed, _sent = order(client, factories.offer(units=1), method=pickup.pk, country=country, total=2000)
    assert (placed.country, placed.is_pickup) == ("FR", True)


def test_a_draft_has_no_price_anywhere(client):
    offer = factories.offer(state=Offer.State.DRAFT, price=2900)
    assert client.get("/live/", {"o": offer.pk}).json() == {"offers": {}}
    answer = client.get(BUY, {"offer": offer.pk})
    assert (answer.status_code, str(offer) in answer.content.decode()) == (404, False)


@pytest.mark.parametrize("asked", ["9" * 5000, "9" * 30, "²", "-1", ",,,", "x"])
def test_forged_ids_are_no_error_of_ours(client, asked):
    assert client.get("/live/", {"o": asked}).json() == {"offers": {}}


def browser_with(*orders: Order) -> Client:
    """A browser that placed them."""
    client = Client()
    session = client.session
    session["orders"] = [str(order.token) for order in orders]
    session.save()
    return client


def test_every_unpaid_order_of_a_browser_waits_at_its_own_offers():
    first, second = (factories.order(factories.basket(factories.offer())) for _turn in range(2))
    factories.order(factories.basket(factories.offer()))
    found = browser_with(first, second).get("/me/").json()["waiting"]
    assert [row["offers"] for row in found] == [[order.lines.get().offer_id] for order in (second, first)]
    assert [str(order.token) in row["html"] for row, order in zip(found, (second, first), strict=True)] == [True, True]


def test_what_waits_is_a_few_orders(monkeypatch):
    monkeypatch.setattr(paying, "SHOWN", 1)
    orders = [factories.order(factories.basket(factories.offer())) for _turn in range(3)]
    assert len(browser_with(*orders).get("/me/").json()["waiting"]) == 1


def test_nothing_waits_for_a_browser_without_orders(client):
    assert "waiting" not in client.get("/me/").json()


@pytest.mark.parametrize("way", ["get", "post"])
@pytest.mark.parametrize("quantity", ["1000", "0", "-1", "abc", "1.5"])
def test_quantity_that_is_none_is_told_as_such(client, way, quantity):
    page = factories.article()
    told = {"offer": factories.offer().pk, "quantity": quantity, "source": page.pk}
    answer = getattr(client, way)("/en/checkout/buy/", told)
    body = answer.content.decode()
    assert (answer.status_code, is_form(body)) == (422, False)
    assert "a whole number from 1 to 999" in body
    assert f'href="{page.url}"' in body


@pytest.mark.parametrize("order", [("whole", "empty"), ("whole", "picked up"), ("whole", "empty", "picked up")])
def test_newer_order_that_knows_less_hides_no_buyer(order):
    nobody = {"email": "", "name": "", "line1": "", "postcode": "", "city": ""}
    kinds = {"whole": {}, "empty": nobody, "picked up": {"line1": "", "postcode": "", "city": ""}}
    placed = [factories.order(factories.basket(factories.offer()), **kinds[kind]) for kind in order]
    body = browser_with(*placed).get(BUY, {"offer": factories.offer().pk}).content.decode()
    assert "12 rue des Lilas" in body


def test_fields_that_are_needed_of_a_sudden_are_asked_for_and_not_complained_of(client):
    offer = factories.offer()
    sent = {"offer": offer.pk, "quantity": 1, "token": str(uuid.uuid4()), "total": "2500"}
    assert 'name="line1"' not in client.get("/en/checkout/buy/", {"offer": offer.pk}).content.decode()
    DeliveryRate.objects.create(method=DeliveryMethod.objects.get(), countries=["BE"], amount=900)
    answer = client.post("/en/checkout/buy/", sent)
    body = answer.content.decode()
    assert (answer.status_code, 'name="line1"' in body, "field__error" in body) == (422, True, False)
    assert body.count("We need your address now") == 1
    assert not Order.objects.exists()
    wrong = client.post("/en/checkout/buy/", {**sent, "line1": ""}).content.decode()
    assert ("field__error" in wrong, "We need your address now" in wrong) == (True, False)


@pytest.mark.parametrize("headers", [{}, {"X-Fragment": "1"}])
@pytest.mark.parametrize("sent", ["order", "refresh", "nothing"])
def test_basket_that_was_emptied_elsewhere_leads_back_to_the_shop(client, headers, sent):
    shop, offer = factories.shop_page(), factories.offer()
    client.post(ADD, {"offer": offer.pk, "quantity": 1})
    body = client.get("/commande/", headers=headers).content.decode()
    typed = {**PERSON, "token": str(uuid.uuid4()), "total": "2500"}
    assert is_form(body)
    CartLine.objects.all().delete()
    if sent == "nothing":
        answer = client.get("/commande/", headers=headers)
    else:
        answer = client.post("/commande/", typed if sent == "order" else {**typed, "refresh": "1"}, headers=headers)
    body = answer.content.decode()
    assert answer.status_code == (409 if sent == "order" else 200)
    assert body.count("Votre panier est vide.") == 1
    assert f'href="{shop.url}"' in body
    assert (is_form(body), 'name="total"' in body, "data-counter-form" in body) == (False, False, False)
    assert not Order.objects.exists()
