"""Disputes: opened by a card's fate or by the control plane, answered, closed."""

from sandbox import listing
from sandbox.call import Call, asked, merge_metadata
from sandbox.events import changed, emit
from sandbox.resources import balance
from sandbox.store import Body, Record, db, new_id, nulls

ANSWER_WITHIN = 9 * 86400
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
TEXTS = tuple(
    nulls(
        "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure "
        "cancellation_rebuttal customer_communication customer_email_address customer_name "
        "customer_purchase_ip customer_signature duplicate_charge_documentation "
        "duplicate_charge_explanation duplicate_charge_id product_description receipt refund_policy "
        "refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
        "shipping_address shipping_carrier shipping_date shipping_documentation "
        "shipping_tracking_number uncategorized_file uncategorized_text"
    )
)


def start(charge: Record, reason: str = "fraudulent") -> Record:
    """The buyer's bank takes the money back; once only."""
    for opened in db.select("dispute", "AND json_extract(body, '$.charge') = ?", (charge.id,)):
        return opened
    now, body = db.now(), charge.body
    card = body["payment_method_details"].get("card")
    evidence: Body = dict.fromkeys(TEXTS)
    dispute: Body = {
        "id": new_id("du_1"),
        "object": "dispute",
        "amount": body["amount"] - body["amount_refunded"],
        "balance_transactions": [],
        "charge": charge.id,
        "created": now,
        "currency": body["currency"],
        "enhanced_eligibility_types": [],
        "evidence": evidence | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + ANSWER_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": body["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }
    if card:
        known = {"brand": card["brand"], "case_type": "chargeback", "network_reason_code": "10.4"}
        dispute["payment_method_details"] = {"card": known, "type": "card"}
    record = db.add(dispute)
    _move(record, -dispute["amount"])
    charge.body["disputed"] = True
    db.save(charge)
    emit("charge.dispute.created", record.body)
    emit("charge.dispute.funds_withdrawn", record.body)
    return record


def _move(record: Record, amount: int) -> None:
    transaction = db.get(balance.add("adjustment", amount, record.body))
    if transaction is not None:
        record.body["balance_transactions"].append(transaction.body)
    db.save(record)


def finish(record: Record, *, won: bool) -> None:
    """The bank's decision; a dispute that is closed stays as it is."""
    if record.body["status"] not in OPEN:
        return
    if won:
        _move(record, record.body["amount"])
    changed("charge.dispute.closed", record, status="won" if won else "lost")
    if won:
        emit("charge.dispute.funds_reinstated", record.body)


def prevent(record: Record) -> None:
    """The networks settled it before money moved: closed, in the shop's favour."""
    if record.body["status"] not in OPEN:
        return
    _move(record, record.body["amount"])
    changed("charge.dispute.closed", record, status="prevented")


def warn(charge: Record) -> Record:
    """The card's bank suspects that it is stolen."""
    record = db.add(
        {
            "id": new_id("issfr_1"),
            "object": "radar.early_fraud_warning",
            "actionable": not charge.body["refunded"] and not charge.body["disputed"],
            "charge": charge.id,
            "created": db.now(),
            "fraud_type": "made_with_stolen_card",
            "livemode": False,
            "payment_intent": charge.body["payment_intent"],
        }
    )
    emit("radar.early_fraud_warning.created", record.body)
    return record


def retrieve_warning(call: Call) -> Body:
    return asked(call, "radar.early_fraud_warning").body


def retrieve(call: Call) -> Body:
    return asked(call, "dispute").body


def update(call: Call) -> Body:
    record = asked(call, "dispute")
    sent = call.params
    merge_metadata(record.body, sent.get("metadata"))
    told = {name: value for name, value in sent.get("evidence", {}).items() if name in TEXTS}
    record.body["evidence"] |= {name: value or None for name, value in told.items()}
    details = record.body["evidence_details"]
    details["has_evidence"] = any(record.body["evidence"][name] for name in TEXTS)
    values: Body = {}
    submits = sent.get("submit", True)
    if told and submits:
        details["submission_count"] += 1
        values["status"] = "under_review"
    changed("charge.dispute.updated", record, **values)
    return record.body


def close(call: Call) -> Body:
    """Accepts the loss."""
    record = asked(call, "dispute")
    finish(record, won=False)
    return record.body


def listed(call: Call) -> Body:
    filters = {name: f"$.{name}" for name in ("charge", "payment_intent")}
    return listing.answer(call, "dispute", filters)
