"""The control plane for tests and the demo, under ``/_control/``; loopback only, JSON both ways.

| request | effect |
| --- | --- |
| ``POST sessions/{id}/paid`` | the buyer pays; body: ``email``, ``name``, ``address``, ``card``, ``save`` |
| ``POST sessions/{id}/declined`` | the buyer's card is refused, the session stays open |
| ``POST sessions/{id}/async_pending`` | complete but unpaid: a debit waits for the bank |
| ``POST sessions/{id}/async_succeed``, ``async_fail`` | the bank's word; starts the debit if need be |
| ``POST sessions/{id}/expire`` | the session's time is over |
| ``POST sessions/{id}/amount`` | ``{"amount_total": 123}`` (and ``currency``): a result that differs |
| ``GET clock``; ``POST clock`` | ``{"advance": seconds}``, ``{"months": 1}`` or ``{"set": unix time}``; |
| | what falls due on the way happens in its order, each thing at its own moment |
| ``GET deliveries``; ``POST deliveries`` | the outbox; ``{"mode": "duplicated", "count": 1}``: modes |
| | ``duplicated`` (``copies``), ``reordered`` (hold ``count``, last first), ``delayed`` |
| | (``seconds``), ``dropped``, ``tampered``, ``stale``, ``wrong_secret``; ``types`` limits to |
| | event types; ``normal`` forgets all modes |
| ``POST events/{id}/resend`` | sends an event again: ``{"mode": "", "copies": 1}`` |
| ``GET faults``; ``POST faults`` | ``{"kind": "error", "when": "after", "method": "POST", |
| | "path": "/v1/refunds", "count": 1}``: kinds ``error`` (``status``), ``rate_limit``, |
| | ``timeout`` (``seconds`` of silence), ``reset``, ``slow`` (answers after ``seconds``); ``path`` may hold ``*``. An error after the |
| | effect is remembered under the idempotency key as Stripe does (``"saved": false``: is not, |
| | the true answer is); one before the effect never is |
| ``DELETE faults`` | forgets all faults, ends all silences |
| ``POST refunds/fail_next`` | ``{"count": 1}``: the next refunds stay pending, then fail |
| ``POST refunds/{id}/fail``, ``succeed`` | the bank's word on a refund; ``require_action`` waits |
| | for the buyer's, and only then the API may cancel it |
| ``POST charges/{id}/dispute``, ``warn``; ``POST disputes/{id}/win``, ``lose``, ``prevent`` | a buyer's bank steps in |
| ``POST subscriptions/{id}/jam`` | its next invoice cannot be finished |
| ``POST subscriptions/{id}/card`` | ``{"card": "4242…"}``: the member's card from now on, tried at what is open |
| ``POST subscriptions/{id}/renew`` | moves the clock to one hour after the running period: renewed, or not |
| ``POST dunning`` | ``{"retries": [seconds, …], "then": "canceled"}`` (``unpaid``, ``past_due``): what |
| | becomes of refused renewals; ``{}`` is as it was: 3, 5 and 7 days, then cancelled |
| ``GET requests``; ``DELETE requests`` | the API requests seen, newest last |
| ``POST reset`` | forgets everything; ``{"keep_endpoints": true}`` keeps the webhook endpoints |
"""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from sandbox import api, cards, checkout, delivery_rules, events, faults, passing_time, periods
from sandbox.checkout import Buyer
from sandbox.pages import reading
from sandbox.resources import disputes, refunds, renewing, sessions
from sandbox.store import Body, Record, db

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
DECLINED = "4000000000000002"


class Refused(Exception):
    """A request the control plane cannot follow; the text says why."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def view(request: HttpRequest, what: str) -> HttpResponse:
    if request.META.get("REMOTE_ADDR") not in LOOPBACK or "X-Forwarded-For" in request.headers:
        return JsonResponse({"error": "loopback only"}, status=403)
    steps = what.strip("/").split("/")
    name = f"{request.method} {steps[0]}"
    try:
        told = json.loads(request.body) if request.body else {}
        if name not in ACTIONS or not isinstance(told, dict):
            raise Refused(f"no such control: {name}", 404)
        return JsonResponse(ACTIONS[name](steps[1:], told))
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=refused.status)
    except (TypeError, ValueError, KeyError) as error:
        return JsonResponse({"error": f"{type(error).__name__}: {error}"}, status=400)


# What may be told of a session's outcome.
SAID = {
    "address",
    "amount_subtotal",
    "amount_total",
    "card",
    "currency",
    "email",
    "iban",
    "name",
    "phone",
    "save",
    "wallet",
}


def _found(kind: str, key: str) -> Record:
    record = db.get(key)
    if record is None or record.body["object"] != kind:
        raise Refused(f"no such {kind}: {key}", 404)
    return record


def _pair(steps: list[str]) -> tuple[str, str]:
    if len(steps) != 2:
        raise Refused("say /{id}/{what}", 404)
    return steps[0], steps[1]


def _session(steps: list[str], told: Body) -> Body:
    key, outcome = _pair(steps)
    if outcome not in OUTCOMES:
        raise Refused(f"no such outcome: {outcome}", 404)
    if strange := sorted(set(told) - SAID):
        raise Refused(f"nothing is known of {', '.join(strange)}")
    with db.transaction():
        record = sessions.fresh(_found("checkout.session", key))
        OUTCOMES[outcome](record, told)
    return _found("checkout.session", key).body


def _buyer(record: Record, told: Body) -> Buyer:
    collected = record.body["shipping_address_collection"]
    countries = collected["allowed_countries"] if collected else ["FR"]
    address = told.get("address") or checkout.home(countries)
    if collected and address.get("country") not in countries:
        raise Refused(f"the session ships to {', '.join(countries)} only")
    name = told.get("name", "Léa Martin")
    names = {**reading.WALLET, "individual_name": name}
    return Buyer(
        email=told.get("email", "lea@example.com"),
        name=name,
        phone=told.get("phone", "+33612345678"),
        address=address,
        names={asked: names[asked] for asked in reading.names(record.body)},
        save=bool(told.get("save")),
        accepted=True,
    )


def _pay(record: Record, told: Body, number: str) -> str:
    free = not record.body["amount_total"] and record.body["mode"] == "payment"
    method = None if free else checkout.card_method(number, wallet=bool(told.get("wallet")))
    result = checkout.pay(record, method, _buyer(record, told))
    if result == "challenge":
        result = checkout.prove(record, passed=True)
    if result == "closed":
        raise Refused(f"the session is {record.body['status']}", 409)
    return result


def _paid(record: Record, told: Body) -> None:
    _pay(record, told, str(told.get("card", "4242424242424242")).replace(" ", ""))


def _declined(record: Record, told: Body) -> None:
    _pay(record, told, str(told.get("card", DECLINED)).replace(" ", ""))


def _async_pending(record: Record, told: Body) -> None:
    method = checkout.sepa_method(told.get("iban", cards.IBANS[0]))
    method.private["held"] = True
    db.save(method)
    if checkout.pay(record, method, _buyer(record, told)) == "closed":
        raise Refused(f"the session is {record.body['status']}", 409)


def _async_end(record: Record, told: Body, *, succeeded: bool) -> None:
    if record.body["status"] == "open":
        _async_pending(record, told)
    if not checkout.settle_async(record, succeeded=succeeded):
        raise Refused("no payment of this session waits for its bank", 409)


def _expire(record: Record, told: Body) -> None:
    del told
    if record.body["status"] != "open":
        raise Refused(f"the session is {record.body['status']}", 409)
    sessions.expire_now(record)


def _amount(record: Record, told: Body) -> None:
    for name in ("amount_total", "amount_subtotal", "currency"):
        if name in told:
            record.body[name] = told[name]
    db.save(record)


OUTCOMES: dict[str, Callable[[Record, Body], None]] = {
    "paid": _paid,
    "declined": _declined,
    "async_pending": _async_pending,
    "async_succeed": lambda record, told: _async_end(record, told, succeeded=True),
    "async_fail": lambda record, told: _async_end(record, told, succeeded=False),
    "expire": _expire,
    "amount": _amount,
}


REFUND_VERBS: dict[str, Callable[[Record], None]] = {
    "fail": refunds.fail,
    "succeed": refunds.succeed,
    "require_action": refunds.require_action,
}


def _clock(steps: list[str], told: Body) -> Body:
    del steps
    if "advance" in told:
        db.move_clock(int(told["advance"]))
    elif "months" in told:
        db.move_clock(periods.after(db.now(), "month", int(told["months"])) - db.now())
    elif "set" in told:
        db.move_clock(int(told["set"]) - db.now())
    passing_time.tick()
    return {"now": db.now(), "offset": db.offset}


def _get_deliveries(steps: list[str], told: Body) -> Body:
    del steps, told
    rows = db.sql("SELECT * FROM outbox ORDER BY seq DESC LIMIT 500")
    return {"data": [dict(row) for row in rows], "rules": delivery_rules.waiting()}


def _deliveries(steps: list[str], told: Body) -> Body:
    del steps
    mode = told.pop("mode")
    if mode == "normal":
        delivery_rules.clear()
    elif mode in delivery_rules.MANNERS:
        delivery_rules.add(delivery_rules.Rule(mode, **told))
    else:
        raise Refused(f"no such mode: {mode}; one of {', '.join(delivery_rules.MANNERS)}")
    return {"rules": delivery_rules.waiting()}


def _events(steps: list[str], told: Body) -> Body:
    key, verb = _pair(steps)
    if verb != "resend":
        raise Refused(f"no such verb: {verb}", 404)
    event = _found("event", key)
    with db.transaction():
        for endpoint in db.select("webhook_endpoint"):
            for _ in range(int(told.get("copies", 1))):
                events.enqueue(event.body, endpoint.id, told.get("mode", ""))
    return event.body


def _add_fault(steps: list[str], told: Body) -> Body:
    del steps
    fault = faults.Fault(**told)
    if fault.kind not in faults.KINDS or fault.when not in ("before", "after"):
        raise Refused(f"kind is one of {', '.join(faults.KINDS)}; when is before or after")
    faults.add(fault)
    return {"data": faults.waiting()}


def _get_faults(steps: list[str], told: Body) -> Body:
    del steps, told
    return {"data": faults.waiting()}


def _clear_faults(steps: list[str], told: Body) -> Body:
    del steps, told
    faults.clear()
    return {"data": []}


def _refunds(steps: list[str], told: Body) -> Body:
    if steps == ["fail_next"]:
        db.set_meta("failing_refunds", str(told.get("count", 1)))
        return {"count": told.get("count", 1)}
    key, verb = _pair(steps)
    if verb not in REFUND_VERBS:
        raise Refused(f"no such verb: {verb}; one of {', '.join(REFUND_VERBS)}", 404)
    with db.transaction():
        record = _found("refund", key)
        REFUND_VERBS[verb](record)
    return record.body


def _charges(steps: list[str], told: Body) -> Body:
    key, verb = _pair(steps)
    if verb not in ("dispute", "warn"):
        raise Refused(f"no such verb: {verb}", 404)
    with db.transaction():
        if verb == "warn":
            return disputes.warn(_found("charge", key)).body
        return disputes.start(_found("charge", key), told.get("reason", "fraudulent")).body


def _disputes(steps: list[str], told: Body) -> Body:
    del told
    key, verb = _pair(steps)
    if verb not in ("win", "lose", "prevent"):
        raise Refused(f"no such verb: {verb}; one of win, lose, prevent", 404)
    with db.transaction():
        record = _found("dispute", key)
        if verb == "prevent":
            disputes.prevent(record)
        else:
            disputes.finish(record, won=verb == "win")
    return record.body


def _subscriptions(steps: list[str], told: Body) -> Body:
    key, verb = _pair(steps)
    if verb not in ("card", "renew", "jam"):
        raise Refused(f"no such verb: {verb}; one of card, renew, jam", 404)
    record = _found("subscription", key)
    if verb == "jam":
        with db.transaction():
            record.private["jammed"] = True
            db.save(record)
    elif verb == "renew":
        end = renewing.items(record)[0]["current_period_end"]
        _clock([], {"set": end + renewing.DRAFT_FOR})
    else:
        with db.transaction():
            renewing.new_card(record, checkout.card_method(str(told["card"]).replace(" ", "")))
    return _found("subscription", key).body


def _dunning(steps: list[str], told: Body) -> Body:
    del steps
    if set(told) - {"retries", "then"} or told.get("then", "canceled") not in renewing.AFTERWARDS:
        raise Refused(f"say retries, and then: one of {', '.join(renewing.AFTERWARDS)}")
    with db.transaction():
        db.set_meta("dunning", json.dumps(told))
    return renewing.dunning()


def _get_requests(steps: list[str], told: Body) -> Body:
    del steps, told
    return {"data": list(api.seen)}


def _clear_requests(steps: list[str], told: Body) -> Body:
    del steps, told
    api.seen.clear()
    return {"data": []}


def _reset(steps: list[str], told: Body) -> Body:
    del steps
    with db.transaction():
        kept = db.select("webhook_endpoint") if told.get("keep_endpoints") else []
        db.wipe()
        for record in kept:
            db.add(record.body, record.private)
    faults.clear()
    delivery_rules.clear()
    api.seen.clear()
    return {"kept": [record.id for record in kept]}


ACTIONS: dict[str, Callable[[list[str], Any], Body]] = {
    "POST sessions": _session,
    "GET clock": _clock,
    "POST clock": _clock,
    "GET deliveries": _get_deliveries,
    "POST deliveries": _deliveries,
    "POST events": _events,
    "GET faults": _get_faults,
    "POST faults": _add_fault,
    "DELETE faults": _clear_faults,
    "POST refunds": _refunds,
    "POST charges": _charges,
    "POST disputes": _disputes,
    "POST dunning": _dunning,
    "POST subscriptions": _subscriptions,
    "GET requests": _get_requests,
    "DELETE requests": _clear_requests,
    "POST reset": _reset,
}
