"""Subscriptions: begun by a session, shown, changed and ended by the API; ``renewing`` lets them live on.

One whose first payment is refused or must be proved begins as ``incomplete``, with an open invoice.
"""

from sandbox import listing, periods
from sandbox.call import Call, asked, metadata
from sandbox.errors import not_found
from sandbox.events import changed, emit
from sandbox.resources import bills, changing, customers, intents, renewing
from sandbox.store import Body, Record, db, new_id, nulls


def begin(session: Record, method: Record | None, intent: Record | None) -> None:
    """Makes the subscription of a completed session, or the one that waited active; the caller
    saves the session."""
    record = _waiting(session)
    fresh = record is None
    if record is None:
        record = _make(session)
    customer = db.get(session.body["customer"])
    if method is not None and customer is not None:
        customers.attach_to(method, customer)
        record.body["default_payment_method"] = method.id
    invoice = bills.of_subscription(record.id)[0]
    status = "trialing" if record.body["trial_end"] else "active"
    session.body |= {"subscription": record.id, "invoice": invoice.id}
    if fresh:
        record.body["status"] = status
        db.save(record)
        emit("customer.subscription.created", record.body)
        emit("invoice.created", invoice.body)
        bills.open_(invoice)
    else:
        changed("customer.subscription.updated", record, status=status)
    if status == "trialing" or session.body["payment_status"] == "paid":
        _paid(invoice, intent)
    elif intent is not None:
        invoice.private["intent"] = intent.id
        bills.asked_of(invoice, intent)
        db.save(invoice)
    renewing.await_end(record)


def _paid(invoice: Record, intent: Record | None) -> None:
    if intent is not None:
        invoice.body["attempt_count"] += 1
    bills.settle(invoice, intent)
    bills.announce_paid(invoice)


def _make(session: Record) -> Record:
    """The subscription and its first invoice, a draft; nothing is told yet."""
    data = session.private.get("subscription_data", {})
    now = db.now()
    trial_end = _trial_end(data, now)
    lines = db.children(session.id, "item")
    recurring = [line for line in lines if line.body["price"]["type"] == "recurring"]
    record = db.add(_body(session.body, data, trial_end))
    end = trial_end or periods.end_of(recurring[0].body["price"], now)
    record.body["items"] = listing.wrap(
        [_item(record.id, line, now, end) for line in recurring],
        f"/v1/subscription_items?subscription={record.id}",
    )
    renewing.keep_items(record)
    entries = [_entry(record.body, line, now) for line in lines]
    invoice = bills.draft(record.body, entries, "subscription_create")
    record.body["latest_invoice"] = invoice.id
    db.save(record)
    session.private["subscription"] = record.id
    return record


def _entry(subscription: Body, line: Record, now: int) -> bills.Entry:
    """A session's line on the first invoice; what recurs names its item."""
    sold, price = line.body, line.body["price"]
    owner = next((one for one in subscription["items"]["data"] if one["price"]["id"] == price["id"]), None)
    return bills.Entry(
        price,
        sold["quantity"],
        sold["amount_total"],
        sold["amount_subtotal"],
        f"{sold['quantity']} × {sold['description']}",
        now,
        owner["current_period_end"] if owner else now,
        tax=sold["amount_tax"],
        item=owner["id"] if owner else "",
    )


def _waiting(session: Record) -> Record | None:
    """The incomplete subscription of an earlier try, if it still fits what the session sells."""
    record = db.get(session.private.get("subscription", ""))
    if record is None or record.body["status"] != "incomplete":
        return None
    if bills.of_subscription(record.id)[0].body["total"] == session.body["amount_total"]:
        return record
    abandon(session)
    return None


def attempted(session: Record, intent: Record, result: intents.Result) -> None:
    """A first payment that failed, or that the bank asks to prove: incomplete, the invoice open."""
    record = _waiting(session)
    if record is None:
        record = _make(session)
        emit("customer.subscription.created", record.body)
        invoice = bills.of_subscription(record.id)[0]
        emit("invoice.created", invoice.body)
        bills.open_(invoice)
        db.later(renewing.INCOMPLETE_FOR, "abandon", session.id)
    invoice = bills.of_subscription(record.id)[0]
    invoice.private["intent"] = intent.id
    invoice.body |= {"attempted": True, "attempt_count": invoice.body["attempt_count"] + 1}
    db.save(invoice)
    bills.asked_of(invoice, intent)
    emit("invoice.payment_action_required" if result == "requires_action" else "invoice.payment_failed", invoice.body)


def abandon(session: Record) -> None:
    """The first payment never came: the subscription that waited for it is over."""
    record = db.get(session.private.get("subscription", ""))
    if record is None or record.body["status"] != "incomplete":
        return
    for invoice in bills.of_subscription(record.id, "open"):
        bills.void(invoice)
        intent = db.get(invoice.private["intent"])
        if intent is not None and intent.body["status"] in intents.CANCELABLE:
            intents.cancel_now(intent, "void_invoice")
    changed("customer.subscription.updated", record, status="incomplete_expired", ended_at=db.now())


def debited(session: Record, *, succeeded: bool) -> None:
    """The bank's late word on a session's debit reaches the first invoice."""
    if session.body["mode"] != "subscription":
        return
    record = db.get(session.body["subscription"] or "")
    for invoice in bills.of_subscription(record.id, "open") if record else ():
        if succeeded:
            _paid(invoice, db.get(invoice.private["intent"]))
        else:
            renewing.refused(invoice)


def _trial_end(data: Body, now: int) -> int | None:
    if "trial_period_days" in data:
        return now + int(data["trial_period_days"]) * 86400
    return data.get("trial_end")


def _body(session: Body, data: Body, trial_end: int | None) -> Body:
    now = db.now()
    nothing = nulls(
        "application application_fee_percent billing_cycle_anchor_config billing_thresholds "
        "cancel_at canceled_at customer_account days_until_due default_source ended_at "
        "next_pending_invoice_item_invoice on_behalf_of pause_collection "
        "pending_invoice_item_interval pending_setup_intent pending_update schedule test_clock "
        "transfer_data"
    )
    return nothing | {
        "id": new_id("sub_1"),
        "object": "subscription",
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": trial_end or now,
        "billing_mode": {"flexible": None, "type": "classic"}
        | {n: v for n, v in data.get("billing_mode", {}).items() if n == "type"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "currency": session["currency"],
        "customer": session["customer"],
        "default_payment_method": None,
        "default_tax_rates": [],
        "description": data.get("description"),
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": {},
        "latest_invoice": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": metadata(data),
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "start_date": now,
        "status": "incomplete",
        "trial_end": trial_end,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": now if trial_end else None,
    }


def _item(subscription: str, line: Record, start: int, end: int) -> Body:
    return {
        "id": new_id("si", 14),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": db.now(),
        "current_period_end": end,
        "current_period_start": start,
        "discounts": [],
        "metadata": {},
        "price": line.body["price"],
        "quantity": line.body["quantity"],
        "subscription": subscription,
        "tax_rates": line.private["rates"],
    }


def retrieve(call: Call) -> Body:
    return asked(call, "subscription").body


def update(call: Call) -> Body:
    record = asked(call, "subscription")
    changing.update(record, call)
    return record.body


def cancel(call: Call) -> Body:
    record = asked(call, "subscription")
    if record.body["status"] in renewing.OVER:
        raise not_found("subscription", record.id, "id")
    record.body["cancellation_details"] |= changing.words(call.params)
    renewing.finish(record, "cancellation_requested")
    return record.body


def listed(call: Call) -> Body:
    status = call.params.get("status")
    prices = call.params.get("price")

    def keep(record: Record) -> bool:
        if prices and all(i["price"]["id"] != prices for i in record.body["items"]["data"]):
            return False
        if status in (None, "all"):
            return status == "all" or record.body["status"] != "canceled"
        ended = record.body["status"] == "canceled" and status == "ended"
        return ended or bool(record.body["status"] == status)

    names = ("collection_method", "customer", "customer_account")
    return listing.answer(call, "subscription", {name: f"$.{name}" for name in names}, keep)


def list_items(call: Call) -> Body:
    return listing.answer(call, "subscription_item", {"subscription": "$.subscription"})


def retrieve_item(call: Call) -> Body:
    return asked(call, "subscription_item").body


def of_customer(customer: Body) -> Body:
    """The customer's living subscriptions."""
    where = "AND json_extract(body, '$.customer') = ? ORDER BY seq DESC"
    found = [one.body for one in db.select("subscription", where, (customer["id"],))]
    alive = [one for one in found if one["status"] != "canceled"]
    return listing.wrap(alive, f"/v1/customers/{customer['id']}/subscriptions")


def delete_customer(call: Call) -> Body:
    """Whoever is deleted is charged no more."""
    customer = asked(call, "customer")
    for record in db.select("subscription", "AND json_extract(body, '$.customer') = ?", (customer.id,)):
        if record.body["status"] not in renewing.OVER:
            renewing.finish(record, "cancellation_requested")
    return customers.delete(call)
