"""Customers, payment methods, products, prices, coupons, codes, rates, endpoints."""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import Sandbox


def test_customer_lives_and_dies(client: Any) -> None:
    made = client.v1.customers.create(
        {
            "email": "lea@example.com",
            "name": "Léa",
            "address": {"city": "Lyon", "country": "FR"},
            "metadata": {"a": "1"},
        }
    )
    changed = client.v1.customers.update(made.id, {"name": "", "metadata": {"a": "", "b": "2"}})
    assert (changed.name, changed.metadata.to_dict(), changed.address.city) == (None, {"b": "2"}, "Lyon")
    assert [one.id for one in client.v1.customers.list({"email": "lea@example.com"}).data] == [made.id]
    assert client.v1.customers.list({"email": "x@example.com"}).data == []

    assert client.v1.customers.delete(made.id).deleted is True

    assert client.v1.customers.retrieve(made.id).deleted is True
    assert client.v1.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.update(made.id, {"name": "x"})


def test_payment_methods_are_attached_and_detached(client: Any) -> None:
    customer = client.v1.customers.create({})
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    assert method.customer == customer.id
    listed = client.v1.customers.payment_methods.list(customer.id, {"type": "card"})
    assert [one.id for one in listed.data] == [method.id]

    assert client.v1.payment_methods.detach(method.id).customer is None

    assert client.v1.payment_methods.list({"customer": customer.id}).data == []


def test_products_and_prices(client: Any) -> None:
    product = client.v1.products.create(
        {
            "name": "Bol",
            "default_price_data": {"currency": "eur", "unit_amount": 1900},
            "expand": ["default_price"],
        }
    )
    price = client.v1.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount_decimal": "12.5", "lookup_key": "petit"}
    )
    assert product.default_price.unit_amount == 1900
    assert (price.unit_amount, str(price.unit_amount_decimal)) == (None, "12.5")
    assert [one.id for one in client.v1.prices.list({"lookup_keys": ["petit"]}).data] == [price.id]

    off = client.v1.prices.update(price.id, {"active": False})

    assert off.active is False
    assert [one.id for one in client.v1.prices.list({"active": True}).data] == [product.default_price.id]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.products.delete(product.id)
    lone = client.v1.products.create({"name": "Seul"})
    assert client.v1.products.delete(lone.id).deleted is True


def test_inactive_price_cannot_be_sold(client: Any, payment: dict[str, Any]) -> None:
    price = client.v1.prices.create({"product_data": {"name": "x"}, "currency": "eur", "unit_amount": 500})
    client.v1.prices.update(price.id, {"active": False})

    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        client.v1.checkout.sessions.create({**payment, "line_items": [{"price": price.id, "quantity": 1}]})


def test_coupons_and_codes(client: Any, payment: dict[str, Any]) -> None:
    coupon = client.v1.coupons.create({"amount_off": 500, "currency": "eur", "duration": "once", "max_redemptions": 1})
    code = client.v1.promotion_codes.create(
        {
            "promotion": {"type": "coupon", "coupon": coupon.id},
            "code": "MERCI",
            "expand": ["promotion.coupon"],
        }
    )
    assert code.promotion.coupon.amount_off == 500
    assert [one.id for one in client.v1.promotion_codes.list({"code": "MERCI"}).data] == [code.id]
    session = client.v1.checkout.sessions.create({**payment, "discounts": [{"promotion_code": code.id}]})
    assert session.amount_total == 4190

    client.v1.promotion_codes.update(code.id, {"active": False})

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create({**payment, "discounts": [{"promotion_code": code.id}]})
    assert client.v1.coupons.delete(coupon.id).deleted is True


def test_spent_coupon_is_refused(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    client.v1.coupons.create({"id": "UNE", "percent_off": 50, "duration": "once", "max_redemptions": 1})
    params = {**payment, "discounts": [{"coupon": "UNE"}]}
    sandbox.outcome(client.v1.checkout.sessions.create(params), "paid")

    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(params)
    assert caught.value.code == "coupon_expired"


def test_rates(client: Any) -> None:
    tax = client.v1.tax_rates.create({"display_name": "TVA", "percentage": 5.5, "inclusive": True, "country": "FR"})
    shipping = client.v1.shipping_rates.create(
        {"display_name": "Lettre", "type": "fixed_amount", "fixed_amount": {"amount": 390, "currency": "eur"}}
    )

    assert client.v1.tax_rates.update(tax.id, {"active": False}).active is False
    assert client.v1.tax_rates.list({"active": True}).data == []
    assert client.v1.shipping_rates.retrieve(shipping.id).fixed_amount.amount == 390


def test_webhook_endpoint_tells_its_secret_once(client: Any) -> None:
    made = client.v1.webhook_endpoints.create(
        {
            "url": "https://example.com/hook",
            "enabled_events": ["refund.failed"],
            "api_version": "2026-10-28.endive",
        }
    )
    assert made.secret.startswith("whsec_")

    seen = client.v1.webhook_endpoints.retrieve(made.id)
    assert "secret" not in seen
    assert seen.api_version == "2026-10-28.endive"
    off = client.v1.webhook_endpoints.update(made.id, {"disabled": True, "enabled_events": ["*"]})
    assert (off.status, off.enabled_events) == ("disabled", ["*"])
    assert client.v1.webhook_endpoints.delete(made.id).deleted is True
    assert client.v1.webhook_endpoints.list().data == []


@pytest.mark.parametrize("params", [{"enabled_events": ["order.paid"]}, {"url": "hook"}, {"enabled_events": None}])
def test_webhook_endpoint_params(client: Any, params: dict[str, Any]) -> None:
    wanted = {"url": "https://example.com", "enabled_events": ["*"], **params}

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.webhook_endpoints.create({name: value for name, value in wanted.items() if value})


def test_coupon_may_be_for_some_products(client: Any, payment: dict[str, Any]) -> None:
    bowl, plate = (
        client.v1.prices.create({"product_data": {"name": name}, "currency": "eur", "unit_amount": 1000})
        for name in ("Bol", "Assiette")
    )
    coupon = client.v1.coupons.create({"percent_off": 50, "applies_to": {"products": [bowl.product]}})
    lines = [{"price": one.id, "quantity": 1} for one in (bowl, plate)]

    session = client.v1.checkout.sessions.create(
        {**payment, "line_items": lines, "discounts": [{"coupon": coupon.id}], "expand": ["line_items"]}
    )

    assert [one.amount_discount for one in session.line_items.data] == [500, 0]
    with pytest.raises(stripe.InvalidRequestError, match="No such product"):
        client.v1.coupons.create({"percent_off": 50, "applies_to": {"products": ["prod_no"]}})


def test_deleted_ids_can_be_given_again(client: Any) -> None:
    client.v1.coupons.create({"id": "ETE", "percent_off": 5})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.coupons.create({"id": "ETE", "percent_off": 6})
    assert caught.value.code == "resource_already_exists"
    client.v1.coupons.delete("ETE")

    client.v1.coupons.create({"id": "ETE", "percent_off": 6})

    assert client.v1.coupons.retrieve("ETE").percent_off == 6


def test_coupons_and_codes_end_in_time(sandbox: Sandbox, client: Any) -> None:
    soon = sandbox.control("GET", "clock")["now"] + 60
    coupon = client.v1.coupons.create({"percent_off": 5, "redeem_by": soon})
    code = client.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "VITE", "expires_at": soon}
    )
    assert (coupon.valid, code.active) == (True, True)

    sandbox.control("POST", "clock", advance=61)

    assert client.v1.coupons.retrieve(coupon.id).valid is False
    assert client.v1.promotion_codes.retrieve(code.id).active is False
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.coupons.create({"percent_off": 5, "redeem_by": soon})


@pytest.mark.parametrize(
    ("limits", "subtotal", "allowed"),
    [
        ({"restrictions": {"minimum_amount": 5000, "minimum_amount_currency": "eur"}}, 4999, False),
        ({"restrictions": {"minimum_amount": 5000, "minimum_amount_currency": "eur"}}, 5000, True),
        ({"restrictions": {"minimum_amount": 100, "minimum_amount_currency": "usd"}}, 5000, False),
        ({"customer": "another"}, 5000, False),
        ({"customer": "own"}, 5000, True),
        ({"restrictions": {"first_time_transaction": True}}, 5000, False),
    ],
)
def test_codes_have_conditions(
    client: Any, payment: dict[str, Any], limits: dict[str, Any], subtotal: int, allowed: bool
) -> None:
    own, another = (client.v1.customers.create({"email": "a@example.com"}).id for _ in range(2))
    paid = {"amount": 500, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True, "customer": own}
    client.v1.payment_intents.create(paid)
    if "customer" in limits:
        limits = {"customer": {"own": own, "another": another}[limits["customer"]]}
    coupon = client.v1.coupons.create({"percent_off": 10})
    code = client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, **limits})
    payment["line_items"] = [{"quantity": 1, "price_data": {**payment["line_items"][0]["price_data"]}}]
    payment["line_items"][0]["price_data"]["unit_amount"] = subtotal
    params = {**payment, "customer": own, "discounts": [{"promotion_code": code.id}]}

    if allowed:
        assert client.v1.checkout.sessions.create(params).amount_total == 4500
    else:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.v1.checkout.sessions.create(params)
        assert caught.value.param == "discounts[0][promotion_code]"


def test_empty_metadata_is_none(client: Any) -> None:
    made = client.v1.products.create({"name": "x", "metadata": {"a": "", "b": "1"}})

    assert made.metadata.to_dict() == {"b": "1"}


def test_lookup_key_moves_only_when_asked(client: Any) -> None:
    params = {"product_data": {"name": "x"}, "currency": "eur", "unit_amount": 500}
    first = client.v1.prices.create({**params, "lookup_key": "petit"})
    second = client.v1.prices.create(params)
    with pytest.raises(stripe.InvalidRequestError, match="lookup key"):
        client.v1.prices.update(second.id, {"lookup_key": "petit"})

    client.v1.prices.update(second.id, {"lookup_key": "petit", "transfer_lookup_key": True})

    assert client.v1.prices.retrieve(first.id).lookup_key is None
    assert client.v1.prices.retrieve(second.id).lookup_key == "petit"
