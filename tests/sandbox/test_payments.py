"""PaymentIntents made directly, their charges, refunds, disputes and the balance."""

import contextlib
import threading
from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.conftest import Receiver, Sandbox


def pay(client: Any, method: str = "pm_card_visa", amount: int = 5000, **more: Any) -> Any:
    params = {"amount": amount, "currency": "eur", "payment_method": method, "confirm": True, **more}
    return client.v1.payment_intents.create(params)


def test_direct_payment_succeeds(client: Any) -> None:
    intent = pay(client, metadata={"order": "9"})

    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["balance_transaction"]})
    assert (intent.status, intent.amount_received) == ("succeeded", 5000)
    assert (charge.status, charge.paid, charge.captured, charge.metadata.order) == (
        "succeeded",
        True,
        True,
        "9",
    )
    assert charge.payment_method_details.card.last4 == "4242"
    assert charge.balance_transaction.fee == 100
    listed = client.v1.balance_transactions.list({"source": charge.id})
    assert [one.id for one in listed.data] == [charge.balance_transaction.id]


@pytest.mark.parametrize(
    ("method", "code", "decline"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ],
)
def test_declined_payment_raises_and_leaves_its_trace(client: Any, method: str, code: str, decline: str | None) -> None:
    with pytest.raises(stripe.CardError) as caught:
        pay(client, method)

    error = caught.value
    assert (error.http_status, error.code, getattr(error.error, "decline_code", None)) == (402, code, decline)
    intent = client.v1.payment_intents.retrieve(error.error.payment_intent.id)
    assert (intent.status, intent.last_payment_error.code) == ("requires_payment_method", code)
    assert client.v1.charges.retrieve(intent.latest_charge).status == "failed"


def test_declined_intent_can_be_confirmed_with_another_card(client: Any) -> None:
    with pytest.raises(stripe.CardError) as caught:
        pay(client, "pm_card_chargeDeclined")

    intent = client.v1.payment_intents.confirm(caught.value.error.payment_intent.id, {"payment_method": "pm_card_visa"})

    assert intent.status == "succeeded"
    assert len(client.v1.charges.list({"payment_intent": intent.id}).data) == 2


def test_challenge_waits_for_the_bank(client: Any) -> None:
    intent = pay(client, "pm_card_threeDSecure2Required", return_url="http://127.0.0.1:8000/retour/")

    assert (intent.status, intent.latest_charge) == ("requires_action", None)
    assert "/3ds/" in intent.next_action.redirect_to_url.url


def test_intent_without_method_is_confirmed_later(client: Any) -> None:
    intent = client.v1.payment_intents.create({"amount": 700, "currency": "eur"})
    assert intent.status == "requires_payment_method"
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        client.v1.payment_intents.confirm(intent.id)

    client.v1.payment_intents.update(intent.id, {"amount": 800, "metadata": {"a": "b"}})
    done = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    assert (done.status, done.amount_received, done.metadata.a) == ("succeeded", 800, "b")


def test_manual_capture(client: Any) -> None:
    intent = pay(client, capture_method="manual")
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 5000)

    captured = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 3000})

    assert (captured.status, captured.amount_received) == ("succeeded", 3000)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.capture(intent.id)


def test_cancel(client: Any) -> None:
    intent = client.v1.payment_intents.create({"amount": 700, "currency": "eur"})

    canceled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})

    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert caught.value.code == "payment_intent_unexpected_state"


def test_small_amounts_are_refused(client: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create({"amount": 49, "currency": "eur"})

    assert (caught.value.code, caught.value.param) == ("amount_too_small", "amount")


def test_partial_refunds_add_up(client: Any) -> None:
    intent = pay(client)
    first = client.v1.refunds.create({"payment_intent": intent.id, "amount": 1500, "reason": "requested_by_customer"})
    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["refunds"]})
    assert (first.status, charge.amount_refunded, charge.refunded) == ("succeeded", 1500, False)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 3501})
    assert (caught.value.param, "€35.01" in str(caught.value)) == ("amount", True)

    second = client.v1.refunds.create({"charge": intent.latest_charge})

    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["refunds"]})
    assert (second.amount, charge.amount_refunded, charge.refunded) == (3500, 5000, True)
    assert [one.id for one in charge.refunds.data] == [second.id, first.id]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert caught.value.code == "charge_already_refunded"
    listed = client.v1.refunds.list({"payment_intent": intent.id})
    assert [one.id for one in listed.data] == [second.id, first.id]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "parameter_missing"),
        ({"charge": "ch_no"}, "resource_missing"),
        ({"charge": "ch_x", "payment_intent": "pi_x"}, "parameters_exclusive"),
        ({"payment_intent": "pi_x", "reason": "bored"}, None),
    ],
)
def test_refund_params(client: Any, params: dict[str, Any], code: str | None) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create(params)

    assert caught.value.code == code


def test_unpaid_intent_cannot_be_refunded(client: Any) -> None:
    intent = client.v1.payment_intents.create({"amount": 700, "currency": "eur"})

    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        client.v1.refunds.create({"payment_intent": intent.id})


def test_ordered_refund_fails(sandbox: Sandbox, client: Any, receiver: Receiver) -> None:
    types = ["refund.created", "refund.updated", "refund.failed"]
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": types})
    intent = pay(client)
    sandbox.control("POST", "refunds/fail_next", count=1)

    refund = client.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "pending"
    sandbox.control("POST", f"refunds/{refund.id}/fail")

    failed = client.v1.refunds.retrieve(refund.id, {"expand": ["charge"]})
    assert (failed.status, failed.charge.amount_refunded, failed.charge.refunded) == ("failed", 0, False)
    assert failed.failure_balance_transaction.startswith("txn_")
    assert sorted(one["type"] for one in receiver.wait(3)) == sorted(types)
    assert client.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"


def test_refund_to_a_bad_card_fails_by_itself(sandbox: Sandbox, client: Any) -> None:
    refund = client.v1.refunds.create({"payment_intent": pay(client, "pm_card_refundFail").id})
    assert refund.status == "succeeded"

    sandbox.control("POST", "clock", advance=10)

    assert client.v1.refunds.retrieve(refund.id).status == "failed"


def test_dispute_blocks_refunds_until_it_is_won(sandbox: Sandbox, client: Any, receiver: Receiver) -> None:
    types = ["charge.dispute.created", "charge.dispute.closed"]
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": types})
    intent = pay(client, "pm_card_createDispute")
    dispute = sandbox.control("POST", f"charges/{intent.latest_charge}/dispute")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert caught.value.code == "charge_disputed"

    client.v1.disputes.update(dispute["id"], {"evidence": {"product_description": "Un bol"}})
    sandbox.control("POST", f"disputes/{dispute['id']}/win")

    assert client.v1.disputes.retrieve(dispute["id"]).status == "won"
    assert sorted(one["type"] for one in receiver.wait(2)) == sorted(types)


def test_challenge_can_be_refused_from_the_start(client: Any) -> None:
    with pytest.raises(stripe.CardError) as caught:
        pay(client, "pm_card_authenticationRequired", error_on_requires_action=True)

    assert (caught.value.code, caught.value.http_status) == ("authentication_required", 402)


def test_card_of_another_customer_is_refused(client: Any) -> None:
    owner = client.v1.customers.create({})
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": owner.id})

    with pytest.raises(stripe.InvalidRequestError, match="belongs to a Customer"):
        pay(client, method.id)
    assert pay(client, method.id, customer=owner.id).status == "succeeded"


def test_captured_money_is_said_to_be_captured(client: Any, receiver: Receiver) -> None:
    types = ["charge.succeeded", "charge.captured", "charge.refunded"]
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": types})
    intent = pay(client, capture_method="manual")
    with pytest.raises(stripe.InvalidRequestError, match="amount_to_capture"):
        client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 0})

    client.v1.payment_intents.capture(intent.id, {"metadata": {"sent": "1"}})

    assert sorted(one["type"] for one in receiver.wait(2)) == ["charge.captured", "charge.succeeded"]
    assert client.v1.payment_intents.retrieve(intent.id).metadata.sent == "1"


def test_cancelling_lets_held_money_go(client: Any) -> None:
    intent = pay(client, capture_method="manual")

    client.v1.payment_intents.cancel(intent.id)

    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.captured, charge.refunded, charge.amount_refunded) == (False, True, 5000)


def test_challenge_needs_a_buyer(client: Any) -> None:
    with pytest.raises(stripe.CardError) as caught:
        pay(client, "pm_card_threeDSecure2Required", off_session=True)

    assert caught.value.code == "authentication_required"


def test_passed_challenge_leads_back_and_is_told(sandbox: Sandbox, client: Any) -> None:
    intent = pay(client, "pm_card_threeDSecure2Required", return_url="http://127.0.0.1:8000/retour/?a=1")
    bank = f"{sandbox.base}/3ds/{intent.id}"

    answer = requests.post(bank, {"verb": "prove"}, allow_redirects=False, timeout=20)

    assert answer.headers["Location"].startswith(f"http://127.0.0.1:8000/retour/?a=1&payment_intent={intent.id}&")
    assert answer.headers["Location"].endswith("&redirect_status=succeeded")
    paid = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert paid.latest_charge.payment_method_details.card.three_d_secure.result == "authenticated"


def test_intent_can_be_limited_to_cards(client: Any) -> None:
    wanted = {"amount": 500, "currency": "eur", "allowed_payment_method_types": ["card"]}
    assert client.v1.payment_intents.create(wanted).payment_method_types == ["card"]

    with pytest.raises(stripe.InvalidRequestError, match="No valid payment method types"):
        client.v1.payment_intents.create({**wanted, "allowed_payment_method_types": ["paypal"]})


@pytest.mark.parametrize("change", [{"customer": "cus_no"}, {"amount": 1}])
def test_intents_are_checked_when_changed(client: Any, change: dict[str, Any]) -> None:
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "eur"})

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.update(intent.id, change)


def test_waiting_refund_can_be_cancelled(sandbox: Sandbox, client: Any) -> None:
    intent = pay(client, "pm_card_pendingRefund")
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.cancel(refund.id)
    sandbox.control("POST", f"refunds/{refund.id}/require_action")

    assert client.v1.refunds.cancel(refund.id).status == "canceled"

    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == 0


def test_parallel_refunds_never_exceed_the_charge(client: Any) -> None:
    intent = pay(client)
    done: list[str] = []

    def refund() -> None:
        with contextlib.suppress(stripe.InvalidRequestError):
            done.append(client.v1.refunds.create({"payment_intent": intent.id, "amount": 3000}).id)

    threads = [threading.Thread(target=refund) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(done) == 1
    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == 3000
