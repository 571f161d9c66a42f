"""The main way: a session is made, paid, told by webhook and refunded."""

from typing import Any

import stripe

from tests.sandbox.conftest import Receiver, Sandbox


def test_paid_session_is_told_and_refunded(
    sandbox: Sandbox, client: Any, receiver: Receiver, payment: dict[str, Any]
) -> None:
    endpoint = client.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["*"], "api_version": "2026-10-28.endive"}
    )
    session = client.v1.checkout.sessions.create(payment)
    assert session.amount_total == 4690
    assert session.payment_intent is None

    sandbox.outcome(session, "paid")

    paid = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}
    )
    assert (paid.status, paid.payment_status) == ("complete", "paid")
    charge = paid.payment_intent.latest_charge
    assert charge.balance_transaction.net == 4690 - 95
    refund = client.v1.refunds.create({"payment_intent": paid.payment_intent.id, "amount": 690})
    assert refund.status == "succeeded"
    receiver.wait(7)
    assert sorted(receiver.types()) == [
        "charge.refunded",
        "charge.succeeded",
        "charge.updated",
        "checkout.session.completed",
        "payment_intent.created",
        "payment_intent.succeeded",
        "refund.created",
    ]
    body, signature, _ = receiver.got[0]
    event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
    assert event.livemode is False
