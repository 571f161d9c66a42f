"""A subscription's later life on the stand-in's moved clock."""

from typing import Any

import pytest

from tests.sandbox.conftest import Sandbox

DECLINED = "4000000000000341"


@pytest.fixture
def living(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> Any:
    price = client.v1.prices.create(
        {"product_data": {"name": "Club"}, "currency": "eur", "unit_amount": 500, "recurring": {"interval": "month"}}
    )
    lines = [{"price": price.id, "quantity": 1}]
    session = client.v1.checkout.sessions.create({**payment, "mode": "subscription", "line_items": lines})
    sandbox.outcome(session, "paid")
    return client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]}).subscription


def test_next_period_is_charged_and_the_end_of_it_is_the_end(sandbox: Sandbox, client: Any, living: Any) -> None:
    sandbox.control("POST", "clock", advance=32 * 86400)
    found = client.v1.invoices.list({"subscription": living.id}).data
    assert [row.status for row in found] == ["paid", "paid"]
    assert [row.billing_reason for row in found] == ["subscription_cycle", "subscription_create"]
    client.v1.subscriptions.update(living.id, {"cancel_at_period_end": True})
    sandbox.control("POST", "clock", advance=70 * 86400)
    assert client.v1.subscriptions.retrieve(living.id).status == "canceled"
    assert len(client.v1.invoices.list({"subscription": living.id}).data) == 2


def test_refused_card_is_tried_again_and_then_it_ends(sandbox: Sandbox, client: Any, living: Any) -> None:
    sandbox.control("POST", f"subscriptions/{living.id}/card", card=DECLINED)
    sandbox.control("POST", "clock", advance=32 * 86400)
    assert client.v1.subscriptions.retrieve(living.id).status == "past_due"
    for _day in range(17):
        sandbox.control("POST", "clock", advance=86400)
    invoice = client.v1.invoices.list({"subscription": living.id}).data[0]
    assert (invoice.status, invoice.attempt_count) == ("open", 4)
    assert client.v1.subscriptions.retrieve(living.id).status == "canceled"


def test_pause_drops_invoices_until_it_resumes(sandbox: Sandbox, client: Any, living: Any) -> None:
    now = sandbox.control("GET", "clock")["now"]
    pause = {"behavior": "void", "resumes_at": now + 40 * 86400}
    client.v1.subscriptions.update(living.id, {"pause_collection": pause})
    sandbox.control("POST", "clock", advance=32 * 86400)
    assert client.v1.invoices.list({"subscription": living.id}).data[0].status == "void"
    sandbox.control("POST", "clock", advance=31 * 86400)
    assert client.v1.invoices.list({"subscription": living.id}).data[0].status == "paid"
    assert client.v1.subscriptions.retrieve(living.id).pause_collection is None


def test_portal_has_an_address_for_one_customer(client: Any, living: Any) -> None:
    made = client.v1.billing_portal.sessions.create({"customer": living.customer, "return_url": "https://a.example/"})
    assert made.url.endswith(f"/portal/{made.id}")
