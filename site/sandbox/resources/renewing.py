"""What time does to a running subscription: trials end, periods follow each other, cards fail and are
tried again, pauses end. ``passing_time`` calls each of the ``HAPPENINGS`` at its moment.

At the end of a period its invoice is drafted, an hour later it is finalized and paid, as at
Stripe. A refused card is tried again after the days of ``retries``; then the subscription is
cancelled, or what the control plane's ``POST dunning`` said instead.
"""

import json
from collections.abc import Callable
from typing import Any

from sandbox import cards, periods
from sandbox.errors import StripeError
from sandbox.events import changed, emit
from sandbox.resources import bills, charges, customers, intents
from sandbox.store import Body, Record, db

DAY = 86400
DRAFT_FOR, TOLD_BEFORE, TRIAL_TOLD_BEFORE, INCOMPLETE_FOR = 3600, 7 * DAY, 3 * DAY, 23 * 3600
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)
"""Seconds from one try to the next; after the last comes what ``dunning`` says."""
OVER = ("canceled", "incomplete_expired")
AFTERWARDS = ("canceled", "unpaid", "past_due")


def dunning() -> Body:
    """The account's rule for refused cards."""
    told = json.loads(db.meta("dunning", "{}"))
    return {"retries": list(RETRIES), "then": "canceled"} | told


def await_end(record: Record) -> None:
    """Puts down when the running period ends, and what is told before."""
    end = items(record)[0]["current_period_end"]
    left = end - db.now()
    db.later(left, "period", record.id)
    if record.body["status"] == "trialing":
        db.later(max(left - TRIAL_TOLD_BEFORE, 0), "trial_ends", record.id)
    if left > TOLD_BEFORE:
        db.later(left - TOLD_BEFORE, "upcoming", record.id)


def items(record: Record) -> list[Body]:
    found: list[Body] = record.body["items"]["data"]
    return found


def keep_items(record: Record) -> None:
    """Writes a subscription's items where the API finds them too."""
    known = {one.id for one in db.children(record.id, "subscription_item")}
    for item in items(record):
        if item["id"] in known:
            known.discard(item["id"])
            kept = db.get(item["id"])
            if kept is not None:
                kept.body = dict(item)
                db.save(kept)
        else:
            db.add(dict(item), parent=record.id)
    for gone in known:
        db.remove(gone)
    db.save(record)


def _upcoming(record: Record) -> None:
    """Tells what the next invoice will be, for who listens."""
    if not _runs(record) or record.body["cancel_at_period_end"] or record.body["pause_collection"]:
        return
    end = items(record)[0]["current_period_end"]
    if end - TOLD_BEFORE > db.now() or end <= db.now():
        return
    draft = bills.draft(record.body, _entries(record, end, _ends(record, end)), "upcoming")
    draft.body |= {"id": f"upcoming_{draft.id}", "next_payment_attempt": end + DRAFT_FOR}
    for line in draft.body["lines"]["data"]:
        db.remove(line["id"])
    db.remove(draft.id.removeprefix("upcoming_"))
    emit("invoice.upcoming", draft.body)


def _trial_ends(record: Record) -> None:
    if record.body["status"] == "trialing" and record.body["trial_end"] - TRIAL_TOLD_BEFORE <= db.now():
        emit("customer.subscription.trial_will_end", record.body)


def _runs(record: Record) -> bool:
    return record.body["status"] not in (*OVER, "incomplete", "paused")


def _ends(record: Record, start: int) -> int:
    return periods.end_of(items(record)[0]["price"], start, record.body["billing_cycle_anchor"])


def _entries(record: Record, start: int, end: int) -> list[bills.Entry]:
    """The next period of each item, after what changes of plan left to be settled."""
    left = [bills.Entry(**one) for one in record.private.get("pending", [])]
    return [*left, *(bills.of_item(item, start, end) for item in items(record))]


def _period(record: Record) -> None:
    """The period is over: the subscription ends with it, or the next one begins."""
    end = items(record)[0]["current_period_end"]
    if not _runs(record) or end > db.now():
        return
    if record.body["cancel_at_period_end"]:
        finish(record, "cancellation_requested")
        return
    begin_period(record, end)


def begin_period(record: Record, start: int, reason: str = "subscription_cycle") -> Record:
    """The next period and its invoice, which waits as a draft for an hour if it is of the cycle."""
    end = _ends(record, start)
    entries = _entries(record, start, end)
    was = {"period_start": items(record)[0]["current_period_start"], "period_end": start}
    for item in items(record):
        item |= {"current_period_start": start, "current_period_end": end}
    invoice = bills.draft(record.body, entries, reason, **(was if reason == "subscription_cycle" else {}))
    status = "active" if record.body["status"] == "trialing" else record.body["status"]
    record.private.pop("pending", None)
    changed("customer.subscription.updated", record, status=status, latest_invoice=invoice.id)
    keep_items(record)
    await_end(record)
    begin_invoice(record, invoice, waits=reason == "subscription_cycle")
    return invoice


def begin_invoice(record: Record, invoice: Record, *, waits: bool) -> None:
    pause = (record.body["pause_collection"] or {}).get("behavior")
    asleep = record.body["status"] == "unpaid" or pause == "keep_as_draft"
    if waits and not asleep and not pause:
        invoice.body["automatically_finalizes_at"] = db.now() + DRAFT_FOR
    if asleep or pause:
        invoice.body["auto_advance"] = False
    db.save(invoice)
    emit("invoice.created", invoice.body)
    if asleep:
        return
    if pause == "void":
        bills.number(invoice)
        bills.void(invoice)
    elif pause == "mark_uncollectible":
        bills.open_(invoice)
        bills.write_off(invoice)
    elif waits:
        db.later(DRAFT_FOR, "finalize", invoice.id)
    else:
        _finalize(invoice)


def _finalize(invoice: Record) -> None:
    if invoice.body["status"] != "draft" or not invoice.body["auto_advance"]:
        return
    if owner(invoice).private.get("jammed"):
        _jam(invoice)
        return
    bills.open_(invoice)
    charge(invoice)


def _jam(invoice: Record) -> None:
    """It cannot be finished, for want of something that only the account's owner can give."""
    record = owner(invoice)
    record.private.pop("jammed")
    db.save(record)
    error = {
        "code": "customer_tax_location_invalid",
        "message": "It cannot be finalized.",
        "type": "invalid_request_error",
    }
    changed("invoice.updated", invoice, auto_advance=False, last_finalization_error=error)
    emit("invoice.finalization_failed", invoice.body)


def charge_soon(invoice: Record) -> None:
    """Collects by itself from now on."""
    invoice.body["auto_advance"] = True
    db.save(invoice)
    charge(invoice)


def _retry(invoice: Record) -> None:
    due = invoice.body["next_payment_attempt"]
    if invoice.body["status"] == "open" and invoice.body["auto_advance"] and due and due <= db.now():
        charge(invoice)


def owner(invoice: Record) -> Record:
    """The subscription that the invoice is of."""
    found = db.get(invoice.body["parent"]["subscription_details"]["subscription"])
    if found is None:
        raise LookupError(invoice.id)
    return found


def method_of(record: Record) -> Record | None:
    """The card that is kept for a subscription, or for its customer."""
    customer = db.get(record.body["customer"])
    settings = customer.body.get("invoice_settings", {}) if customer else {}
    for key in (record.body["default_payment_method"], settings.get("default_payment_method")):
        kept = db.get(key or "")
        if kept is not None and kept.body["customer"] == record.body["customer"]:
            return kept
    return None


def charge(invoice: Record, method: Record | None = None, *, proved: bool = False) -> intents.Result:
    """Tries to collect an open invoice, by the card that is kept unless another is given."""
    record = owner(invoice)
    if not invoice.body["amount_due"]:
        bills.settle(invoice, None)
        _recovered(invoice, record)
        return "succeeded"
    method = method or method_of(record)
    intent = _intent(invoice, record)
    if intent.body["status"] == "processing":
        return "processing"
    bills.asked_of(invoice, intent)
    result: intents.Result = "declined"
    if method is not None:
        result = intents.pay(intent, method, authenticated=proved)
    invoice.body |= {"attempted": True, "attempt_count": invoice.body["attempt_count"] + 1}
    if result == "succeeded":
        bills.settle(invoice, intent)
        _recovered(invoice, record)
    elif result == "processing":
        db.save(invoice)
        fails = method is not None and method.private.get("iban") == cards.IBAN_FAILS
        db.later(intents.ASYNC_SETTLES_AFTER, "debit_fails" if fails else "debit_succeeds", invoice.id)
    else:
        _refused(invoice, record, asks=result == "requires_action")
    return result


def _intent(invoice: Record, record: Record) -> Record:
    """The invoice's PaymentIntent, made at the first try."""
    known = db.get(invoice.private.get("intent", ""))
    if known is not None and known.body["status"] not in ("canceled", "succeeded"):
        return known
    wanted: Body = {
        "amount": invoice.body["amount_due"],
        "currency": invoice.body["currency"],
        "customer": record.body["customer"],
        "description": "Subscription update",
        "setup_future_usage": "off_session",
    }
    intent = intents.make(wanted)
    invoice.private["intent"] = intent.id
    db.save(invoice)
    return intent


def _recovered(invoice: Record, record: Record) -> None:
    """The newest invoice is paid: what was late or never begun is active."""
    emit("invoice.updated", invoice.body, {"status": "open"})
    bills.announce_paid(invoice)
    if record.body["latest_invoice"] == invoice.id and record.body["status"] in ("past_due", "unpaid", "incomplete"):
        changed("customer.subscription.updated", record, status="active")


def _refused(invoice: Record, record: Record, *, asks: bool) -> None:
    """Late; tried again while the account's rule has days left. A try by hand in between leaves the
    rule's next one where it is."""
    waits = invoice.body["next_payment_attempt"]
    if waits and waits > db.now():
        db.save(invoice)
        _tell_refused(invoice, asks=asks)
        return
    rule = dunning()
    tries = invoice.private["tries"] = invoice.private.get("tries", 0) + 1
    goes_on = invoice.body["auto_advance"] and tries <= len(rule["retries"]) and _runs(record)
    following = db.now() + rule["retries"][tries - 1] if goes_on else None
    invoice.body["next_payment_attempt"] = following
    db.save(invoice)
    if following is not None:
        db.later(following - db.now(), "retry", invoice.id)
    _tell_refused(invoice, asks=asks)
    if record.body["status"] == "active":
        changed("customer.subscription.updated", record, status="past_due")
    if following is None and invoice.body["auto_advance"] and _runs(record):
        _lost(record, rule["then"])


def _tell_refused(invoice: Record, *, asks: bool) -> None:
    emit("invoice.payment_failed", invoice.body)
    if asks:
        emit("invoice.payment_action_required", invoice.body)


def refused(invoice: Record) -> None:
    """A first payment that was on its way came back."""
    _refused(invoice, owner(invoice), asks=False)


def _lost(record: Record, then: str) -> None:
    """All tries are over."""
    if then == "canceled":
        finish(record, "payment_failed")
        return
    for invoice in bills.of_subscription(record.id, "open"):
        invoice.body["auto_advance"] = False
        db.save(invoice)
    if record.body["status"] != then:
        changed("customer.subscription.updated", record, status=then)


def finish(record: Record, reason: str) -> None:
    """Cancelled now; what is open is asked for no more."""
    now = db.now()
    for invoice in bills.of_subscription(record.id, "open", "draft"):
        changed("invoice.updated", invoice, auto_advance=False, next_payment_attempt=None)
    record.body["cancellation_details"]["reason"] = reason
    record.body |= {"status": "canceled", "ended_at": now, "canceled_at": record.body["canceled_at"] or now}
    record.private.pop("pending", None)
    changed("customer.subscription.deleted", record, pause_collection=record.body["pause_collection"])


def _resume(record: Record) -> None:
    pause = record.body["pause_collection"]
    if pause and pause["resumes_at"] and pause["resumes_at"] <= db.now():
        changed("customer.subscription.updated", record, pause_collection=None)


def _debit(invoice: Record, *, succeeded: bool) -> None:
    """The bank's late word on a debit for an invoice."""
    intent = db.get(invoice.private.get("intent", ""))
    if intent is None or intent.body["status"] != "processing":
        return
    charged = db.get(intent.body["latest_charge"])
    if succeeded and charged is not None:
        intents.settle(intent, charged, intent.body["amount"])
        bills.settle(invoice, intent)
        _recovered(invoice, owner(invoice))
    elif charged is not None:
        charges.fail_debit(intent, charged)
        _refused(invoice, owner(invoice), asks=False)


def pay_now(invoice: Record, method: Record | None) -> None:
    """The API's wish to collect at once; a refusal is an error that leaves its traces."""
    record = owner(invoice)
    if method is None and method_of(record) is None:
        raise StripeError(
            "There is no `default_payment_method` set on this Customer or Invoice. Please set one, or pass one.",
            code="missing",
        )
    result = charge(invoice, method)
    if result in ("succeeded", "processing"):
        return
    intent = db.get(invoice.private["intent"])
    refusal = dict((intent.body["last_payment_error"] if intent else None) or {})
    if result == "requires_action":
        refusal = {"code": "invoice_payment_intent_requires_action"}
    message = refusal.pop("message", "This payment requires additional user action before it can be completed.")
    refusal.pop("type", None)
    raise StripeError(message, status=402, kind="card_error", **refusal)


def settled_elsewhere(invoice: Record) -> None:
    """Paid outside Stripe."""
    bills.settle(invoice, None)
    _recovered(invoice, owner(invoice))


def new_card(record: Record, method: Record) -> None:
    """The member gave another card: it is kept, and tried at the newest open invoice at once."""
    customer = db.get(record.body["customer"])
    if customer:
        customers.attach_to(method, customer)
    method.private["trusted"] = True
    db.save(method)
    changed("customer.subscription.updated", record, default_payment_method=method.id)
    for invoice in bills.of_subscription(record.id, "open"):
        if record.body["status"] not in OVER:
            charge(invoice)


HAPPENINGS: dict[str, Callable[[Record], Any]] = {
    "period": _period,
    "upcoming": _upcoming,
    "trial_ends": _trial_ends,
    "finalize": _finalize,
    "retry": _retry,
    "resume": _resume,
    "debit_succeeds": lambda invoice: _debit(invoice, succeeded=True),
    "debit_fails": lambda invoice: _debit(invoice, succeeded=False),
}
