"""Requests that Stripe refuses, with the code and the param it names."""

import copy
import time
from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import Sandbox

REMOVED = object()
LINE = {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 100, "product_data": {"name": "x"}}}
RECURRING = copy.deepcopy(LINE)
RECURRING["price_data"]["recurring"] = {"interval": "month"}  # type: ignore[index]
DOLLARS = copy.deepcopy(LINE)
DOLLARS["price_data"]["currency"] = "usd"  # type: ignore[index]
FIELD = {"key": "k", "label": {"type": "custom", "custom": "L"}, "type": "text"}


def refusal(client: Any, params: dict[str, Any]) -> Any:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(params)
    assert caught.value.http_status == 400
    return caught.value


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"mode": REMOVED}, "parameter_missing", "mode"),
        ({"mode": "gift"}, None, "mode"),
        ({"ui_mode": "embedded"}, None, "ui_mode"),
        ({"ui_mode": "custom"}, None, "ui_mode"),
        ({"return_url": REMOVED}, "parameter_missing", "return_url"),
        ({"return_url": "retour"}, "url_invalid", "return_url"),
        ({"redirect_on_completion": "never"}, None, "return_url"),
        ({"success_url": "https://example.com"}, None, "success_url"),
        ({"cancel_url": "https://example.com"}, None, "cancel_url"),
        ({"line_items": REMOVED}, "parameter_missing", "line_items"),
        ({"line_items": [LINE] * 101}, None, "line_items"),
        ({"line_items": [LINE, DOLLARS]}, None, "line_items"),
        ({"line_items": [RECURRING]}, None, "line_items"),
        ({"line_items": [{"quantity": 1}]}, "parameter_missing", "line_items[0][price]"),
        ({"line_items": [{**LINE, "quantity": 0}]}, "parameter_invalid_integer", "line_items[0][quantity]"),
        (
            {"line_items": [{**LINE, "quantity": "two"}]},
            "parameter_invalid_integer",
            "line_items[0][quantity]",
        ),
        ({"line_items": [{**LINE, "price": "price_x"}]}, "parameters_exclusive", "line_items[0][price]"),
        ({"line_items": [{"price": "price_no", "quantity": 1}]}, "resource_missing", "line_items[0][price]"),
        (
            {"line_items": [{**LINE, "tax_rates": ["txr_no"]}]},
            "resource_missing",
            "line_items[0][tax_rates][0]",
        ),
        ({"customer": "cus_no"}, "resource_missing", "customer"),
        ({"customer": ""}, "parameter_invalid_empty", "customer"),
        ({"customer_email": "nobody"}, "email_invalid", "customer_email"),
        ({"metadata": {str(n): "v" for n in range(51)}}, None, "metadata"),
        ({"metadata": {"k" * 41: "v"}}, None, "metadata"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"custom_fields": [FIELD] * 4}, None, "custom_fields"),
        ({"discounts": [{"coupon": "none"}]}, "resource_missing", "discounts[0][coupon]"),
        ({"subscription_data": {"description": "x"}}, None, "subscription_data"),
        ({"automatic_tax": {"enabled": "maybe"}}, None, "automatic_tax[enabled]"),
        ({"excluded_payment_method_types": ["card", "sepa_debit"]}, None, "excluded_payment_method_types"),
        (
            {"shipping_options": [{"shipping_rate_data": {"display_name": "x"}}]},
            "parameter_missing",
            "shipping_options[0][shipping_rate_data][fixed_amount]",
        ),
        ({"mode": "subscription"}, None, "line_items"),
        (
            {"mode": "subscription", "line_items": [RECURRING], "customer_creation": "always"},
            None,
            "customer_creation",
        ),
        (
            {"mode": "subscription", "line_items": [RECURRING], "shipping_options": [{"shipping_rate": "shr_1"}]},
            None,
            "shipping_options",
        ),
        (
            {"mode": "subscription", "line_items": [RECURRING], "payment_intent_data": {"description": "x"}},
            None,
            "payment_intent_data",
        ),
        (
            {"mode": "subscription", "line_items": [RECURRING], "invoice_creation": {"enabled": True}},
            None,
            "invoice_creation[enabled]",
        ),
        ({"mode": "subscription", "line_items": [RECURRING] * 21}, None, "line_items"),
        ({"mode": "subscription", "line_items": [RECURRING, *[LINE] * 21]}, None, "line_items"),
        (
            {
                "mode": "subscription",
                "line_items": [RECURRING],
                "subscription_data": {"trial_settings": {"end_behavior": {"missing_payment_method": "pause"}}},
            },
            None,
            "subscription_data[trial_settings]",
        ),
        ({"client_reference_id": "x" * 201}, None, "client_reference_id"),
    ],
)
def test_session_is_refused(
    client: Any, payment: dict[str, Any], changes: dict[str, Any], code: str | None, param: str
) -> None:
    params = {name: value for name, value in {**payment, **changes}.items() if value is not REMOVED}

    error = refusal(client, params)

    assert (error.code, error.param) == (code, param)


@pytest.mark.parametrize(("ahead", "said"), [(29 * 60, "at least 30 minutes"), (24 * 3600 + 60, "less than 24 hours")])
def test_expiry_lies_between_half_an_hour_and_a_day(
    client: Any, payment: dict[str, Any], ahead: int, said: str
) -> None:
    error = refusal(client, {**payment, "expires_at": int(time.time()) + ahead})

    assert (error.param, said in str(error)) == ("expires_at", True)


@pytest.mark.parametrize(("amount", "code"), [(49, "amount_too_small"), (100_000_000, "amount_too_large")])
def test_total_has_limits(client: Any, payment: dict[str, Any], amount: int, code: str) -> None:
    payment["line_items"] = [copy.deepcopy(LINE)]
    payment["line_items"][0]["price_data"]["unit_amount"] = amount

    assert refusal(client, payment).code == code


def test_a_refused_session_leaves_nothing(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    refusal(client, {**payment, "line_items": [LINE, DOLLARS]})

    assert client.v1.products.list().data == []
    assert sandbox.control("GET", "deliveries")["data"] == []


def test_removed_types_have_their_own_code_on_intents(sandbox: Sandbox) -> None:
    data = {"amount": 500, "currency": "eur", "payment_method_types[]": "card"}

    answer = sandbox.raw("POST", "/v1/payment_intents", data)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "payment_method_types_no_longer_supported")
