"""Subscriptions as a completed session leaves them, with their first invoice."""

import calendar
from datetime import UTC, datetime, timedelta

from sandbox import listing
from sandbox.call import Call, asked, merge_metadata, metadata
from sandbox.errors import StripeError
from sandbox.events import changed, emit
from sandbox.resources import customers, invoices
from sandbox.store import Body, Record, db, new_id, nulls

MONTHS = {"month": 1, "year": 12}
CHANGEABLE = {
    "metadata", "cancel_at_period_end", "cancellation_details", "pause_collection", "items", "proration_behavior",
}  # fmt: skip
DAYS = {"day": 1, "week": 7}


def after(start: int, interval: str, count: int) -> int:
    """One period later; a month's last days stay within the next month."""
    begin = datetime.fromtimestamp(start, UTC)
    if interval in DAYS:
        return int((begin + timedelta(days=DAYS[interval] * count)).timestamp())
    months = begin.month - 1 + MONTHS[interval] * count
    year, month = begin.year + months // 12, months % 12 + 1
    day = min(begin.day, calendar.monthrange(year, month)[1])
    return int(begin.replace(year=year, month=month, day=day).timestamp())


def begin(session: Record, method: Record | None, intent: Record | None) -> None:
    """Makes the subscription of a paid session and its first invoice; the caller saves it."""
    data = session.private.get("subscription_data", {})
    now = db.now()
    trial_end = _trial_end(data, now)
    customer = db.get(session.body["customer"])
    if method is not None and customer is not None:
        customers.attach_to(method, customer)
    lines = db.children(session.id, "item")
    recurring = [line for line in lines if line.body["price"]["type"] == "recurring"]
    record = db.add(_body(session.body, data, trial_end, method))
    rhythm = recurring[0].body["price"]["recurring"]
    end = trial_end or after(now, rhythm["interval"], rhythm["interval_count"])
    record.body["items"] = listing.wrap(
        [_item(record.id, line, now, end) for line in recurring],
        f"/v1/subscription_items?subscription={record.id}",
    )
    for item in record.body["items"]["data"]:
        db.add(dict(item), parent=record.id)
    invoice = invoices.first(session, record.body, lines, intent)
    record.body["latest_invoice"] = invoice.id
    db.save(record)
    session.body |= {"subscription": record.id, "invoice": invoice.id}
    emit("customer.subscription.created", record.body)
    invoices.announce(invoice)


def _trial_end(data: Body, now: int) -> int | None:
    if "trial_period_days" in data:
        return now + int(data["trial_period_days"]) * 86400
    return data.get("trial_end")


def _body(session: Body, data: Body, trial_end: int | None, method: Record | None) -> Body:
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
        "default_payment_method": method.id if method else None,
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
        "status": "trialing" if trial_end else "active",
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
    """Metadata, the wish to end, a pause, another price; everything else is not here yet."""
    from sandbox.resources import renewing  # noqa: PLC0415 - it renews what is made here

    record = asked(call, "subscription")
    sent = call.params
    later = sorted(set(sent) - CHANGEABLE)
    if later:
        raise StripeError(f"The stand-in cannot update {later[0]} yet.", param=later[0])
    if record.body["status"] == "canceled":
        raise StripeError("A canceled subscription can only update its cancellation_details.")
    merge_metadata(record.body, sent.get("metadata"))
    record.body["cancellation_details"] |= _word(sent)
    values = renewing.changes(record, sent)
    if "cancel_at_period_end" in sent:
        ends = sent["cancel_at_period_end"]
        end = record.body["items"]["data"][0]["current_period_end"]
        values |= {
            "cancel_at_period_end": ends,
            "cancel_at": end if ends else None,
            "canceled_at": db.now() if ends else None,
        }
    changed("customer.subscription.updated", record, **values)
    return record.body


def _word(sent: Body) -> Body:
    """What the member said about leaving."""
    told = sent.get("cancellation_details") or {}
    return {name: told[name] or None for name in ("comment", "feedback") if name in told}


def cancel(call: Call) -> Body:
    record = asked(call, "subscription")
    if record.body["status"] == "canceled":
        raise StripeError(f"No such subscription: '{record.id}'", status=404, code="resource_missing", param="id")
    now = db.now()
    record.body |= {"status": "canceled", "canceled_at": now, "ended_at": now}
    record.body["cancellation_details"] |= {**_word(call.params), "reason": "cancellation_requested"}
    db.save(record)
    emit("customer.subscription.deleted", record.body)
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
