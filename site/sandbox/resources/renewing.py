"""What time and the member do to a running subscription: renewals, dunning, pauses, another card."""

from types import SimpleNamespace
from typing import Any

from sandbox.errors import StripeError
from sandbox.events import changed, emit
from sandbox.resources import customers, intents, invoices, session_lines, subscriptions
from sandbox.store import Body, Record, db

RETRIES = (3 * 86400, 5 * 86400, 7 * 86400)
"""Seconds from one try to the next, as the dashboard's dunning has them; after the last the subscription ends."""
OVER = ("canceled", "incomplete_expired")


def sweep() -> None:
    """Everything that is due by now, in the order of time."""
    for record in db.select("subscription"):
        _resume(record)
        while record.body["status"] not in OVER and _item(record)["current_period_end"] <= db.now():
            _roll(record)
    for invoice in db.select("invoice"):
        due = invoice.body["next_payment_attempt"]
        while invoice.body["status"] == "open" and due and due <= db.now():
            _retry(invoice)
            due = invoice.body["next_payment_attempt"]


def _item(record: Record) -> Body:
    item: Body = record.body["items"]["data"][0]
    return item


def _resume(record: Record) -> None:
    pause = record.body["pause_collection"]
    if pause and pause["resumes_at"] and pause["resumes_at"] <= db.now():
        changed("customer.subscription.updated", record, pause_collection=None)


def _roll(record: Record) -> None:
    """The period is over: the subscription ends with it or the next one is charged."""
    item = _item(record)
    if record.body["cancel_at_period_end"]:
        end(record, item["current_period_end"])
        return
    rhythm = item["price"]["recurring"]
    start = item["current_period_end"]
    until = subscriptions.after(start, rhythm["interval"], rhythm["interval_count"])
    item |= {"current_period_start": start, "current_period_end": until}
    kept = db.get(item["id"])
    if kept:
        kept.body |= item
        db.save(kept)
    paused = record.body["pause_collection"]
    invoice = _bill(record, item, start)
    record.body["latest_invoice"] = invoice.id
    changed("customer.subscription.updated", record, status=record.body["status"])
    emit("invoice.created", invoice.body)
    if paused:
        changed("invoice.voided", invoice, status="void")
        return
    emit("invoice.finalized", invoice.body)
    charge(invoice, record)


def end(record: Record, at: int) -> None:
    values = {"status": "canceled", "ended_at": at, "canceled_at": record.body["canceled_at"] or at}
    changed("customer.subscription.deleted", record, **values)
    for invoice in db.select("invoice"):
        details = invoice.body["parent"]["subscription_details"]
        if details["subscription"] == record.id and invoice.body["status"] == "open":
            changed("invoice.updated", invoice, auto_advance=False, next_payment_attempt=None)


def _bill(record: Record, item: Body, at: int) -> Record:
    amount = item["price"]["unit_amount"] * item["quantity"]
    like: Any = {
        "amount_total": amount, "amount_subtotal": amount, "total_details": {"amount_tax": 0},
        "currency": record.body["currency"], "customer": record.body["customer"],
    }  # fmt: skip
    body: Body = invoices._body(like, record.body)  # noqa: SLF001 - the same invoice, later in its life
    body |= {
        "amount_paid": 0, "amount_remaining": amount, "attempt_count": 0, "attempted": False, "auto_advance": True,
        "billing_reason": "subscription_cycle", "created": at, "status": "open", "period_start": at, "period_end": at,
        "status_transitions": {**body["status_transitions"], "paid_at": None},
    }  # fmt: skip
    sold: Any = SimpleNamespace(
        body={"price": item["price"], "quantity": item["quantity"], "amount_total": amount, "amount_subtotal": amount,
              "description": "Subscription"}
    )  # fmt: skip
    line = invoices._line(body, record.body, sold)  # noqa: SLF001 - as above
    body["lines"] = {"object": "list", "data": [line], "has_more": False, "url": f"/v1/invoices/{body['id']}/lines"}
    invoice = db.add(body)
    db.add(dict(line), parent=invoice.id)
    return invoice


def charge(invoice: Record, record: Record) -> bool:
    """Try the member's card without the member."""
    method = db.get(record.body["default_payment_method"] or "")
    known = db.get(invoice.private.get("intent", ""))
    intent = known or intents.make(
        {
            "amount": invoice.body["total"],
            "currency": invoice.body["currency"],
            "customer": record.body["customer"],
            "description": "Subscription update",
        }
    )
    invoice.private["intent"] = intent.id
    result = intents.pay(intent, method) if method else "declined"
    invoice.body |= {"attempted": True, "attempt_count": invoice.body["attempt_count"] + 1}
    if result == "succeeded":
        _paid(invoice, record, intent)
        return True
    _unpaid(invoice, record, asks=result == "requires_action")
    return False


def _paid(invoice: Record, record: Record, intent: Record) -> None:
    total = invoice.body["total"]
    invoice.body |= {"status": "paid", "amount_paid": total, "amount_remaining": 0, "next_payment_attempt": None}
    invoice.body["status_transitions"]["paid_at"] = db.now()
    invoices._settle(invoice, intent)  # noqa: SLF001 - as above
    db.save(invoice)
    if record.body["status"] not in OVER and record.body["status"] != "active":
        changed("customer.subscription.updated", record, status="active")
    emit("invoice.paid", invoice.body)
    emit("invoice.payment_succeeded", invoice.body)


def _unpaid(invoice: Record, record: Record, *, asks: bool) -> None:
    tries = invoice.body["attempt_count"]
    following = db.now() + RETRIES[tries - 1] if tries <= len(RETRIES) else None
    invoice.body["next_payment_attempt"] = following
    db.save(invoice)
    if record.body["status"] == "active":
        changed("customer.subscription.updated", record, status="past_due")
    emit("invoice.payment_failed", invoice.body)
    if asks:
        emit("invoice.payment_action_required", invoice.body)
    if following is None:
        end(record, db.now())


def _retry(invoice: Record) -> None:
    record = db.get(invoice.body["parent"]["subscription_details"]["subscription"])
    if record is None or record.body["status"] in OVER:
        invoice.body["next_payment_attempt"] = None
        db.save(invoice)
        return
    charge(invoice, record)


def new_card(record: Record, method: Record) -> None:
    """The member gave another card in the portal: what is open is tried with it at once."""
    customer = db.get(record.body["customer"])
    if customer:
        customers.attach_to(method, customer)
    changed("customer.subscription.updated", record, default_payment_method=method.id)
    for invoice in db.select("invoice"):
        details = invoice.body["parent"]["subscription_details"]
        if details["subscription"] == record.id and invoice.body["status"] == "open":
            charge(invoice, record)


def changes(record: Record, sent: Body) -> Body:
    """What an update of items and of the collection comes to; only changes without proration are here."""
    found: Body = {}
    if "pause_collection" in sent:
        pause = sent["pause_collection"] or None
        if pause and pause.get("behavior") != "void":
            raise StripeError("The stand-in pauses with `void` only.", param="pause_collection[behavior]")
        found["pause_collection"] = {"behavior": "void", "resumes_at": pause.get("resumes_at")} if pause else None
    if "items" in sent:
        if sent.get("proration_behavior") != "none":
            raise StripeError("The stand-in has no prorations.", param="proration_behavior")
        _replace_price(record, sent["items"])
    return found


def _replace_price(record: Record, items: list[Body]) -> None:
    item = _item(record)
    if len(items) != 1 or items[0].get("id") != item["id"]:
        raise StripeError("The stand-in changes the one item that is there.", param="items")
    price = session_lines._price(items[0], "items[0]")  # noqa: SLF001 - prices are read alike
    if (price["recurring"] or {}).get("interval") != item["price"]["recurring"]["interval"]:
        raise StripeError("The stand-in does not change the interval.", param="items[0]")
    item["price"] = price
    kept = db.get(item["id"])
    if kept:
        kept.body["price"] = price
        db.save(kept)
