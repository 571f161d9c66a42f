"""Refunds, and what they do to their charge; the only writer of ``amount_refunded``."""

from sandbox import listing, money
from sandbox.call import Call, asked, merge_metadata, metadata, referred
from sandbox.errors import StripeError, exclusive
from sandbox.events import changed, emit
from sandbox.resources import balance
from sandbox.store import Body, Record, db, new_id

FATES = {"refund_pending": "pending", "refund_fails": "succeeded"}
SETTLES_AFTER = 5


def create(call: Call) -> Body:
    charge = _charge(call.params)
    amount = _amount(call.params, charge.body)
    fate = _fate(charge)
    record = db.add(_body(call.params, charge.body, amount, FATES.get(fate, "succeeded")))
    if fate in ("fail", "refund_fails"):
        record.body["status"] = "pending" if fate == "fail" else "succeeded"
        db.later(SETTLES_AFTER, "refund_fails", record.id)
    elif fate == "refund_pending":
        db.later(SETTLES_AFTER, "refund_succeeds", record.id)
    record.body["balance_transaction"] = balance.add("refund", -amount, record.body)
    db.save(record)
    refunded = charge.body["amount_refunded"] + amount
    emit("refund.created", record.body)
    changed(
        "charge.refunded",
        charge,
        amount_refunded=refunded,
        refunded=refunded == charge.body["amount_captured"],
    )
    return record.body


def _fate(charge: Record) -> str:
    """What becomes of the next refund: as tests ordered, else as the card says."""
    waiting = int(db.meta("failing_refunds", "0"))
    if waiting:
        db.set_meta("failing_refunds", str(waiting - 1))
        return "fail"
    return str(charge.private.get("fate", ""))


def _charge(sent: Body) -> Record:
    if "charge" in sent and "payment_intent" in sent:
        raise exclusive("charge", "payment_intent")
    if "charge" in sent:
        return referred("charge", sent["charge"], "charge")
    if "payment_intent" not in sent:
        raise StripeError(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
            param="payment_intent",
        )
    intent = referred("payment_intent", sent["payment_intent"], "payment_intent")
    charge = db.get(intent.body["latest_charge"] or "")
    if charge is None or charge.body["status"] == "failed":
        raise StripeError(
            f"This PaymentIntent ({intent.id}) does not have a successful charge to refund.",
            param="payment_intent",
        )
    return charge


def _amount(sent: Body, charge: Body) -> int:
    """The amount to give back; all that is left where none is named."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["disputed"]:
        raise StripeError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise StripeError(f"Charge {charge['id']} has not succeeded, so it cannot be refunded.")
    if not left:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = int(sent.get("amount", left))
    if amount < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        kind = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        asked_for, there = (money.words(one, charge["currency"]) for one in (amount, left))
        raise StripeError(f"Refund amount ({asked_for}) is greater than {kind} ({there})", param="amount")
    return amount


def _body(sent: Body, charge: Body, amount: int, status: str) -> Body:
    is_card = charge["payment_method_details"]["type"] == "card"
    body: Body = {
        "id": new_id("re_3" if is_card else "pyr_1"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": db.now(),
        "currency": charge["currency"],
        "metadata": metadata(sent),
        "payment_intent": charge["payment_intent"],
        "reason": sent.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }
    if is_card:
        kind = "pending" if status == "pending" else "refund"
        card = {"reference_status": "pending", "reference_type": "acquirer_reference_number"}
        body["destination_details"] = {"card": {**card, "type": kind}, "type": "card"}
    if "instructions_email" in sent:
        body["instructions_email"] = sent["instructions_email"]
    return body


def fail(record: Record) -> None:
    """The bank sent the money back: the charge counts as not refunded by this much."""
    if record.body["status"] in ("failed", "canceled"):
        return
    back = balance.add("refund_failure", record.body["amount"], record.body)
    changed(
        "refund.updated",
        record,
        status="failed",
        failure_reason="expired_or_canceled_card",
        failure_balance_transaction=back,
    )
    emit("refund.failed", record.body)
    _give_back(record)


def _give_back(record: Record) -> None:
    charge = referred("charge", record.body["charge"], "charge")
    refunded = charge.body["amount_refunded"] - record.body["amount"]
    changed("charge.updated", charge, amount_refunded=refunded, refunded=False)


def require_action(record: Record) -> None:
    """The buyer must say where the money goes; until then the refund can be cancelled."""
    if record.body["status"] in ("pending", "succeeded"):
        changed("refund.updated", record, status="requires_action")


def succeed(record: Record) -> None:
    if record.body["status"] in ("pending", "requires_action"):
        changed("refund.updated", record, status="succeeded")


def retrieve(call: Call) -> Body:
    return asked(call, "refund").body


def update(call: Call) -> Body:
    record = asked(call, "refund")
    merge_metadata(record.body, call.params.get("metadata"))
    changed("refund.updated", record)
    return record.body


def cancel(call: Call) -> Body:
    record = asked(call, "refund")
    if record.body["status"] != "requires_action":
        raise StripeError(
            f"Refund {record.id} has a status of {record.body['status']}; only refunds with a "
            "status of requires_action can be canceled."
        )
    changed("refund.updated", record, status="canceled")
    _give_back(record)
    return record.body


def listed(call: Call) -> Body:
    filters = {name: f"$.{name}" for name in ("charge", "payment_intent")}
    return listing.answer(call, "refund", filters)
