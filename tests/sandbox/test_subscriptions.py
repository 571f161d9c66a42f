"""A session in subscription mode leaves a living subscription and a paid invoice."""

from typing import Any

import pytest

from tests.sandbox.conftest import Receiver, Sandbox


@pytest.fixture
def joining(client: Any, payment: dict[str, Any]) -> dict[str, Any]:
    price = client.v1.prices.create(
        {
            "product_data": {"name": "Club"},
            "currency": "eur",
            "unit_amount": 500,
            "recurring": {"interval": "month"},
        }
    )
    lines = [{"price": price.id, "quantity": 1}, *payment["line_items"]]
    return {
        **payment,
        "mode": "subscription",
        "line_items": lines,
        "subscription_data": {"metadata": {"member": "3"}},
    }


def test_paid_session_begins_a_subscription(
    sandbox: Sandbox, client: Any, receiver: Receiver, joining: dict[str, Any]
) -> None:
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    session = client.v1.checkout.sessions.create(joining)
    assert (session.amount_total, session.payment_intent) == (5190, None)

    sandbox.outcome(session, "paid")

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "invoice.payments"]})
    subscription = done.subscription
    assert (done.payment_status, done.payment_intent, subscription.status) == ("paid", None, "active")
    assert subscription.metadata.member == "3"
    item = subscription["items"].data[0]
    assert 28 * 86400 <= item.current_period_end - item.current_period_start <= 31 * 86400
    assert (done.invoice.status, done.invoice.amount_paid) == ("paid", 5190)
    assert done.invoice.parent.subscription_details.subscription == subscription.id
    intent = done.invoice.payments.data[0].payment.payment_intent
    found = client.v1.invoice_payments.list({"payment": {"type": "payment_intent", "payment_intent": intent}})
    assert [one.invoice for one in found.data] == [done.invoice.id]
    assert client.v1.invoice_payments.retrieve(found.data[0].id).status == "paid"
    assert client.v1.payment_intents.retrieve(intent).amount_received == 5190
    assert [one.amount for one in client.v1.invoices.line_items.list(done.invoice.id).data] == [500, 4690]
    wanted = {"customer.created", "customer.subscription.created", "invoice.paid", "invoice_payment.paid"}
    receiver.wait(13)
    assert wanted <= set(receiver.types())


def test_trial_costs_nothing_yet(sandbox: Sandbox, client: Any, joining: dict[str, Any]) -> None:
    joining["line_items"] = joining["line_items"][:1]
    joining["subscription_data"]["trial_period_days"] = 14
    session = client.v1.checkout.sessions.create(joining)

    sandbox.outcome(session, "paid")

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (done.amount_total, done.payment_status, done.subscription.status) == (
        0,
        "no_payment_required",
        "trialing",
    )


def test_subscription_ends_when_told(sandbox: Sandbox, client: Any, joining: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(joining)
    sandbox.outcome(session, "paid")
    key = client.v1.checkout.sessions.retrieve(session.id).subscription

    waiting = client.v1.subscriptions.update(key, {"cancel_at_period_end": True})
    assert waiting.cancel_at == waiting["items"].data[0].current_period_end
    assert client.v1.subscriptions.cancel(key).status == "canceled"
    assert client.v1.subscriptions.list().data == []
    assert [one.id for one in client.v1.subscriptions.list({"status": "all"}).data] == [key]


def test_members_say_why_they_leave(sandbox: Sandbox, client: Any, joining: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(joining)
    sandbox.outcome(session, "paid")
    key = client.v1.checkout.sessions.retrieve(session.id).subscription

    left = client.v1.subscriptions.cancel(
        key, {"cancellation_details": {"comment": "Merci", "feedback": "too_expensive"}}
    )

    details = left.cancellation_details
    assert (details.comment, details.feedback, details.reason) == ("Merci", "too_expensive", "cancellation_requested")
