"""Checkout sessions: what they show, what buyers do to them, how they end."""

import threading
import time
from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.conftest import Receiver, Sandbox

MERCI = "http://127.0.0.1:8000/merci/{CHECKOUT_SESSION_ID}"


def hosted(payment: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same session for Stripe's own page."""
    kept = {name: value for name, value in payment.items() if name not in ("ui_mode", "return_url")}
    return {**kept, "success_url": MERCI, **more}


def test_embedded_session_is_open(client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(payment)

    assert session.id.startswith("cs_test_")
    assert session.client_secret.startswith(f"{session.id}_secret_")
    assert (session.status, session.payment_status, session.url) == ("open", "unpaid", None)
    assert (session.amount_subtotal, session.amount_total, session.currency) == (4690, 4690, "eur")
    assert session.payment_intent is None
    assert session.payment_method_types == ["card", "sepa_debit"]
    assert session.redirect_on_completion == "always"
    assert session.expires_at - session.created == 24 * 3600
    assert "line_items" not in session


def test_hosted_session_has_an_address(client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(hosted(payment))

    assert session.url.startswith("http://localhost:")
    assert session.client_secret is None
    assert session.success_url == MERCI


def test_metadata_and_reference_come_back(client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(
        {**payment, "metadata": {"order": "17"}, "client_reference_id": "attempt-17"}
    )
    client.v1.checkout.sessions.update(session.id, {"metadata": {"order": "", "step": "2"}})

    again = client.v1.checkout.sessions.retrieve(session.id)
    assert again.metadata.to_dict() == {"step": "2"}
    assert again.client_reference_id == "attempt-17"


def test_paid_session_shows_money_and_buyer(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    wanted = {
        **payment,
        "customer_email": "Lea@Example.com",
        "payment_intent_data": {"metadata": {"order": "17"}, "description": "Commande 17"},
        "shipping_address_collection": {"allowed_countries": ["FR"]},
    }
    session = client.v1.checkout.sessions.create(wanted)
    assert session.customer_details.email == "Lea@Example.com"

    sandbox.outcome(session, "paid")

    expand = ["payment_intent.latest_charge.balance_transaction", "line_items.data.price.product"]
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": expand})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = paid.payment_intent
    assert (intent.status, intent.amount_received) == ("succeeded", 4690)
    assert (intent.description, intent.metadata.to_dict()) == ("Commande 17", {"order": "17"})
    assert intent.latest_charge.balance_transaction.net == 4690 - 95
    assert paid.line_items.data[0].price.product.name == "Bol bleu"
    assert paid.collected_information.shipping_details.address.city == "Paris"
    assert paid.customer is None


def test_declined_session_stays_open_and_can_be_paid(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(payment)

    sandbox.outcome(session, "declined")

    tried = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (tried.status, tried.payment_status) == ("open", "unpaid")
    assert tried.customer_details is None
    assert tried.payment_intent.status == "requires_payment_method"
    assert tried.payment_intent.last_payment_error.decline_code == "generic_decline"
    sandbox.outcome(session, "paid")
    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert paid.payment_status == "paid"
    assert paid.payment_intent == tried.payment_intent.id


@pytest.mark.parametrize(
    ("end", "status", "told"),
    [
        ("async_succeed", "paid", "checkout.session.async_payment_succeeded"),
        ("async_fail", "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_delayed_payment_ends_later(
    sandbox: Sandbox,
    client: Any,
    receiver: Receiver,
    payment: dict[str, Any],
    end: str,
    status: str,
    told: str,
) -> None:
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["checkout.session.completed", told]})
    session = client.v1.checkout.sessions.create(payment)
    sandbox.outcome(session, "async_pending")
    pending = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (pending.status, pending.payment_status) == ("complete", "unpaid")
    assert pending.payment_intent.status == "processing"

    sandbox.outcome(session, end)

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == status
    assert sorted(one["type"] for one in receiver.wait(2)) == sorted(["checkout.session.completed", told])


def test_nothing_to_pay_needs_no_payment(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    payment["line_items"][0]["price_data"]["unit_amount"] = 0
    session = client.v1.checkout.sessions.create(payment)
    assert session.payment_status == "no_payment_required"

    sandbox.outcome(session, "paid")

    done = client.v1.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status, done.payment_intent) == (
        "complete",
        "no_payment_required",
        None,
    )


def test_expire_works_once(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(payment)

    assert client.v1.checkout.sessions.expire(session.id).status == "expired"

    with pytest.raises(stripe.InvalidRequestError, match="status in"):
        client.v1.checkout.sessions.expire(session.id)
    answer = sandbox.raw("POST", f"/v1/checkout/sessions/{session.id}/expire")
    assert answer.status_code == 400


def test_paid_session_cannot_expire(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(payment)
    sandbox.outcome(session, "paid")

    with pytest.raises(stripe.InvalidRequestError, match="status of complete"):
        client.v1.checkout.sessions.expire(session.id)


def test_time_expires_a_session_and_says_so(
    sandbox: Sandbox, client: Any, receiver: Receiver, payment: dict[str, Any]
) -> None:
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["checkout.session.expired"]})
    now = sandbox.control("GET", "clock")["now"]
    session = client.v1.checkout.sessions.create({**payment, "expires_at": now + 31 * 60})

    sandbox.control("POST", "clock", advance=31 * 60 + 1)

    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    (event,) = receiver.wait(1)
    assert event["data"]["object"]["id"] == session.id


def test_taxes_and_discount_add_up(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    rate = client.v1.tax_rates.create({"display_name": "TVA", "percentage": 20, "inclusive": True})
    coupon = client.v1.coupons.create({"percent_off": 10, "duration": "once"})
    payment["line_items"][0]["tax_rates"] = [rate.id]
    expand = ["line_items.data.taxes", "total_details.breakdown", "discounts.coupon"]
    session = client.v1.checkout.sessions.create({**payment, "discounts": [{"coupon": coupon.id}], "expand": expand})

    assert session.amount_total == 4690 - 469
    details = session.total_details
    assert (details.amount_discount, details.amount_tax) == (469, 704)
    assert details.breakdown.taxes[0].rate.id == rate.id
    assert session.line_items.data[0].taxes[0].taxable_amount == 3518
    assert session.discounts[0].coupon.percent_off == 10
    sandbox.outcome(session, "paid")
    assert client.v1.coupons.retrieve(coupon.id).times_redeemed == 1


def test_shipping_option_is_part_of_the_total(client: Any, payment: dict[str, Any]) -> None:
    rate = client.v1.shipping_rates.create(
        {
            "display_name": "Colissimo",
            "type": "fixed_amount",
            "fixed_amount": {"amount": 590, "currency": "eur"},
        }
    )
    session = client.v1.checkout.sessions.create({**payment, "shipping_options": [{"shipping_rate": rate.id}]})

    assert session.amount_total == 4690 + 590
    assert session.shipping_cost.shipping_rate == rate.id
    assert session.total_details.amount_shipping == 590


def test_lines_can_be_changed_while_open(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create({**payment, "expand": ["line_items"]})
    line = session.line_items.data[0].id

    changed = client.v1.checkout.sessions.update(session.id, {"line_items": [{"id": line, "quantity": 3}]})

    assert changed.amount_total == 3 * 2345
    lines = client.v1.checkout.sessions.line_items.list(session.id)
    assert [(one.id, one.quantity) for one in lines.data] == [(line, 3)]
    sandbox.outcome(session, "paid")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.update(session.id, {"line_items": [{"id": line, "quantity": 1}]})


def test_customer_is_made_when_asked(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create({**payment, "customer_creation": "always"})

    sandbox.outcome(session, "paid", email="nina@example.com", name="Nina")

    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})
    assert (paid.customer.email, paid.customer.name) == ("nina@example.com", "Nina")


def test_sepa_can_be_excluded(client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create({**payment, "excluded_payment_method_types": ["sepa_debit"]})

    assert session.payment_method_types == ["card"]


def test_altered_amount_shows_in_the_result(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(payment)
    sandbox.outcome(session, "paid")

    sandbox.outcome(session, "amount", amount_total=4000)

    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 4000


def test_list_finds_by_status_intent_and_time(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    first, second = (client.v1.checkout.sessions.create(payment) for _ in range(2))
    sandbox.outcome(first, "paid")
    paid = client.v1.checkout.sessions.retrieve(first.id)
    listed = client.v1.checkout.sessions.list

    assert [one.id for one in listed({"status": "open"}).data] == [second.id]
    assert [one.id for one in listed({"payment_intent": paid.payment_intent}).data] == [first.id]
    assert [one.id for one in listed({"created": {"gte": first.created}}).data] == [second.id, first.id]
    assert listed({"created": {"gt": int(time.time()) + 5}}).data == []
    found = listed({"expand": ["data.payment_intent", "data.line_items"]}).data[1]
    assert (found.payment_intent.status, found.line_items.data[0].quantity) == ("succeeded", 2)


def test_held_money_makes_a_session_paid_once_it_is_captured(
    sandbox: Sandbox, client: Any, payment: dict[str, Any]
) -> None:
    session = client.v1.checkout.sessions.create({**payment, "payment_intent_data": {"capture_method": "manual"}})
    sandbox.outcome(session, "paid")
    held = client.v1.checkout.sessions.retrieve(session.id)
    assert (held.status, held.payment_status) == ("complete", "unpaid")

    client.v1.payment_intents.capture(held.payment_intent)

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_customer_learns_what_the_buyer_told(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    customer = client.v1.customers.create({"email": "lea@example.com"})
    session = client.v1.checkout.sessions.create(
        {
            **payment,
            "customer": customer.id,
            "billing_address_collection": "required",
            "shipping_address_collection": {"allowed_countries": ["FR"]},
            "customer_update": {"address": "auto", "name": "auto", "shipping": "auto"},
        }
    )

    sandbox.outcome(session, "paid")

    known = client.v1.customers.retrieve(customer.id)
    assert (known.name, known.address.city, known.shipping.address.city) == ("Léa Martin", "Paris", "Paris")


@pytest.mark.parametrize(("enabled", "phone"), [(True, "+33612345678"), (False, None)])
def test_phone_is_told_where_it_is_asked(
    sandbox: Sandbox, client: Any, payment: dict[str, Any], enabled: bool, phone: str | None
) -> None:
    session = client.v1.checkout.sessions.create({**payment, "phone_number_collection": {"enabled": enabled}})

    sandbox.outcome(session, "paid")

    assert client.v1.checkout.sessions.retrieve(session.id).customer_details.phone == phone


def test_shipping_rates_fit_the_session(client: Any, payment: dict[str, Any]) -> None:
    def rate(currency: str) -> str:
        fixed = {"amount": 500, "currency": currency}
        made = client.v1.shipping_rates.create({"display_name": "x", "type": "fixed_amount", "fixed_amount": fixed})
        return str(made.id)

    retired = rate("eur")
    client.v1.shipping_rates.update(retired, {"active": False})

    for wrong in (rate("usd"), retired):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.checkout.sessions.create({**payment, "shipping_options": [{"shipping_rate": wrong}]})


def test_pay_and_expire_at_once_have_one_winner(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(payment)
    won: list[str] = []

    def pay() -> None:
        answer = requests.post(f"{sandbox.base}/_control/sessions/{session.id}/paid", json={}, timeout=20)
        won.extend(["complete"] if answer.status_code == 200 else [])

    def expire() -> None:
        try:
            client.v1.checkout.sessions.expire(session.id)
        except stripe.InvalidRequestError:
            return
        won.append("expired")

    threads = [threading.Thread(target=one) for one in (pay, expire)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert won == [client.v1.checkout.sessions.retrieve(session.id).status]
