"""Charges: one attempt to take money, succeeded, pending or failed."""

import uuid

from sandbox import listing
from sandbox.call import Call, asked, merge_metadata
from sandbox.cards import Card, message
from sandbox.events import changed, emit
from sandbox.resources import balance
from sandbox.resources.customers import shipping
from sandbox.store import Body, Record, db, new_id

DISPUTED_AFTER = 60
OUTCOMES = {
    "succeeded": ("approved_by_network", "Payment complete.", "authorized"),
    "pending": ("approved_by_network", "Payment complete.", "authorized"),
    "failed": ("declined_by_network", "The bank did not return any further details.", "issuer_declined"),
}


def make(
    intent: Body, method: Record, status: str, refused: Card | None = None, *, authenticated: bool = False
) -> Record:
    """A charge for a PaymentIntent; a refused one names the card that was."""
    paid = status == "succeeded"
    key = new_id("ch_3" if method.body["type"] == "card" else "py_3")
    body: Body = {
        "id": key,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method.body["billing_details"],
        "calculated_statement_descriptor": "COMPTOIR",
        "captured": False,
        "created": db.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": refused.code if refused else None,
        "failure_message": message(refused) if refused else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": _outcome(status, refused),
        "paid": paid or status == "pending",
        "payment_intent": intent["id"],
        "payment_method": method.id,
        "payment_method_details": _details(method.body, intent["amount"], authenticated),
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": shipping(intent["shipping"]),
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
    }
    return db.add(body, {"fate": method.private.get("fate", "")})


def _outcome(status: str, refused: Card | None) -> Body:
    network, said, kind = OUTCOMES[status]
    return {
        "advice_code": "try_again_later" if refused else None,
        "network_advice_code": None,
        "network_decline_code": "01" if refused else None,
        "network_status": network,
        "reason": (refused.decline_code or refused.code) if refused else None,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": said,
        "type": kind,
    }


def _details(method: Body, amount: int, authenticated: bool) -> Body:
    if method["type"] == "sepa_debit":
        known = {n: v for n, v in method["sepa_debit"].items() if n != "generated_from"}
        return {"type": "sepa_debit", "sepa_debit": {**known, "mandate": new_id("mandate_1")}}
    card = method["card"]
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    return {
        "type": "card",
        "card": {name: card[name] for name in same}
        | {
            "amount_authorized": amount,
            "authorization_code": None,
            "extended_authorization": {"status": "disabled"},
            "incremental_authorization": {"status": "unavailable"},
            "installments": None,
            "last4": card["last4"],
            "mandate": None,
            "multicapture": {"status": "unavailable"},
            "network": card["brand"],
            "network_token": {"used": False},
            "network_transaction_id": None,
            "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
            "regulated_status": "unregulated",
            "three_d_secure": _three_d_secure() if authenticated else None,
            "wallet": card["wallet"],
        },
    }


def _three_d_secure() -> Body:
    """The bank's challenge was passed."""
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": str(uuid.uuid4()),
        "version": "2.2.0",
    }


def capture(charge: Record, amount: int) -> None:
    """Takes the money; the balance transaction follows as Stripe's asynchronous capture does."""
    was_authorized = charge.private.pop("authorized", False)
    charge.body |= {"amount_captured": amount, "captured": True, "paid": True}
    charge.body["status"] = "succeeded"
    db.save(charge)
    emit("charge.captured" if was_authorized else "charge.succeeded", charge.body)
    transaction = balance.add("charge", amount, charge.body, fee=True)
    changed("charge.updated", charge, balance_transaction=transaction)
    if charge.private.get("fate") == "dispute":
        db.later(DISPUTED_AFTER, "dispute", charge.id)


def authorize(charge: Record) -> None:
    """The money is held, to be taken or let go."""
    charge.private["authorized"] = True
    db.save(charge)
    emit("charge.succeeded", charge.body)


def release(charge: Record) -> None:
    """Lets go of money that was held and never taken."""
    changed("charge.refunded", charge, amount_refunded=charge.body["amount"], refunded=True)


def retrieve(call: Call) -> Body:
    return asked(call, "charge").body


def update(call: Call) -> Body:
    record = asked(call, "charge")
    merge_metadata(record.body, call.params.get("metadata"))
    values = call.given("description", "receipt_email", "transfer_group")
    report = call.params.get("fraud_details", {}).get("user_report")
    if report is not None:
        values["fraud_details"] = {"user_report": report} if report else {}
    if "shipping" in call.params:
        values["shipping"] = shipping(call.params["shipping"])
    changed("charge.updated", record, **values)
    return record.body


def listed(call: Call) -> Body:
    filters = {name: f"$.{name}" for name in ("customer", "payment_intent", "transfer_group")}
    return listing.answer(call, "charge", filters)


def refunds_of(charge: Body) -> Body:
    """The ``refunds`` of a charge, shown only when asked for."""
    records = db.select("refund", "AND json_extract(body, '$.charge') = ? ORDER BY seq DESC", (charge["id"],))
    url = f"/v1/charges/{charge['id']}/refunds"
    return listing.wrap([record.body for record in records[:10]], url, has_more=len(records) > 10)


def fail_debit(intent: Record, charge: Record) -> None:
    """The bank could not take a debit that was on its way."""
    said = "The customer's bank account could not be debited."
    failure = {"failure_code": "payment_method_provider_decline", "failure_message": said}
    charge.body |= {**failure, "status": "failed", "paid": False}
    db.save(charge)
    emit("charge.failed", charge.body)
    method = db.get(intent.body["payment_method"])
    intent.body["last_payment_error"] = {
        "charge": charge.id,
        "code": "payment_method_provider_decline",
        "message": said,
        "payment_method": method.body if method else None,
        "type": "invalid_request_error",
    }
    intent.body["payment_method"] = None
    changed("payment_intent.payment_failed", intent, status="requires_payment_method")
