"""Who asks for e-mail and address: the table of lanes, and what Stripe's form brings back."""

from dataclasses import replace
from typing import Any

import pytest

from store import checkout, desk, gateway, lane, orders, wants
from store.models import DeliveryMethod, DeliveryRate, Order
from tests import factories
from tests.factories.orders import PERSON

pytestmark = pytest.mark.django_db
NOBODY: dict[str, Any] = {}
ADDRESS_ONLY = {name: PERSON[name] for name in ("name", "line1", "postcode", "city")}


def draft(method_id: int | None = None, *, price: int = 2000) -> checkout.Draft:
    offer = factories.offer(price=price)
    return checkout.draft(offer.shop, [wants.Wish(offer, 1)], country="FR", method_id=method_id)


@pytest.mark.parametrize(
    ("known", "typed", "signed_in", "fast"),
    [
        (NOBODY, None, False, True),
        (NOBODY, {"token": "x", "total": "2500"}, False, True),
        (NOBODY, {"email": ""}, False, False),
        (NOBODY, {"line1": "12 rue"}, False, False),
        (PERSON, None, False, False),
        ({"email": PERSON["email"]}, None, False, True),
        (ADDRESS_ONLY, None, False, True),
        (ADDRESS_ONLY, None, True, False),
        ({"name": PERSON["name"]}, None, True, True),
    ],
)
def test_lane_by_what_is_known_and_typed(known, typed, signed_in, fast):
    user = object() if signed_in else None
    assert lane.is_fast(draft(), known=known, typed=typed, user=user) is fast


def test_lane_is_ours_where_the_total_hangs_on_the_address():
    found = draft()
    method = DeliveryMethod.objects.get()
    DeliveryRate.objects.create(method=method, countries=["BE"], amount=900)
    assert lane.is_fast(found, known=NOBODY, typed=None, user=None) is False


def test_lane_is_fast_for_a_pick_up_wherever_else_we_send():
    found = draft()
    DeliveryRate.objects.create(method=DeliveryMethod.objects.get(), countries=["BE"], amount=900)
    pickup = factories.delivery_method(found.shop, kind=DeliveryMethod.Kind.PICKUP)
    picked = draft(pickup.pk)
    assert lane.needed(picked, None) == ["email", "name"]
    assert lane.is_fast(picked, known=NOBODY, typed=None, user=None) is True


def test_lane_is_ours_where_the_carrier_wants_a_phone_number():
    found = draft()
    DeliveryMethod.objects.update(needs_phone=True)
    assert lane.is_fast(draft(), known=NOBODY, typed=None, user=None) is False
    assert found.is_sent


def test_lane_is_ours_where_nothing_is_paid():
    offer = factories.offer(price=0)
    DeliveryRate.objects.update(amount=0)
    found = checkout.draft(offer.shop, [wants.Wish(offer, 1)], country="FR")
    assert (found.total, lane.is_fast(found, known=NOBODY, typed=None, user=None)) == (0, False)


def fast_order(**fields: Any) -> tuple[Order, str]:
    """An order that does not know its buyer, and its open session."""
    order = factories.order(**{"email": "", "name": "", "line1": "", "postcode": "", "city": "", **fields})
    attempt = order.attempts.get()
    return order, checkout.open_attempt(attempt).session_id


HOME = {"line1": "3 rue Basse", "line2": "Fond de cour", "postal_code": "35000", "city": "Rennes", "country": "FR"}


def test_what_stripes_form_was_told_is_the_buyer(sandbox, work, mailoutbox):
    order, session_id = fast_order()
    assert order.attempts.get().params["shipping_address_collection"] == {"allowed_countries": ["FR"]}

    sandbox.outcome(session_id, "paid", email="zoe@example.org", name="Zoé Le Goff", address=HOME)
    for _door in range(2):
        orders.settle(session_id)
    work()

    order.refresh_from_db()
    assert (order.email, order.state) == ("zoe@example.org", Order.State.PAID)
    assert order.address_lines() == ["Zoé Le Goff", "3 rue Basse", "Fond de cour", "35000 Rennes"]
    assert [mail.to for mail in mailoutbox if "zoe@example.org" in mail.to] == [["zoe@example.org"]]


@pytest.mark.parametrize("person", [
    {"email": "zoe@example.org", "name": "Zoé Le Goff"},
    {"name": "Zoé Le Goff", "line1": HOME["line1"], "city": HOME["city"]},
])  # fmt: skip
def test_paid_without_address_or_mail_waits_for_the_owner_until_completed(
    sandbox, work, mailoutbox, monkeypatch, person
):
    order, session_id = fast_order()
    sandbox.outcome(session_id, "paid", email="zoe@example.org", name="Zoé Le Goff", address=HOME)
    whole = gateway.read_session(session_id)
    monkeypatch.setattr(gateway, "read_session", lambda _id: replace(whole, person=person))
    orders.settle(session_id)
    work()

    order.refresh_from_db()
    assert (order.attention, order.parcels.count()) == ("incomplete", 0)
    assert not desk.to_send(order.shop).exists()
    assert any(order.number in mail.subject and mail.to == [order.shop.email] for mail in mailoutbox)

    monkeypatch.setattr(gateway, "read_session", lambda _id: whole)
    for _door in range(2):
        orders.settle(session_id)
    work()
    order.refresh_from_db()
    assert (order.attention, order.parcels.count(), order.mails.filter(key="receipt").count()) == ("", 1, 1)


def test_a_payment_on_its_way_knows_its_buyer_already(sandbox):
    order, session_id = fast_order()
    sandbox.outcome(session_id, "async_pending", email="zoe@example.org", name="Zoé Le Goff", address=HOME)
    orders.settle(session_id)
    order.refresh_from_db()
    assert (order.state, order.email, order.city) == (Order.State.PENDING, "zoe@example.org", "Rennes")


def test_for_a_pick_up_only_the_name_is_asked(sandbox):
    shop = factories.open_shop()
    pickup = factories.delivery_method(shop, kind=DeliveryMethod.Kind.PICKUP)
    order, session_id = fast_order(method_id=pickup.pk)
    params = order.attempts.get().params
    assert params["name_collection"] == {"individual": {"enabled": True}}
    assert "shipping_address_collection" not in params

    sandbox.outcome(session_id, "paid", email="zoe@example.org", name="Zoé Le Goff")
    orders.settle(session_id)
    order.refresh_from_db()
    assert order.address_lines() == ["Zoé Le Goff"]


def test_what_the_recap_was_told_stays(sandbox):
    order = factories.order()
    params = order.attempts.get().params
    assert not {"shipping_address_collection", "name_collection"} & set(params)
    session_id = checkout.open_attempt(order.attempts.get()).session_id
    sandbox.outcome(session_id, "paid", email="other@example.org", name="Somebody Else", address=HOME)
    orders.settle(session_id)
    order.refresh_from_db()
    assert (order.email, order.name, order.city) == (PERSON["email"], PERSON["name"], PERSON["city"])


def test_letters_that_fit_no_column_are_cut(sandbox):
    order, session_id = fast_order()
    sandbox.outcome(session_id, "paid", email="zoe@example.org", name="Z" * 400, address={**HOME, "city": "R" * 300})
    orders.settle(session_id)
    order.refresh_from_db()
    assert (len(order.name), len(order.city), order.state) == (120, 80, Order.State.PAID)


def test_a_guest_is_asked_nothing_by_us_where_stripe_asks(client):
    offer = factories.offer(price=2000, units=3)
    page = client.get("/commande/acheter/", {"offer": offer.pk, "quantity": 1}).content.decode()
    assert 'name="email"' not in page
    assert 'name="line1"' not in page


def test_two_unknown_buyers_share_no_limit(settings, client, sandbox):
    from core import limits
    from store.views import paying

    settings.CHECKOUT_LIMIT = 1
    paying.guard(request_from("10.1.1.1"), "")
    paying.guard(request_from("10.1.1.2"), "")
    with pytest.raises(limits.TooMany):
        paying.guard(request_from("10.1.1.2"), "")


def request_from(address: str) -> Any:
    from django.test import RequestFactory

    return RequestFactory().get("/", REMOTE_ADDR=address)
