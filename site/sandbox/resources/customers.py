"""Customers and their payment methods."""

from collections.abc import Callable

from sandbox import cards, listing
from sandbox.call import Call, asked, merge_metadata, metadata, referred
from sandbox.errors import StripeError, not_found
from sandbox.events import changed, emit
from sandbox.store import Body, Record, db, new_id

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
RENDERING = ("amount_tax_display", "template")
PLAIN = (
    "balance",
    "business_name",
    "description",
    "email",
    "individual_name",
    "name",
    "next_invoice_sequence",
    "phone",
    "preferred_locales",
    "tax_exempt",
)


def full_address(sent: Body | None) -> Body | None:
    """An address with all its parts, the ones not given null."""
    return {name: (sent.get(name) or None) for name in ADDRESS} if sent else None


def shipping(sent: Body | None) -> Body | None:
    if not sent:
        return None
    kept = {name: value for name, value in sent.items() if name != "address"}
    return {"phone": None, **kept, "address": full_address(sent["address"])}


def make(sent: Body) -> Record:
    """A new customer from params; the caller checked what they refer to."""
    body = {
        "id": new_id("cus", 14),
        "object": "customer",
        "address": full_address(sent.get("address") or None),
        "balance": sent.get("balance", 0),
        "created": db.now(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": sent.get("description") or None,
        "discount": None,
        "email": sent.get("email") or None,
        "invoice_prefix": sent.get("invoice_prefix") or new_id("x", 8)[2:].upper(),
        "invoice_settings": _invoice_settings(sent.get("invoice_settings")),
        "livemode": False,
        "metadata": metadata(sent),
        "name": sent.get("name") or None,
        "next_invoice_sequence": sent.get("next_invoice_sequence", 1),
        "phone": sent.get("phone") or None,
        "preferred_locales": sent.get("preferred_locales", []),
        "shipping": shipping(sent.get("shipping") or None),
        "tax_exempt": sent.get("tax_exempt") or "none",
        "test_clock": None,
    }
    body |= {n: sent[n] for n in ("business_name", "individual_name") if sent.get(n)}
    return db.add(body)


def _invoice_settings(sent: Body | None) -> Body:
    none = dict.fromkeys(("custom_fields", "default_payment_method", "footer", "rendering_options"))
    settings = none | {name: value or None for name, value in (sent or {}).items()}
    rendering = settings["rendering_options"]
    if rendering:
        options: Body = {name: rendering.get(name) or None for name in RENDERING}
        settings["rendering_options"] = options
    if settings["default_payment_method"]:
        referred_method(settings["default_payment_method"], "invoice_settings[default_payment_method]")
    return settings


def create(call: Call) -> Body:
    _check_email(call.params)
    record = make(call.params)
    emit("customer.created", record.body)
    if "payment_method" in call.params:
        attach_to(method(call.params["payment_method"], "payment_method"), record)
    return record.body


def _check_email(sent: Body) -> None:
    email = sent.get("email")
    if email and ("@" not in email or " " in email):
        raise StripeError(f"Invalid email address: {email}", code="email_invalid", param="email")


def retrieve(call: Call) -> Body:
    return asked(call, "customer", even_deleted=True).body


def update(call: Call) -> Body:
    record = asked(call, "customer")
    _check_email(call.params)
    values = call.given(*PLAIN)
    if "address" in call.params:
        values["address"] = full_address(call.params["address"] or None)
    if "shipping" in call.params:
        values["shipping"] = shipping(call.params["shipping"] or None)
    if "invoice_settings" in call.params:
        known = record.body["invoice_settings"]
        values["invoice_settings"] = _invoice_settings(known | call.params["invoice_settings"])
    merge_metadata(record.body, call.params.get("metadata"))
    changed("customer.updated", record, **values)
    return record.body


def delete(call: Call) -> Body:
    record = asked(call, "customer")
    emit("customer.deleted", record.body)
    for one in methods_of(record.id):
        one.body["customer"] = None
        db.save(one)
    record.body = {"id": record.id, "object": "customer", "deleted": True}
    db.save(record)
    return record.body


def listed(call: Call) -> Body:
    return listing.answer(call, "customer", {"email": "$.email"})


def nothing(name: str) -> Callable[[Body], Body]:
    """Makes the empty list of a thing that customers here never have."""
    return lambda customer: listing.wrap([], f"/v1/customers/{customer['id']}/{name}")


def method(key: str, param: str) -> Record:
    """A payment method by id; a ready-made name such as ``pm_card_visa`` makes a new one."""
    if key in cards.NAMED:
        card = cards.CARDS[cards.NAMED[key]]
        body = cards.payment_method(card, db.now(), expires=(12, 2034), wallet=False)
        return db.add(body, {"number": card.number})
    return referred_method(key, param)


def referred_method(key: str, param: str) -> Record:
    record = db.get(key)
    if record is None or record.body["object"] != "payment_method":
        raise not_found("PaymentMethod", key, param, status=400)
    return record


def methods_of(customer: str) -> list[Record]:
    where = "AND json_extract(body, '$.customer') = ? ORDER BY seq DESC"
    return db.select("payment_method", where, (customer,))


def attach_to(record: Record, customer: Record) -> None:
    if record.body["customer"] not in (None, customer.id):
        raise StripeError("The payment method you provided has already been attached to a customer.")
    if record.body["customer"] is None:
        record.body["customer"] = customer.id
        db.save(record)
        emit("payment_method.attached", record.body)


def attach(call: Call) -> Body:
    key = call.ids["payment_method"]
    record = method(key, "id") if key in cards.NAMED else asked_method(call)
    attach_to(record, referred("customer", call.params.get("customer", ""), "customer"))
    return record.body


def detach(call: Call) -> Body:
    record = asked_method(call)
    if record.body["customer"] is None:
        raise StripeError("The payment method you provided is not attached to a customer so detachment is impossible.")
    changed("payment_method.detached", record, customer=None)
    return record.body


def asked_method(call: Call) -> Record:
    record = db.get(call.ids["payment_method"])
    if record is None or record.body["object"] != "payment_method":
        raise not_found("PaymentMethod", call.ids["payment_method"], "payment_method")
    return record


def retrieve_method(call: Call) -> Body:
    return asked_method(call).body


def list_methods(call: Call) -> Body:
    """``/v1/payment_methods``; without a customer there is nothing to show."""
    if "customer" in call.params:
        referred("customer", call.params["customer"], "customer")
        return _methods(call)
    return _methods(call, ["FALSE"])


def list_customer_methods(call: Call) -> Body:
    call.params["customer"] = asked(call, "customer").id
    return _methods(call)


def _methods(call: Call, where: list[str] | None = None) -> Body:
    filters = {name: f"$.{name}" for name in ("allow_redisplay", "customer", "type")}
    return listing.answer(call, "payment_method", filters, where=(where or [], []))
