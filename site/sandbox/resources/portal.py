"""The billing portal: what it may do (configurations), and its short-lived addresses (sessions).

The account has one configuration from the start, with everything that the portal here can do. Of
flows there are ``payment_method_update`` and ``subscription_cancel``.
"""

from sandbox import listing, options
from sandbox.call import Call, asked, merge_metadata, metadata, referred
from sandbox.errors import StripeError, missing
from sandbox.events import emit
from sandbox.store import Body, Record, db, new_id, nulls

LIVES_FOR = 3600
FLOWS = ("payment_method_update", "subscription_cancel")
REASONS = [
    "too_expensive",
    "missing_features",
    "switched_service",
    "unused",
    "customer_service",
    "too_complex",
    "low_quality",
    "other",
]


def default() -> Record:
    """The configuration that counts where none is named."""
    for known in db.select("billing_portal.configuration"):
        if known.body["is_default"]:
            return known
    return db.add(_configuration({}, is_default=True))


def _configuration(sent: Body, *, is_default: bool) -> Body:
    now = db.now()
    return {
        "id": new_id("bpc_1"),
        "object": "billing_portal.configuration",
        "active": True,
        "application": None,
        "business_profile": nulls("headline privacy_policy_url terms_of_service_url")
        | dict(sent.get("business_profile", {})),
        "created": now,
        "default_return_url": sent.get("default_return_url") or None,
        "features": _features(sent.get("features"), enabled=is_default),
        "is_default": is_default,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": metadata(sent),
        "name": sent.get("name") or None,
        "updated": now,
    }


def _features(sent: Body | None, *, enabled: bool, known: Body | None = None) -> Body:
    """All features, the ones not named as they were, or switched off."""
    none: Body = known or {
        "customer_update": {"allowed_updates": [], "enabled": False},
        "invoice_history": {"enabled": enabled},
        "payment_method_update": {"enabled": enabled, "payment_method_configuration": None},
        "subscription_cancel": {
            "cancellation_reason": {"enabled": False, "options": REASONS},
            "enabled": enabled,
            "mode": "at_period_end",
            "proration_behavior": "none",
        },
        "subscription_update": {
            "billing_cycle_anchor": None,
            "default_allowed_updates": [],
            "enabled": False,
            "proration_behavior": "none",
            "schedule_at_period_end": {"conditions": []},
            "trial_update_behavior": "end_trial",
        },
    }
    return {name: _feature(name, before, (sent or {}).get(name, {})) for name, before in none.items()}


def _feature(name: str, before: Body, sent: Body) -> Body:
    if name in ("customer_update", "subscription_update") and sent.get("enabled"):
        raise StripeError(f"The stand-in's portal has no {name}.", param=f"features[{name}][enabled]")
    read = {key: sent.get(key) or (False if key == "enabled" else before[key]) for key in before if key in sent}
    return before | read


def create_configuration(call: Call) -> Body:
    _check(call.params)
    body = db.add(_configuration(call.params, is_default=False)).body
    emit("billing_portal.configuration.created", body)
    return body


def _check(sent: Body) -> None:
    if sent.get("login_page", {}).get("enabled"):
        raise StripeError("The stand-in's portal has no login page.", param="login_page[enabled]")


def update_configuration(call: Call) -> Body:
    record = asked(call, "billing_portal.configuration")
    sent = call.params
    _check(sent)
    record.body |= call.given("active", "default_return_url", "name")
    record.body["business_profile"] |= dict(sent.get("business_profile", {}))
    record.body["features"] = _features(sent.get("features"), enabled=False, known=record.body["features"])
    merge_metadata(record.body, sent.get("metadata"))
    record.body["updated"] = db.now()
    db.save(record)
    emit("billing_portal.configuration.updated", record.body)
    return record.body


def retrieve_configuration(call: Call) -> Body:
    return asked(call, "billing_portal.configuration").body


def list_configurations(call: Call) -> Body:
    default()
    wanted = {name: call.params.get(name) for name in ("active", "is_default") if name in call.params}

    def keep(record: Record) -> bool:
        return all(record.body[name] is value for name, value in wanted.items())

    return listing.answer(call, "billing_portal.configuration", keep=keep)


def create(call: Call) -> Body:
    """A session; its address is good for an hour."""
    if "customer" not in call.params:
        raise missing("customer")
    customer = referred("customer", call.params["customer"], "customer")
    configuration = _configured(call)
    flow = _flow(call.params.get("flow_data"), customer)
    back = call.params.get("return_url") or configuration.body["default_return_url"]
    key = new_id("bps_1")
    address = new_id("test", 60)
    body = nulls("customer_account on_behalf_of") | {
        "id": key,
        "object": "billing_portal.session",
        "configuration": configuration.id,
        "created": db.now(),
        "customer": customer.id,
        "flow": flow,
        "livemode": False,
        "locale": call.params.get("locale"),
        "return_url": back,
        "url": f"{options.origin}/p/session/{address}",
    }
    db.add(dict(body), {"address": address})
    emit("billing_portal.session.created", body)
    return body


def _configured(call: Call) -> Record:
    if "configuration" not in call.params:
        return default()
    found = referred("billing_portal.configuration", call.params["configuration"], "configuration")
    if not found.body["active"]:
        raise StripeError("This portal configuration is not active.", param="configuration")
    return found


def _flow(sent: Body | None, customer: Record) -> Body | None:
    if sent is None:
        return None
    kind = sent["type"]
    if kind not in FLOWS:
        raise StripeError(f"The stand-in's portal has no flow {kind}.", param="flow_data[type]")
    ending: Body | None = None
    if kind == "subscription_cancel":
        if kind not in sent:
            raise missing(f"flow_data[{kind}]")
        param = f"flow_data[{kind}][subscription]"
        found = referred("subscription", sent[kind]["subscription"], param)
        if found.body["customer"] != customer.id:
            raise StripeError("The subscription does not belong to the customer.", param=param)
        if found.body["status"] == "canceled" or found.body["cancel_at_period_end"]:
            raise StripeError("The subscription is already set to be canceled.", param=param)
        ending = {"retention": None, "subscription": found.id}
    after = sent.get("after_completion", {"type": "portal_homepage"})
    redirect, confirmed = after.get("redirect"), after.get("hosted_confirmation")
    return nulls("subscription_update subscription_update_confirm") | {
        "after_completion": {
            "hosted_confirmation": {"custom_message": None} | dict(confirmed) if confirmed else None,
            "redirect": dict(redirect) if redirect else None,
            "type": after["type"],
        },
        "subscription_cancel": ending,
        "type": kind,
    }


def at(address: str) -> Record | None:
    """The session that an address opens, while it is good."""
    where = "AND json_extract(private, '$.address') = ?"
    for found in db.select("billing_portal.session", where, (address,)):
        return found if found.body["created"] + LIVES_FOR > db.now() else None
    return None


def features(session: Record) -> Body:
    record = db.get(session.body["configuration"])
    found: Body = record.body["features"] if record else {}
    return found
