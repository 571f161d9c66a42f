"""Invoices and what paid them; made when a subscription begins."""

from sandbox import listing
from sandbox.call import Call, asked, merge_metadata
from sandbox.events import changed, emit
from sandbox.store import Body, Record, db, new_id, nulls


def first(session: Record, subscription: Body, items: list[Record], intent: Record | None) -> Record:
    """The paid invoice that a subscription begins with."""
    body = _body(session.body, subscription)
    url = f"/v1/invoices/{body['id']}/lines"
    lines = [_line(body, subscription, item) for item in items]
    body["lines"] = listing.wrap(lines, url)
    record = db.add(body)
    for line in lines:
        db.add(dict(line), parent=record.id)
    _settle(record, intent)
    return record


def _body(session: Body, subscription: Body) -> Body:
    now, total = db.now(), session["amount_total"]
    number = int(db.meta("invoices", "0")) + 1
    db.set_meta("invoices", str(number))
    customer = db.get(session["customer"])
    known = customer.body if customer else {}
    nothing = nulls(
        "account_tax_ids application automatically_finalizes_at custom_fields customer_account "
        "default_payment_method default_source description due_date ending_balance footer "
        "from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision "
        "next_payment_attempt on_behalf_of receipt_number rendering shipping_cost "
        "shipping_details statement_descriptor test_clock webhooks_delivered_at"
    )
    amounts = {
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": total,
        "amount_remaining": 0,
        "amount_shipping": 0,
        "ending_balance": 0,
        "starting_balance": 0,
        "subtotal": session["amount_subtotal"],
        "subtotal_excluding_tax": total - session["total_details"]["amount_tax"],
        "total": total,
        "total_excluding_tax": total - session["total_details"]["amount_tax"],
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
    }
    return (
        nothing
        | amounts
        | {
            "id": new_id("in_1"),
            "object": "invoice",
            "account_country": "FR",
            "account_name": "Comptoir",
            "attempt_count": 1,
            "attempted": True,
            "auto_advance": False,
            "automatic_tax": dict.fromkeys(("disabled_reason", "liability", "provider", "status")) | {"enabled": False},
            "billing_reason": "subscription_create",
            "collection_method": "charge_automatically",
            "created": now,
            "currency": session["currency"],
            "customer": session["customer"],
            "customer_address": known.get("address"),
            "customer_email": known.get("email"),
            "customer_name": known.get("name"),
            "customer_phone": known.get("phone"),
            "customer_shipping": known.get("shipping"),
            "customer_tax_exempt": "none",
            "customer_tax_ids": [],
            "default_tax_rates": [],
            "discounts": [],
            "effective_at": now,
            "issuer": {"type": "self"},
            "livemode": False,
            "metadata": {},
            "number": f"{known.get('invoice_prefix', 'SANDBOX')}-{number:04d}",
            "parent": {
                "quote_details": None,
                "subscription_details": {
                    "metadata": subscription["metadata"],
                    "subscription": subscription["id"],
                },
                "type": "subscription_details",
            },
            "payment_settings": dict.fromkeys(("default_mandate", "payment_method_options", "payment_method_types")),
            "period_end": now,
            "period_start": now,
            "status": "paid",
            "status_transitions": {
                "finalized_at": now,
                "marked_uncollectible_at": None,
                "paid_at": now,
                "voided_at": None,
            },
            "total_discount_amounts": [],
            "total_pretax_credit_amounts": [],
            "total_taxes": [],
        }
    )


def _line(invoice: Body, subscription: Body, item: Record) -> Body:
    price = item.body["price"]
    owner = next((one for one in subscription["items"]["data"] if one["price"]["id"] == price["id"]), None)
    now = invoice["created"]
    period = {"end": owner["current_period_end"] if owner else now, "start": now}
    details = {"proration": False, "proration_details": {"credited_items": None}}
    parent: Body = {"invoice_item_details": None, "subscription_item_details": None}
    if owner:
        parent["type"] = "subscription_item_details"
        parent["subscription_item_details"] = details | {
            "invoice_item": None,
            "subscription": subscription["id"],
            "subscription_item": owner["id"],
        }
    else:
        parent["type"] = "invoice_item_details"
        made = {"invoice_item": new_id("ii_1"), "subscription": subscription["id"]}
        parent["invoice_item_details"] = details | made
    return {
        "id": new_id("il_1"),
        "object": "line_item",
        "amount": item.body["amount_total"],
        "currency": invoice["currency"],
        "description": f"{item.body['quantity']} x {item.body['description']}",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice["id"],
        "livemode": False,
        "metadata": subscription["metadata"] if owner else {},
        "parent": parent,
        "period": period,
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item.body["quantity"],
        "quantity_decimal": str(item.body["quantity"]),
        "subscription": subscription["id"] if owner else None,
        "subtotal": item.body["amount_subtotal"],
        "taxes": [],
    }


def _settle(invoice: Record, intent: Record | None) -> None:
    """Says which PaymentIntent paid the invoice, where one did."""
    if intent is None:
        return
    now = db.now()
    payment = {
        "id": new_id("inpay_1"),
        "object": "invoice_payment",
        "amount_paid": invoice.body["total"],
        "amount_requested": invoice.body["total"],
        "created": now,
        "currency": invoice.body["currency"],
        "invoice": invoice.id,
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent.id, "type": "payment_intent"},
        "status": "paid",
        "status_transitions": {"canceled_at": None, "paid_at": now},
    }
    db.add(payment, parent=invoice.id)


def announce(invoice: Record) -> None:
    """Emits the events of a paid invoice's short life."""
    for kind in ("invoice.created", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded"):
        emit(kind, invoice.body)
    for payment in db.children(invoice.id, "invoice_payment"):
        emit("invoice_payment.paid", payment.body)


def payments_of(invoice: Body) -> Body:
    bodies = [one.body for one in db.children(invoice["id"], "invoice_payment")]
    return listing.wrap(bodies, "/v1/invoice_payments")


def retrieve(call: Call) -> Body:
    return asked(call, "invoice").body


def update(call: Call) -> Body:
    record = asked(call, "invoice")
    merge_metadata(record.body, call.params.get("metadata"))
    changed("invoice.updated", record, **call.given("description", "footer"))
    return record.body


def listed(call: Call) -> Body:
    filters = {name: f"$.{name}" for name in ("customer", "status", "collection_method")}
    paths = filters | {"subscription": "$.parent.subscription_details.subscription"}
    return listing.answer(call, "invoice", paths)


def list_lines(call: Call) -> Body:
    return listing.of_children(call, "line_item", db.children(asked(call, "invoice").id, "line_item"))


def retrieve_payment(call: Call) -> Body:
    return asked(call, "invoice_payment").body


def list_payments(call: Call) -> Body:
    wanted = dict(call.params.get("payment", {}))

    def keep(record: Record) -> bool:
        key = wanted.get(wanted.get("type"))
        return not wanted or key is None or record.body["payment"].get(wanted["type"]) == key

    return listing.answer(call, "invoice_payment", {"invoice": "$.invoice", "status": "$.status"}, keep)
