"""The control plane: for this machine only, and strict about what it is told."""

from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.conftest import Sandbox, make_client


@pytest.mark.parametrize(("name", "value"), [("X-Forwarded-For", "203.0.113.9"), ("Host", "shop.example.com")])
def test_it_answers_this_machine_only(sandbox: Sandbox, name: str, value: str) -> None:
    answer = requests.get(f"{sandbox.base}/_control/clock", headers={name: value}, timeout=20)

    assert answer.status_code in (400, 403)


@pytest.mark.parametrize(
    ("path", "told", "status"),
    [
        ("nothing", {}, 404),
        ("sessions/{session}/bought", {}, 404),
        ("sessions/{session}/paid", {"emial": "a@example.com"}, 400),
        ("sessions/{session}/paid", {"card": "4000000000000000"}, 400),
        ("sessions/{session}/paid", {"address": {"country": "FR"}}, 400),
        ("sessions/cs_no/paid", {}, 404),
        ("charges/{charge}/forgive", {}, 404),
        ("disputes/du_no/draw", {}, 404),
        ("refunds/re_no/lose", {}, 404),
        ("faults", {"colour": "red"}, 400),
        ("deliveries", {"mode": "lost"}, 400),
    ],
)
def test_what_it_does_not_know_is_refused(
    sandbox: Sandbox, client: Any, payment: dict[str, Any], path: str, told: dict[str, Any], status: int
) -> None:
    collects = {"shipping_address_collection": {"allowed_countries": ["DE"]}}
    session = client.v1.checkout.sessions.create({**payment, **collects}).id
    intent = client.v1.payment_intents.create(
        {"amount": 1000, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}
    )
    there = path.format(session=session, charge=intent.latest_charge)

    answer = requests.post(f"{sandbox.base}/_control/{there}", json=told, timeout=20)

    assert (answer.status_code, "error" in answer.json()) == (status, True)


def test_buyer_lives_where_the_shop_delivers(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    collects = {"shipping_address_collection": {"allowed_countries": ["DE", "BE"]}}
    session = client.v1.checkout.sessions.create({**payment, **collects})

    sandbox.outcome(session, "paid")

    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert paid.collected_information.shipping_details.address.country == "DE"


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
def test_rate_limits_strike_before_or_after_the_effect(sandbox: Sandbox, client: Any, when: str, there: int) -> None:
    sandbox.control("POST", "faults", kind="rate_limit", when=when, path="/v1/customers")

    with pytest.raises(stripe.RateLimitError) as caught:
        make_client(sandbox.base).v1.customers.create({})

    assert caught.value.http_status == 429
    assert len(client.v1.customers.list().data) == there


def test_errors_have_the_status_that_was_ordered(sandbox: Sandbox, client: Any) -> None:
    sandbox.control("POST", "faults", kind="error", status=503, path="/v1/customers")

    with pytest.raises(stripe.APIError) as caught:
        client.v1.customers.list()

    assert caught.value.http_status == 503
