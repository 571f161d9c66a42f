"""Makes events and puts their deliveries into the outbox; the only writer of both kinds of row."""

import copy
import time
from typing import Any

from sandbox import delivery_rules, listing
from sandbox.call import API_VERSION, Call, asked, current
from sandbox.errors import StripeError
from sandbox.store import Body, Record, db, new_id

MOST_TYPES = 20
TYPE = "json_extract(body, '$.type')"


def emit(kind: str, body: Body, before: Body | None = None) -> Body:
    """Records that something happened to an object; ``before`` holds the old values of an
    update. Runs inside the transaction that changed the object."""
    call = current.get()
    data: Body = {"object": copy.deepcopy(body)}
    if before is not None:
        data["previous_attributes"] = before
    targets = [one for one in db.select("webhook_endpoint") if _wants(one.body, kind)]
    event: Body = {
        "id": new_id("evt_1"),
        "object": "event",
        "api_version": API_VERSION,
        "created": db.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": len(targets),
        "request": {
            "id": call.request_id if call else None,
            "idempotency_key": call.key if call else None,
        },
        "type": kind,
    }
    db.add(event)
    for endpoint in targets:
        enqueue(event, endpoint.id)
    return event


def changed(kind: str, record: Record, **values: Any) -> None:
    """Writes new values into an object and emits its event; one that says ``updated`` tells the
    old values too, and is not sent where nothing differs from what is stored."""
    stored = db.get(record.id)
    record.body |= values
    db.save(record)
    if not kind.endswith(".updated"):
        emit(kind, record.body)
        return
    before = _difference(stored.body if stored else {}, record.body)
    if before:
        emit(kind, record.body, before)


def _difference(old: Body, new: Body) -> Body:
    """The old values of what is another now; of a hash only those of its changed names."""
    told: Body = {}
    for name in old | new:
        was, now = old.get(name), new.get(name)
        if was != now:
            told[name] = _difference(was, now) if isinstance(was, dict) and isinstance(now, dict) else was
    return told


def enqueue(event: Body, endpoint: str, manner: str = "") -> None:
    """Puts one delivery into the outbox, in the manner that tests ordered if they did."""
    delay = 0.0
    if not manner:
        manner, delay = delivery_rules.take(event["type"])
    state = "dropped" if manner == "dropped" else "pending"
    db.sql(
        "INSERT INTO outbox (event, endpoint, due, state, manner) VALUES (?, ?, ?, ?, ?)",
        event["id"],
        endpoint,
        time.time() + delay,
        state,
        manner,
    )


def _wants(endpoint: Body, kind: str) -> bool:
    wanted = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and ("*" in wanted or kind in wanted)


def retrieve(call: Call) -> Body:
    return asked(call, "event").body


def listed(call: Call) -> Body:
    types = call.params.get("types")
    if types and "type" in call.params:
        raise StripeError("You may pass either `type` or `types`, but not both.", param="types")
    if types and len(types) > MOST_TYPES:
        raise StripeError(f"You may pass up to {MOST_TYPES} types.", param="types")
    return listing.answer(call, "event", where=_conditions(call.params))


def _conditions(sent: Body) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if "types" in sent:
        conditions.append(f"{TYPE} IN ({', '.join('?' * len(sent['types']))})")
        values += sent["types"]
    if "type" in sent:
        conditions.append(f"{TYPE} GLOB ?")
        values.append(sent["type"])
    if "delivery_success" in sent:
        waits = "id IN (SELECT event FROM outbox WHERE state != 'delivered')"
        conditions.append(f"NOT {waits}" if sent["delivery_success"] else waits)
    return conditions, values
