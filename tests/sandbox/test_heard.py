"""No param is silently ignored: what a handler never reads is refused by name, without effect."""

from typing import Any

import pytest
import stripe

from sandbox.heard import Heard
from tests.sandbox.conftest import Sandbox


def test_what_nobody_read_is_named() -> None:
    params = Heard({"a": {"b": "1", "c": "2"}, "list": [{"d": "3"}], "e": "4"})

    assert params["a"].get("b") == "1"
    assert "e" in params
    assert params["list"]

    assert list(params.ignored()) == ["a[c]", "list[0][d]", "e"]


@pytest.mark.parametrize("read", [dict, list, lambda params: {**params}, lambda params: {} | params])
def test_going_through_all_counts_as_reading(read: Any) -> None:
    params = Heard({"a": "1"})

    read(params)

    assert list(params.ignored()) == []


@pytest.mark.parametrize(
    ("path", "form", "param"),
    [
        ("customers", {"tax[validate_location]": "deferred"}, "tax"),
        ("refunds", {"reverse_transfer": "true"}, "reverse_transfer"),
        ("payment_intents", {"on_behalf_of": "acct_1"}, "on_behalf_of"),
        (
            "payment_intents",
            {"payment_method_options[card][moto]": "true"},
            "payment_method_options[card][moto]",
        ),
        (
            "checkout/sessions",
            {"payment_intent_data[application_fee_amount]": "5"},
            "payment_intent_data[application_fee_amount]",
        ),
        ("checkout/sessions", {"payment_method_configuration": "pmc_1"}, "payment_method_configuration"),
        ("prices", {"billing_scheme": "tiered"}, "billing_scheme"),
    ],
)
def test_params_the_stand_in_lacks_are_refused(
    sandbox: Sandbox, client: Any, path: str, form: dict[str, str], param: str
) -> None:
    paid = {"amount": 1000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}
    intent = client.v1.payment_intents.create(paid)
    made: dict[str, dict[str, str]] = {
        "customers": {},
        "refunds": {"payment_intent": intent.id},
        "payment_intents": {"amount": "1000", "currency": "eur"},
        "checkout/sessions": {
            "mode": "payment",
            "success_url": "https://example.com",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "eur",
            "line_items[0][price_data][unit_amount]": "500",
            "line_items[0][price_data][product_data][name]": "x",
        },
        "prices": {"product_data[name]": "x", "currency": "eur", "unit_amount": "500"},
    }
    before = sandbox.raw("GET", "/v1/events?limit=100").json()["data"]

    answer = sandbox.raw("POST", f"/v1/{path}", {**made[path], **form})

    assert (answer.status_code, answer.json()["error"]["param"].startswith(param)) == (400, True)
    assert sandbox.raw("GET", "/v1/events?limit=100").json()["data"] == before
    assert sandbox.raw("POST", f"/v1/{path}", made[path]).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("checkout/sessions?payment_link=plink_1", 200),
        ("balance_transactions?payout=po_1", 200),
        ("prices?recurring[interval]=month", 200),
        ("payment_methods?type=card", 200),
        ("invoice_payments?payment[type]=payment_intent", 200),
        ("invoices?due_date[gt]=5", 400),
        ("subscriptions?test_clock=clock_1", 400),
    ],
)
def test_filters_work_or_are_refused(sandbox: Sandbox, client: Any, path: str, status: int) -> None:
    client.v1.prices.create({"product_data": {"name": "x"}, "currency": "eur", "unit_amount": 500})

    answer = sandbox.raw("GET", f"/v1/{path}")

    assert answer.status_code == status
    assert answer.json().get("data", []) == []


def test_what_only_a_confirmation_uses_needs_one(client: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create({"amount": 1000, "currency": "eur", "return_url": "https://example.com"})

    assert caught.value.param == "return_url"
