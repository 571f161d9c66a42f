"""Webhook endpoints; the secret is told once, when one is made."""

from urllib.parse import urlsplit

from sandbox import listing
from sandbox.call import Call, asked, merge_metadata, metadata
from sandbox.errors import StripeError
from sandbox.resources.catalog import tombstone
from sandbox.store import Body, db, new_id

MOST = 16


def create(call: Call) -> Body:
    sent = call.params
    _check(sent)
    if len(db.select("webhook_endpoint")) >= MOST:
        raise StripeError(f"You have reached the maximum of {MOST} test webhook endpoints.")
    body = {
        "id": new_id("we_1"),
        "object": "webhook_endpoint",
        "api_version": sent.get("api_version"),
        "application": None,
        "created": db.now(),
        "description": sent.get("description") or None,
        "enabled_events": sent["enabled_events"],
        "livemode": False,
        "metadata": metadata(sent),
        "status": "enabled",
        "url": sent["url"],
    }
    secret = new_id("whsec", 32)
    db.add(body, {"secret": secret})
    return body | {"secret": secret}


def _check(sent: Body) -> None:
    if "url" in sent:
        parts = urlsplit(sent["url"])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise StripeError("Invalid URL: an explicit scheme is needed.", code="url_invalid", param="url")
    if sent.get("connect"):
        raise StripeError("The stand-in has no `connect`.", param="connect")
    if "enabled_events" in sent and not sent["enabled_events"]:
        raise StripeError("You must pass at least one event.", param="enabled_events")


def retrieve(call: Call) -> Body:
    return asked(call, "webhook_endpoint").body


def update(call: Call) -> Body:
    record = asked(call, "webhook_endpoint")
    _check(call.params)
    merge_metadata(record.body, call.params.get("metadata"))
    record.body |= call.given("description", "enabled_events", "url")
    if "disabled" in call.params:
        record.body["status"] = "disabled" if call.params["disabled"] else "enabled"
    db.save(record)
    return record.body


def delete(call: Call) -> Body:
    return tombstone(asked(call, "webhook_endpoint"))


def listed(call: Call) -> Body:
    return listing.answer(call, "webhook_endpoint")
