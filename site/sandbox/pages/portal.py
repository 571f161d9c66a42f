"""The billing portal's page: another card, the end at the end of the period or not after all, invoices."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render

from sandbox import cards, money
from sandbox.events import changed
from sandbox.pages import reading, showing, views, words
from sandbox.resources import changing, customers, portal, renewing
from sandbox.store import Body, Record, db

CARD = ("card_number", "expiry", "cvc")
PASSES_THE_DOOR = "4000000000000341"
"""Refused when it is to pay, not when it is given."""


def page(request: HttpRequest, address: str) -> HttpResponseBase:
    with db.transaction():
        session = portal.at(address)
        typed: reading.Form | None = None
        alert = done = ""
        if session is not None and request.method == "POST":
            typed, alert, done = _act(session, request.POST.dict())
            db.save(session)
        if done and session is not None and (url := _afterwards(session)):
            return _secured(HttpResponseRedirect(url), session)
        return _show(request, session, typed, alert, done)


def _afterwards(session: Record) -> str:
    """Where a flow leads when it is done."""
    ending = (session.body["flow"] or {}).get("after_completion") or {}
    return str((ending.get("redirect") or {}).get("return_url", ""))


def _act(session: Record, sent: dict[str, str]) -> tuple[reading.Form | None, str, str]:
    """Does what was pressed: the form to show again, what went wrong, what was done."""
    verb = sent.get("verb", "")
    features = portal.features(session)
    if verb in ("prove", "refuse"):
        return None, *_prove(session, passed=verb == "prove")
    if verb == "card" and features["payment_method_update"]["enabled"]:
        return _card(session, sent)
    if verb == "pay":
        return None, *_pay(session, sent.get("invoice", ""))
    if verb in ("cancel", "resume") and features["subscription_cancel"]["enabled"]:
        return None, "", _end(session, sent.get("subscription", ""), verb)
    return None, "", ""


def _card(session: Record, sent: dict[str, str]) -> tuple[reading.Form | None, str, str]:
    form = reading.Form({}, sent)
    method = reading.card(form)
    if method is None:
        return form, "retry", ""
    card = cards.CARDS[method.private["number"]]
    if card.refusal and card.number != PASSES_THE_DOOR:
        return form, card.code if card.code in views.REFUSALS else "declined", ""
    if card.challenge:
        session.private["waiting"] = {"method": method.id}
        return None, "", ""
    _keep(session, method)
    return None, "", "portal_card_kept"


def _keep(session: Record, method: Record) -> None:
    """The card is the customer's from now on, in all that runs; what is open is tried with it."""
    customer = db.get(session.body["customer"])
    if customer is None or customer.deleted:
        return
    customers.attach_to(method, customer)
    settings = customer.body["invoice_settings"] | {"default_payment_method": method.id}
    changed("customer.updated", customer, invoice_settings=settings)
    for record in subscriptions(session):
        renewing.new_card(record, method)


def _pay(session: Record, key: str) -> tuple[str, str]:
    invoice = next((one for one in invoices(session) if one.id == key and one.body["status"] == "open"), None)
    if invoice is None:
        return "", ""
    result = renewing.charge(invoice)
    if result == "requires_action":
        session.private["waiting"] = {"invoice": invoice.id}
        return "", ""
    return ("declined", "") if result == "declined" else ("", "done")


def _prove(session: Record, *, passed: bool) -> tuple[str, str]:
    """The end of the bank's challenge, for a card or for an invoice."""
    waiting = session.private.pop("waiting", {})
    if not waiting:
        return "", ""
    if not passed:
        return "not_proved", ""
    method = db.get(waiting.get("method", ""))
    if method is not None:
        _keep(session, method)
        return "", "portal_card_kept"
    invoice = db.get(waiting["invoice"])
    if invoice is None or invoice.body["status"] != "open":
        return "", ""
    return ("declined", "") if renewing.charge(invoice, proved=True) == "declined" else ("", "done")


def _end(session: Record, key: str, verb: str) -> str:
    record = next((one for one in subscriptions(session) if one.id == key), None)
    if record is None:
        return ""
    if verb == "cancel" and portal.features(session)["subscription_cancel"]["mode"] == "immediately":
        renewing.finish(record, "cancellation_requested")
        return "portal_ended"
    values = changing.ending(record, wanted=verb == "cancel")
    changed("customer.subscription.updated", record, **values)
    return "portal_ends" if verb == "cancel" else "portal_goes_on"


def subscriptions(session: Record) -> list[Record]:
    """The customer's running subscriptions."""
    where = "AND json_extract(body, '$.customer') = ? ORDER BY seq"
    found = db.select("subscription", where, (session.body["customer"],))
    return [one for one in found if one.body["status"] not in (*renewing.OVER, "incomplete")]


def invoices(session: Record) -> list[Record]:
    """The customer's invoices, newest first; no drafts."""
    where = "AND json_extract(body, '$.customer') = ? ORDER BY seq DESC LIMIT 24"
    found = db.select("invoice", where, (session.body["customer"],))
    return [one for one in found if one.body["status"] not in ("draft", "void")]


def _show(
    request: HttpRequest, session: Record | None, typed: reading.Form | None, alert: str, done: str
) -> HttpResponseBase:
    lang = words.language(request, session.body if session else None)
    said = words.of(lang)
    context: Body = {"said": said, "lang": lang, "embedded": False, "session": None, "portal": True}
    context |= {"alert": said[alert] if alert else "", "done": said[done] if done else ""}
    if session is None:
        response = render(request, "sandbox/end.html", context | {"state": "nowhere"}, status=404)
        return _secured(response, None)
    if "waiting" in session.private:
        return _secured(render(request, "sandbox/challenge.html", context | {"state": "challenge"}), session)
    context |= {"state": "portal", **_shown(session, typed, said, lang)}
    return _secured(render(request, "sandbox/portal.html", context), session)


def _shown(session: Record, typed: reading.Form | None, said: dict[str, str], lang: str) -> Body:
    features = portal.features(session)
    flow = (session.body["flow"] or {}).get("type", "")
    fields = showing.fields(typed, said)
    rows = [_row(one, said, lang) for one in subscriptions(session)]
    return {
        "back": session.body["return_url"],
        "subscriptions": rows if flow != "payment_method_update" else [],
        "card": next((row["card"] for row in rows if row["card"]), ""),
        "fields": [fields[name] for name in CARD],
        "gives_card": features["payment_method_update"]["enabled"] and flow != "subscription_cancel",
        "may_end": features["subscription_cancel"]["enabled"],
        "invoices": [_bill(one, said, lang) for one in invoices(session)]
        if features["invoice_history"]["enabled"] and not flow
        else [],
    }


def _row(record: Record, said: dict[str, str], lang: str) -> Body:
    item = renewing.items(record)[0]
    product = db.get(item["price"]["product"])
    method = renewing.method_of(record)
    rhythm = said[f"portal_{item['price']['recurring']['interval']}"]
    amount = money.words((item["price"]["unit_amount"] or 0) * item["quantity"], record.body["currency"], lang)
    return {
        "id": record.id,
        "title": product.body.get("name", "") if product else "",
        "amount": f"{amount} / {rhythm}",
        "late": record.body["status"] in ("past_due", "unpaid"),
        "ends": record.body["cancel_at_period_end"],
        "until": _day(item["current_period_end"]),
        "card": f"{said['card']} •••• {method.body['card']['last4']}" if method and "card" in method.body else "",
    }


def _bill(record: Record, said: dict[str, str], lang: str) -> Body:
    body = record.body
    return {
        "id": record.id,
        "number": body["number"],
        "day": _day(body["created"]),
        "amount": money.words(body["total"], body["currency"], lang),
        "state": said[f"portal_{body['status']}"],
        "open": body["status"] == "open",
    }


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d/%m/%Y")


def _secured(response: HttpResponseBase, session: Record | None) -> HttpResponseBase:
    """The payment pages' policy; a flow's end may lead back to the shop."""
    urls = {"success_url": _afterwards(session), "cancel_url": session.body["return_url"]} if session else None
    made = views.secured(response, urls)
    made["X-Frame-Options"] = "DENY"
    return made
