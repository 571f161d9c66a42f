"""How an invoice comes about: its body and lines, finalized, tried, paid or dropped.

``invoices`` answers the API's questions about them, ``renewing`` knows when their time has come.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox import listing, money
from sandbox.events import changed, emit
from sandbox.store import Body, Record, db, new_id, nulls


@dataclass
class Entry:
    """One line to be: a price so many times, for a period."""

    price: Body
    quantity: int
    amount: int
    subtotal: int
    description: str
    start: int
    end: int
    tax: int = 0
    item: str = ""
    """The subscription item it is for; none of what is sold once."""
    proration: bool = False
    discounts: list[Body] = field(default_factory=list)


def of_item(item: Body, start: int, end: int) -> Entry:
    """A period of a subscription item."""
    line = money.Line(item["price"], item["quantity"], item["tax_rates"] or [])
    money.reckon([line], None, [])
    product = db.get(item["price"]["product"])
    name = product.body.get("name", "") if product else ""
    each = money.words(item["price"]["unit_amount"] or 0, item["price"]["currency"])
    said = f"{item['quantity']} × {name} (at {each} / {item['price']['recurring']['interval']})"
    return Entry(
        item["price"], item["quantity"], line.total, line.subtotal, said, start, end, tax=line.tax, item=item["id"]
    )


def draft(subscription: Body, entries: list[Entry], reason: str, **said: Any) -> Record:
    """A draft for a subscription; ``said`` overrides what its body would say."""
    now, total = db.now(), sum(one.amount for one in entries)
    tax = sum(one.tax for one in entries)
    body = _body(subscription, reason) | _amounts(total, sum(one.subtotal for one in entries), tax)
    body |= {"period_start": now, "period_end": now, **said}
    lines = [_line(body, subscription, one) for one in entries]
    body["lines"] = listing.wrap(lines, f"/v1/invoices/{body['id']}/lines")
    invoice = db.add(body)
    for line in lines:
        db.add(dict(line), parent=invoice.id)
    return invoice


def _amounts(total: int, subtotal: int, tax: int) -> Body:
    return {
        "amount_due": max(total, 0),
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": max(total, 0),
        "amount_shipping": 0,
        "ending_balance": None,
        "starting_balance": 0,
        "subtotal": subtotal,
        "subtotal_excluding_tax": total - tax,
        "total": total,
        "total_excluding_tax": total - tax,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
    }


def _body(subscription: Body, reason: str) -> Body:
    customer = db.get(subscription["customer"])
    known = customer.body if customer else {}
    nothing = nulls(
        "account_tax_ids application automatically_finalizes_at custom_fields customer_account "
        "default_payment_method default_source description due_date effective_at footer "
        "from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision "
        "next_payment_attempt number on_behalf_of receipt_number rendering shipping_cost "
        "shipping_details statement_descriptor test_clock webhooks_delivered_at"
    )
    return nothing | {
        "id": new_id("in_1"),
        "object": "invoice",
        "account_country": "FR",
        "account_name": "Comptoir",
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": dict.fromkeys(("disabled_reason", "liability", "provider", "status")) | {"enabled": False},
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": db.now(),
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "customer_address": known.get("address"),
        "customer_email": known.get("email"),
        "customer_name": known.get("name"),
        "customer_phone": known.get("phone"),
        "customer_shipping": known.get("shipping"),
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
        "livemode": False,
        "metadata": {},
        "parent": {
            "quote_details": None,
            "subscription_details": {"metadata": subscription["metadata"], "subscription": subscription["id"]},
            "type": "subscription_details",
        },
        "payment_settings": dict.fromkeys(("default_mandate", "payment_method_options", "payment_method_types")),
        "status": "draft",
        "status_transitions": nulls("finalized_at marked_uncollectible_at paid_at voided_at"),
        "total_discount_amounts": [],
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }


def _line(invoice: Body, subscription: Body, one: Entry) -> Body:
    details = {"proration": one.proration, "proration_details": {"credited_items": None}}
    parent: Body = {"invoice_item_details": None, "subscription_item_details": None}
    if one.item and not one.proration:
        kind: Body = {"invoice_item": None, "subscription": subscription["id"], "subscription_item": one.item}
        parent |= {"type": "subscription_item_details", "subscription_item_details": details | kind}
    else:
        kind = {"invoice_item": new_id("ii_1"), "subscription": subscription["id"]}
        parent |= {"type": "invoice_item_details", "invoice_item_details": details | kind}
    unit = one.price["unit_amount_decimal"]
    return {
        "id": new_id("il_1"),
        "object": "line_item",
        "amount": one.amount,
        "currency": invoice["currency"],
        "description": one.description,
        "discount_amounts": one.discounts,
        "discountable": not one.proration,
        "discounts": [],
        "invoice": invoice["id"],
        "livemode": False,
        "metadata": subscription["metadata"] if one.item else {},
        "parent": parent,
        "period": {"end": one.end, "start": one.start},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": one.price["id"], "product": one.price["product"]},
            "type": "price_details",
            "unit_amount_decimal": money.as_decimal(str(Decimal(one.amount))) if one.proration else unit,
        },
        "quantity": one.quantity,
        "quantity_decimal": str(one.quantity),
        "subscription": subscription["id"] if one.item else None,
        "subtotal": one.subtotal,
        "taxes": [],
    }


def number(invoice: Record) -> None:
    """The customer's next invoice number."""
    customer = db.get(invoice.body["customer"])
    prefix = customer.body.get("invoice_prefix", "SANDBOX") if customer else "SANDBOX"
    count = int(db.meta("invoices", "0")) + 1
    db.set_meta("invoices", str(count))
    invoice.body["number"] = f"{prefix}-{count:04d}"


def open_(invoice: Record, *, told: bool = True) -> None:
    """Finalizes a draft: its number, what the customer's credit pays of it, open from now on."""
    number(invoice)
    _use_credit(invoice)
    invoice.body |= {"status": "open", "effective_at": db.now(), "automatically_finalizes_at": None}
    invoice.body["status_transitions"]["finalized_at"] = db.now()
    db.save(invoice)
    if told:
        emit("invoice.finalized", invoice.body)


def _use_credit(invoice: Record) -> None:
    """A balance below zero pays first; an invoice below zero adds to it."""
    customer = db.get(invoice.body["customer"])
    before = customer.body["balance"] if customer and not customer.deleted else 0
    total = invoice.body["total"]
    used = min(-before, total) if before < 0 < total else min(total, 0)
    invoice.body |= {"starting_balance": before, "ending_balance": before + used}
    invoice.body["amount_due"] = max(total - max(used, 0), 0)
    invoice.body["amount_remaining"] = invoice.body["amount_due"]
    if customer is not None and used:
        changed("customer.updated", customer, balance=before + used)


def asked_of(invoice: Record, intent: Record) -> Record:
    """The InvoicePayment by which an intent is to pay the invoice; made once."""
    for known in db.children(invoice.id, "invoice_payment"):
        if known.body["payment"]["payment_intent"] == intent.id:
            return known
    payment = {
        "id": new_id("inpay_1"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": invoice.body["amount_due"],
        "created": db.now(),
        "currency": invoice.body["currency"],
        "invoice": invoice.id,
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent.id, "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    return db.add(payment, parent=invoice.id)


def settle(invoice: Record, intent: Record | None) -> None:
    """Paid, by that intent where there is one; ``announce_paid`` tells of it."""
    now, due = db.now(), invoice.body["amount_due"]
    values = {"amount_paid": due, "amount_remaining": 0, "attempted": True, "auto_advance": False}
    invoice.body |= {**values, "next_payment_attempt": None, "status": "paid"}
    invoice.body["status_transitions"]["paid_at"] = now
    db.save(invoice)
    if intent is not None:
        payment = asked_of(invoice, intent)
        payment.body |= {"status": "paid", "amount_paid": due}
        payment.body["status_transitions"]["paid_at"] = now
        db.save(payment)


def announce_paid(invoice: Record) -> None:
    emit("invoice.paid", invoice.body)
    emit("invoice.payment_succeeded", invoice.body)
    for payment in db.children(invoice.id, "invoice_payment"):
        if payment.body["status"] == "paid":
            emit("invoice_payment.paid", payment.body)


def void(invoice: Record) -> None:
    """Dropped: nobody owes it any more."""
    invoice.body["status_transitions"]["voided_at"] = db.now()
    values: Body = {"auto_advance": False, "next_payment_attempt": None, "automatically_finalizes_at": None}
    changed("invoice.voided", invoice, status="void", **values)
    _give_up(invoice)


def write_off(invoice: Record) -> None:
    """Marked as a debt that nobody will pay."""
    invoice.body["status_transitions"]["marked_uncollectible_at"] = db.now()
    values: Body = {"auto_advance": False, "next_payment_attempt": None}
    changed("invoice.marked_uncollectible", invoice, status="uncollectible", **values)


def _give_up(invoice: Record) -> None:
    for payment in db.children(invoice.id, "invoice_payment"):
        if payment.body["status"] == "open":
            payment.body["status"] = "canceled"
            payment.body["status_transitions"]["canceled_at"] = db.now()
            db.save(payment)


def of_subscription(key: str, *states: str) -> list[Record]:
    """A subscription's invoices, oldest first; in these states if any are named."""
    where = "AND json_extract(body, '$.parent.subscription_details.subscription') = ? ORDER BY seq"
    found = db.select("invoice", where, (key,))
    return [one for one in found if not states or one.body["status"] in states]
