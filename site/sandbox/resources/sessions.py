"""Checkout sessions: made, read, changed, expired. What buyers do to them is in ``checkout``."""

from sandbox import listing, options
from sandbox.call import Call, asked, merge_metadata, metadata, referred
from sandbox.errors import StripeError
from sandbox.events import emit
from sandbox.resources import (
    customers,
    discounts,
    intents,
    session_lines,
    session_rules,
    session_shipping,
    subscriptions,
)
from sandbox.store import Body, Record, db, new_id, nulls

# Kept for the moment of payment, never shown; what is not named here is not supported.
KEPT = {
    "customer_update": ("address", "name", "shipping"),
    "payment_intent_data": (
        "capture_method",
        "description",
        "metadata",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_group",
    ),
    "payment_method_data": ("allow_redisplay",),
    "subscription_data": ("billing_mode", "description", "metadata", "trial_end", "trial_period_days"),
}
METHOD_LISTS = ("excluded_payment_method_types", "allowed_payment_method_types")
TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")


def create(call: Call) -> Body:
    sent = call.params
    session_rules.check(sent)
    if "customer" in sent:
        referred("customer", sent["customer"], "customer")
    lines, currency = session_lines.read(sent["line_items"], sent["mode"])
    if sent.get("currency", currency) != currency:
        raise StripeError(
            f"The session's currency differs from that of its prices ({currency}).",
            param="currency",
        )
    record = db.add(_body(sent, currency), {name: _kept(name, sent[name]) for name in KEPT if name in sent})
    session_lines.store(record, lines)
    _apply_discount(record, sent)
    session_shipping.offer(record, sent.get("shipping_options"))
    session_lines.sum_up(record)
    session_rules.check_total(record.body["amount_total"], currency)
    if not record.body["amount_total"]:
        record.body["payment_status"] = "no_payment_required"
    _open_to_buyers(record)
    db.save(record)
    return record.body


def _kept(name: str, sent: Body) -> Body:
    return {inner: sent[inner] for inner in KEPT[name] if inner in sent}


def _body(sent: Body, currency: str) -> Body:
    key = new_id("cs_test_a1", 56)
    now = db.now()
    ui_mode = sent.get("ui_mode", "hosted_page")
    body: Body = {
        "id": key,
        "object": "checkout.session",
        "adaptive_pricing": sent.get("adaptive_pricing", {"enabled": True}),
        "after_expiration": _after_expiration(sent),
        "allow_promotion_codes": sent.get("allow_promotion_codes"),
        "allowed_payment_method_types": sent.get("allowed_payment_method_types"),
        "amount_subtotal": 0,
        "amount_total": 0,
        "automatic_tax": nulls("liability provider status") | {"enabled": False},
        "billing_address_collection": sent.get("billing_address_collection"),
        "branding_settings": _branding(sent.get("branding_settings") or {}),
        "cancel_url": sent.get("cancel_url"),
        "client_reference_id": sent.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": sent.get("consent_collection"),
        "created": now,
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": [_custom_field(one) for one in sent.get("custom_fields", [])],
        "custom_text": {name: (sent.get("custom_text", {}).get(name) or None) for name in TEXTS},
        "customer": sent.get("customer"),
        "customer_account": None,
        "customer_creation": _customer_creation(sent),
        "customer_details": _first_details(sent),
        "customer_email": sent.get("customer_email"),
        "discounts": None if sent["mode"] == "subscription" else [],
        "expires_at": sent.get("expires_at", now + session_rules.LATEST),
        "integration_identifier": sent.get("integration_identifier"),
        "invoice": None,
        "invoice_creation": _invoice_creation(sent),
        "livemode": False,
        "locale": sent.get("locale"),
        "managed_payments": {"enabled": False},
        "metadata": metadata(sent),
        "mode": sent["mode"],
        "origin_context": sent.get("origin_context"),
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required"
        if sent["mode"] == "payment"
        else sent.get("payment_method_collection", "always"),
        "payment_method_configuration_details": None,
        "payment_method_options": _method_options(sent),
        "payment_method_types": _methods(sent, currency),
        "payment_status": "unpaid",
        "permissions": sent.get("permissions"),
        "phone_number_collection": sent.get("phone_number_collection", {"enabled": False}),
        "recovered_from": None,
        "saved_payment_method_options": _saved(sent),
        "setup_intent": None,
        "shipping_address_collection": sent.get("shipping_address_collection"),
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": sent.get("submit_type"),
        "subscription": None,
        "success_url": sent.get("success_url"),
        "total_details": None,
        "ui_mode": ui_mode,
        "url": None,
        "wallet_options": sent.get("wallet_options"),
    }
    if ui_mode != "hosted_page":
        body["redirect_on_completion"] = sent.get("redirect_on_completion", "always")
        body |= {"return_url": sent["return_url"]} if "return_url" in sent else {}
    if "excluded_payment_method_types" in sent:
        body["excluded_payment_method_types"] = sent["excluded_payment_method_types"]
    if "tax_id_collection" in sent:
        body["tax_id_collection"] = {"required": "never"} | sent["tax_id_collection"]
    if "name_collection" in sent:
        asked_for = sent["name_collection"].items()
        body["name_collection"] = {kind: {"optional": False} | one for kind, one in asked_for}
    return body


def _after_expiration(sent: Body) -> Body | None:
    recovery = sent.get("after_expiration", {}).get("recovery")
    none: Body = {"allow_promotion_codes": False, "expires_at": None, "url": None}
    return {"recovery": none | recovery} if recovery else None


def _branding(sent: Body) -> Body:
    return {
        "background_color": sent.get("background_color") or "#ffffff",
        "border_style": sent.get("border_style") or "rounded",
        "button_color": sent.get("button_color") or "#0074d4",
        "display_name": sent.get("display_name", "Comptoir"),
        "font_family": sent.get("font_family") or "default",
        "icon": sent.get("icon"),
        "logo": sent.get("logo"),
    }


def _custom_field(sent: Body) -> Body:
    kind = sent["type"]
    limits: Body = {"maximum_length": None, "minimum_length": None}
    inner = {"default_value": None, "value": None} | ({} if kind == "dropdown" else limits)
    return {
        "key": sent["key"],
        "label": sent["label"],
        "optional": sent.get("optional", False),
        "type": kind,
        kind: inner | sent.get(kind, {}),
    }


def _customer_creation(sent: Body) -> str | None:
    if "customer" in sent or sent["mode"] != "payment":
        return None if "customer" in sent else "always"
    return str(sent.get("customer_creation", "if_required"))


def _first_details(sent: Body) -> Body | None:
    customer = db.get(sent.get("customer", ""))
    email = customer.body["email"] if customer else sent.get("customer_email")
    if not customer and not email:
        return None
    none = dict.fromkeys(("address", "business_name", "individual_name", "name", "phone"))
    return none | {"email": email, "tax_exempt": "none", "tax_ids": None}


def _invoice_creation(sent: Body) -> Body | None:
    if sent["mode"] == "subscription":
        return None
    wanted = sent.get("invoice_creation", {})
    data: Body = {
        "account_tax_ids": None,
        "custom_fields": None,
        "description": None,
        "footer": None,
        "issuer": None,
        "metadata": {},
        "rendering_options": None,
    }
    return {
        "enabled": wanted.get("enabled", False),
        "invoice_data": data | {n: v or None for n, v in wanted.get("invoice_data", {}).items()},
    }


def _method_options(sent: Body) -> Body:
    card = {"request_three_d_secure": "automatic"}
    return {"card": card | sent.get("payment_method_options", {}).get("card", {})}


def _methods(sent: Body, currency: str) -> list[str]:
    allowed = sent.get("allowed_payment_method_types", intents.METHODS)
    excluded = sent.get("excluded_payment_method_types", ())
    kinds = [kind for kind in intents.METHODS if kind in allowed and kind not in excluded]
    if currency != "eur" or sent["mode"] == "subscription":
        kinds = [kind for kind in kinds if kind != "sepa_debit"]
    if not kinds:
        raise intents.no_methods(next(name for name in METHOD_LISTS if name in sent))
    return kinds


def _saved(sent: Body) -> Body | None:
    wanted = sent.get("saved_payment_method_options")
    if wanted is None and "customer" not in sent:
        return None
    default: Body = {
        "allow_redisplay_filters": ["always"],
        "payment_method_remove": "disabled",
        "payment_method_save": None,
    }
    return default | (wanted or {})


def _apply_discount(record: Record, sent: Body) -> None:
    session_lines.sum_up(record)
    for index, entry in enumerate(sent.get("discounts", [])):
        param = f"discounts[{index}]"
        use_discount(record, entry, param)


def use_discount(record: Record, entry: Body, param: str) -> None:
    """``entry`` names a coupon or a code; the session's subtotal is known."""
    coupon, code = discounts.usable(entry, record.body, param)
    record.body["discounts"] = [{"coupon": coupon.id, "promotion_code": code.id if code else None}]


def _open_to_buyers(record: Record) -> None:
    if record.body["ui_mode"] == "hosted_page":
        record.body["url"] = f"{options.origin}/c/pay/{record.id}"
    else:
        secret = f"{record.id}_{new_id('secret', 40)}"
        record.body["client_secret"] = secret


def fresh(record: Record) -> Record:
    """The session as the clock makes it: an open one past its time expires now."""
    if record.body["status"] == "open" and record.body["expires_at"] <= db.now():
        expire_now(record)
    return record


def expire_now(record: Record) -> None:
    record.body |= {"status": "expired", "url": None}
    db.save(record)
    intent = db.get(record.body["payment_intent"] or "")
    if intent is not None and intent.body["status"] in intents.CANCELABLE:
        intents.cancel_now(intent, "expired")
    subscriptions.abandon(record)
    emit("checkout.session.expired", record.body)


def retrieve(call: Call) -> Body:
    return fresh(asked(call, "checkout.session")).body


def expire(call: Call) -> Body:
    record = fresh(asked(call, "checkout.session"))
    _check_open(record, "expired")
    expire_now(record)
    return record.body


def _check_open(record: Record, verb: str) -> None:
    if record.body["status"] != "open":
        raise StripeError(
            f'Only Checkout Sessions with a status in ["open"] can be {verb}. This Checkout '
            f"Session has a status of {record.body['status']}.",
        )


def update(call: Call) -> Body:
    record = fresh(asked(call, "checkout.session"))
    sent = call.params
    if len(sent) > int("metadata" in sent):
        _check_open(record, "updated")
    merge_metadata(record.body, sent.get("metadata"))
    if "line_items" in sent:
        _update_lines(record, sent["line_items"])
    if "shipping_options" in sent:
        session_shipping.offer(record, sent["shipping_options"] or None)
    if "collected_information" in sent:
        shipping = sent["collected_information"].get("shipping_details")
        collect(record, customers.shipping(shipping) if shipping else None, {})
    if "payment_intent_data" in sent:
        known = record.private.setdefault("payment_intent_data", {})
        given = _kept("payment_intent_data", sent["payment_intent_data"])
        known |= {name: value or None for name, value in given.items()}
    session_lines.sum_up(record)
    session_rules.check_total(record.body["amount_total"], record.body["currency"])
    db.save(record)
    return record.body


def _update_lines(record: Record, sent: list[Body]) -> None:
    """Lines named by ``id`` keep what is not sent again; the others are new or gone."""
    known = {one.id: one for one in db.children(record.id, "item")}
    merged = []
    for index, line in enumerate(sent):
        old = known.get(line.get("id", ""))
        if "id" in line and old is None:
            referred("item", line["id"], f"line_items[{index}][id]")
        kept: Body = {}
        if old is not None:
            rates_kept = [rate["id"] for rate in old.private["rates"]]
            kept = {"quantity": old.body["quantity"], "tax_rates": rates_kept}
            kept |= {} if {"price", "price_data"} & set(line) else {"kept": old.body["price"]}
        merged.append(kept | line)
    lines, _ = session_lines.read(merged, record.body["mode"])
    session_lines.store(record, lines)


def collect(record: Record, shipping: Body | None, told: Body) -> None:
    """What the buyer told the page; a delivery address is shown under this name only."""
    details = shipping and {"address": shipping["address"], "name": shipping["name"]}
    names = {name: told.get(name) for name in ("business_name", "individual_name")}
    record.body["collected_information"] = {**names, "shipping_details": details}


def listed(call: Call) -> Body:
    sweep()
    names = ("customer", "customer_account", "payment_intent", "payment_link", "status", "subscription")
    filters = {name: f"$.{name}" for name in names}
    email = call.params.get("customer_details", {}).get("email")

    def keep(record: Record) -> bool:
        return email is None or (record.body["customer_details"] or {}).get("email") == email

    return listing.answer(call, "checkout.session", filters, keep)


def sweep() -> None:
    """Expires every session whose time is over."""
    for record in db.overdue_sessions(db.now()):
        expire_now(record)
