"""Invoices and what paid them, as the API shows them; ``bills`` makes them."""

from sandbox import listing
from sandbox.call import Call, asked, merge_metadata
from sandbox.errors import StripeError
from sandbox.events import changed
from sandbox.resources import bills, customers, renewing
from sandbox.store import Body, Record, db


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


def finalize(call: Call) -> Body:
    record = asked(call, "invoice")
    if record.body["status"] != "draft":
        raise StripeError("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    bills.open_(record)
    if call.params.get("auto_advance"):
        renewing.charge_soon(record)
    return record.body


def void(call: Call) -> Body:
    record = asked(call, "invoice")
    if record.body["status"] not in ("open", "uncollectible"):
        raise StripeError("You can only pass in open invoices. This invoice isn't open.")
    bills.void(record)
    return record.body


def pay(call: Call) -> Body:
    """Tries an open invoice now, with the given payment method or the one that is kept."""
    record = asked(call, "invoice")
    if record.body["status"] == "draft":
        bills.open_(record)
    if record.body["status"] == "paid":
        raise StripeError("Invoice is already paid", code="invoice_already_paid")
    if record.body["status"] not in ("open", "uncollectible"):
        raise StripeError("Invoice is voided and can no longer be paid.", code="invoice_not_open")
    if call.params.get("paid_out_of_band"):
        renewing.settled_elsewhere(record)
        return record.body
    key = call.params.get("payment_method")
    method = customers.method(key, "payment_method") if key else None
    renewing.pay_now(record, method)
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
