"""The payment pages: hosted (works without JavaScript), embedded in a shop's frame, the bank's."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from sandbox import checkout
from sandbox.errors import StripeError
from sandbox.pages import reading, showing, words
from sandbox.resources import discounts, intents, session_lines, session_shipping, sessions
from sandbox.store import Body, Record, db

SECRET = "_secret_"  # noqa: S105 a separator, not a secret
REFUSALS = ("insufficient_funds", "expired_card", "incorrect_cvc", "processing_error")


def root(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse("A local stand-in of Stripe's API.\n", content_type="text/plain")


def hosted(request: HttpRequest, key: str) -> HttpResponseBase:
    session = _session(key, "hosted_page")
    return _answer(request, session, embedded=False)


def embedded(request: HttpRequest, secret: str) -> HttpResponseBase:
    session = _session(secret.partition(SECRET)[0], "embedded_page")
    if session is not None and session.body["client_secret"] != secret:
        session = None
    return _answer(request, session, embedded=True)


def _session(key: str, ui_mode: str) -> Record | None:
    with db.transaction():
        session = db.get(key)
        if session is None or session.body.get("ui_mode") != ui_mode:
            return None
        return sessions.fresh(session)


def _answer(request: HttpRequest, session: Record | None, *, embedded: bool) -> HttpResponseBase:
    if session is not None and "state" in request.GET:
        return JsonResponse({"status": session.body["status"]})
    typed: reading.Form | None = None
    alert = ""
    if session is not None and request.method == "POST":
        with db.transaction():
            session = db.get(session.id) or session
            typed, alert = _act(session, request.POST.dict())
            db.save(session)
    return _show(request, session, typed, alert, embedded=embedded)


def _act(session: Record, sent: dict[str, str]) -> tuple[reading.Form | None, str]:
    """Does what the buyer pressed; the form to show again, and what to say above it."""
    if sessions.fresh(session).body["status"] != "open":
        return None, ""
    verb = sent.get("verb", "pay")
    if verb in ("prove", "refuse"):
        result = checkout.prove(session, passed=verb == "prove")
        return None, _why(session) if result == "declined" else ""
    typed, buyer = reading.read(session.body, sent)
    if _chose_another_rate(session, sent.get("rate", "")):
        return typed, ""
    if verb == "promo" or (verb == "pay" and sent.get("promo", "").strip()):
        typed.errors = _promo(session, sent.get("promo", ""))
        return typed, ""
    free = not session.body["amount_total"] and session.body["mode"] == "payment"
    method = None if free else reading.means(typed)
    if typed.errors or (method is None and not free):
        return typed, "retry"
    result = checkout.pay(session, method, buyer)
    return typed, _why(session) if result == "declined" else ""


def _chose_another_rate(session: Record, rate: str) -> bool:
    """Takes the chosen shipping; True when the total is another now and must be seen first."""
    before = session.body["amount_total"]
    if rate.isdigit():
        session_shipping.choose(session, int(rate))
        session_lines.sum_up(session)
    return bool(session.body["amount_total"] != before)


def _promo(session: Record, code: str) -> dict[str, str]:
    found = discounts.find_code(code.strip())
    try:
        if found is None:
            return {"promo": "bad_promo"}
        sessions.use_discount(session, {"promotion_code": found.id}, "discounts[0]")
    except StripeError:
        return {"promo": "bad_promo"}
    session_lines.sum_up(session)
    return {}


def _why(session: Record) -> str:
    """The word for the last refusal of the session's payment."""
    intent = db.get(session.private.get("intent", ""))
    error = (intent.body["last_payment_error"] if intent else None) or {}
    if error.get("code") == "payment_intent_authentication_failure":
        return "not_proved"
    for reason in (error.get("decline_code"), error.get("code")):
        if reason in REFUSALS:
            return str(reason)
    return "declined"


def _show(
    request: HttpRequest,
    session: Record | None,
    typed: reading.Form | None,
    alert: str,
    *,
    embedded: bool,
) -> HttpResponseBase:
    body = session.body if session else None
    lang = words.language(request, body)
    said = words.of(lang)
    state = _state(session)
    if body and state == "complete" and not embedded:
        return secured(HttpResponseRedirect(_filled(body["success_url"], body["id"])), body)
    context: Body = {
        "said": said,
        "lang": lang,
        "state": state,
        "embedded": embedded,
        "session": body,
        "alert": said[alert] if alert else "",
    }
    if session is not None and body is not None:
        context |= showing.page(session, typed, said, lang)
        context["redirect"] = _redirect(body) if state == "complete" else ""
    page = render(request, f"sandbox/{_template(state)}.html", context)
    page.status_code = 404 if session is None else 200
    return secured(page, body)


def _state(session: Record | None) -> str:
    if session is None:
        return "nowhere"
    if session.body["status"] == "open":
        return "challenge" if "waiting" in session.private else "open"
    if session.body["status"] == "complete" and session.body["payment_status"] == "unpaid":
        return "complete"
    return str(session.body["status"])


def _template(state: str) -> str:
    return {"open": "pay", "challenge": "challenge"}.get(state, "end")


def _redirect(session: Body) -> str:
    """Where the shop's page goes now; nowhere when its own script takes over."""
    if session.get("redirect_on_completion", "always") != "always":
        return ""
    return _filled(session.get("return_url") or "", session["id"])


def _filled(url: str, key: str) -> str:
    return url.replace("{CHECKOUT_SESSION_ID}", key)


def secured(response: HttpResponseBase, session: Body | None) -> HttpResponseBase:
    """A strict policy that still lets any shop frame the page and the form lead back to it."""
    targets = {"'self'"}
    for name in ("success_url", "cancel_url"):
        url = (session or {}).get(name)
        if url:
            targets.add("{0.scheme}://{0.netloc}".format(urlsplit(url)))
    response["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src 'self'; base-uri 'none'; form-action {' '.join(sorted(targets))}"
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def challenge(request: HttpRequest, key: str) -> HttpResponseBase:
    """The bank's page for a PaymentIntent that a shop confirmed by itself."""
    with db.transaction():
        intent = db.get(key)
        waits = intent is not None and intent.body.get("status") == "requires_action"
        if intent is None or not waits:
            return _show(request, None, None, "", embedded=False)
        if request.method == "POST":
            return _decide(intent, passed=b"verb=prove" in request.body)
    lang = words.language(request, None)
    context = {"said": words.of(lang), "lang": lang, "state": "challenge", "embedded": False}
    url = intent.private.get("return_url")
    return secured(render(request, "sandbox/challenge.html", context), {"success_url": url})


def _decide(intent: Record, *, passed: bool) -> HttpResponseBase:
    method = db.get(intent.body["payment_method"])
    if passed and method is not None:
        if intents.pay(intent, method, authenticated=True) != "declined":
            intents.keep_method(intent, method)
    else:
        intents.fail_authentication(intent)
    url = intent.private.get("return_url", "/")
    join = "&" if "?" in url else "?"
    secret = intent.body["client_secret"]
    status = "succeeded" if intent.body["status"] in ("succeeded", "requires_capture") else "failed"
    told = f"payment_intent={intent.id}&payment_intent_client_secret={secret}&redirect_status={status}"
    target = f"{url}{join}{told}"
    return secured(HttpResponseRedirect(target), {"success_url": url})
