"""Tax rates and shipping rates."""

from sandbox import listing
from sandbox.call import Call, asked, merge_metadata, metadata
from sandbox.errors import StripeError, missing
from sandbox.events import changed, emit
from sandbox.store import Body, Record, db, new_id


def create_tax_rate(call: Call) -> Body:
    sent = call.params
    if not 0 <= sent["percentage"] <= 100:
        raise StripeError("Invalid percentage: must be between 0 and 100.", param="percentage")
    body = {
        "id": new_id("txr_1"),
        "object": "tax_rate",
        "active": sent.get("active", True),
        "country": sent.get("country"),
        "created": db.now(),
        "description": sent.get("description"),
        "display_name": sent["display_name"],
        "effective_percentage": None,
        "flat_amount": None,
        "inclusive": sent["inclusive"],
        "jurisdiction": sent.get("jurisdiction"),
        "jurisdiction_level": None,
        "livemode": False,
        "metadata": metadata(sent),
        "percentage": sent["percentage"],
        "rate_type": "percentage",
        "state": sent.get("state"),
        "tax_type": sent.get("tax_type"),
    }
    record = db.add(body)
    emit("tax_rate.created", body)
    return record.body


def retrieve_tax_rate(call: Call) -> Body:
    return asked(call, "tax_rate").body


def update_tax_rate(call: Call) -> Body:
    record = asked(call, "tax_rate")
    names = ("active", "country", "description", "display_name", "jurisdiction", "state")
    merge_metadata(record.body, call.params.get("metadata"))
    changed("tax_rate.updated", record, **call.given(*names, "tax_type"))
    return record.body


def list_tax_rates(call: Call) -> Body:
    return listing.answer(call, "tax_rate", {"active": "$.active", "inclusive": "$.inclusive"})


def make_shipping_rate(sent: Body, param: str = "") -> Record:
    if "fixed_amount" not in sent:
        raise missing(f"{param}[fixed_amount]" if param else "fixed_amount")
    fixed = sent["fixed_amount"]
    if fixed["amount"] < 0:
        name = f"{param}[fixed_amount][amount]" if param else "fixed_amount[amount]"
        raise StripeError(
            "This value must be greater than or equal to 0.", code="parameter_invalid_integer", param=name
        )
    body = {
        "id": new_id("shr_1"),
        "object": "shipping_rate",
        "active": True,
        "created": db.now(),
        "delivery_estimate": _estimate(sent.get("delivery_estimate")),
        "display_name": sent["display_name"],
        "fixed_amount": {"amount": fixed["amount"], "currency": fixed["currency"]},
        "livemode": False,
        "metadata": metadata(sent),
        "tax_behavior": sent.get("tax_behavior", "unspecified"),
        "tax_code": sent.get("tax_code"),
        "type": sent.get("type", "fixed_amount"),
    }
    return db.add(body)


def _estimate(sent: Body | None) -> Body | None:
    return {"maximum": None, "minimum": None} | sent if sent else None


def create_shipping_rate(call: Call) -> Body:
    return make_shipping_rate(call.params).body


def retrieve_shipping_rate(call: Call) -> Body:
    return asked(call, "shipping_rate").body


def update_shipping_rate(call: Call) -> Body:
    record = asked(call, "shipping_rate")
    merge_metadata(record.body, call.params.get("metadata"))
    record.body |= call.given("active", "tax_behavior")
    db.save(record)
    return record.body


def list_shipping_rates(call: Call) -> Body:
    filters = {"active": "$.active", "currency": "$.fixed_amount.currency"}
    return listing.answer(call, "shipping_rate", filters)
