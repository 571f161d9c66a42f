"""The view behind every ``/v1`` address: key, version, fault, idempotency, effect, answer."""

import base64
import binascii
import json
import logging
from collections import deque
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from sandbox import expand, faults, form, heard, idempotency, options, routes, validate
from sandbox.call import API_VERSION, Call, current
from sandbox.cut import CutLine
from sandbox.errors import StripeError, unrecognized
from sandbox.faults import Fault
from sandbox.idempotency import Answer
from sandbox.resources import account
from sandbox.store import db, new_id

log = logging.getLogger("sandbox.api")
# The last requests, newest last, for tests that count them.
seen: deque[dict[str, Any]] = deque(maxlen=2000)


@dataclass
class Asked:
    """What came in, before anything is believed."""

    method: str
    path: str
    request_id: str
    key: str
    origin: str
    sent: form.Tree


def view(request: HttpRequest) -> HttpResponse:
    request_id = new_id("req", 14)
    fault: Fault | None = None
    asked: Asked | None = None
    try:
        _authenticate(request)
        account.check(request.headers.get("Stripe-Account", account.ACCOUNT_ID))
        _check_version(request)
        asked = _read(request, request_id)
        fault = faults.take(asked.method, asked.path)
        answer, replayed = _answer(asked, fault)
    except StripeError as error:
        answer, replayed = _refusal(error, request_id), False
    except CutLine:
        _note(request, asked, Answer(0, "", request_id), replayed=False)
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        answer, replayed = _broken(request_id), False
    _note(request, asked, answer, replayed=replayed)
    if fault is not None and fault.when == "after" and fault.kind in ("timeout", "reset"):
        _cut(fault)
    return _respond(request, request_id, answer, replayed=replayed)


def _authenticate(request: HttpRequest) -> None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    key = value.strip()
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(key).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    if not key:
        raise StripeError(
            "You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY').",
            status=401,
        )
    if key == options.publishable_key:
        raise StripeError(
            "This API call cannot be made with a publishable API key. Please use a secret API key.",
            code="secret_key_required",
            status=401,
        )
    if key != options.secret_key:
        hidden = f"{key[:8]}{'*' * max(len(key) - 12, 3)}{key[-4:]}"
        raise StripeError(f"Invalid API Key provided: {hidden}", status=401)


def _check_version(request: HttpRequest) -> None:
    version = request.headers.get("Stripe-Version", API_VERSION)
    if version != API_VERSION:
        raise StripeError(f"Invalid Stripe API version: {version}. This stand-in speaks {API_VERSION} only.")


def _read(request: HttpRequest, request_id: str) -> Asked:
    method = request.method or "GET"
    sent = form.decode(request.META.get("QUERY_STRING", ""))
    if method == "POST" and _body(request):
        if request.content_type not in ("", form.FORM):
            raise StripeError(
                "Invalid request (check that your POST content type is "
                f"{form.FORM}). If you have any questions, we can help at "
                "https://support.stripe.com/."
            )
        sent |= form.decode(_body(request))
    key = request.headers.get("Idempotency-Key", "") if method == "POST" else ""
    origin = f"{request.scheme}://{request.get_host()}"
    return Asked(method, request.path, request_id, key, origin, sent)


def _body(request: HttpRequest) -> str:
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        raise StripeError("Invalid request: the parameters are not valid UTF-8.") from None
    except RequestDataTooBig:
        raise StripeError("Request body too large.", status=413) from None


def _answer(asked: Asked, fault: Fault | None) -> tuple[Answer, bool]:
    """The answer, and whether it is one that was given before."""
    if fault is not None and fault.when == "before" and fault.kind != "slow":
        _fail_before(fault)
    if not asked.key:
        return _work(asked, fault), False
    request = f"{asked.method} {asked.path}"
    saved = idempotency.begin(asked.key, request, asked.sent)
    if saved is not None:
        return saved, True
    try:
        return _work(asked, fault), False
    finally:
        idempotency.finish(asked.key)


def _work(asked: Asked, fault: Fault | None) -> Answer:
    if fault is not None and fault.kind == "slow":
        faults.sleep(fault)
    operation, ids = routes.find(asked.method, asked.path)
    if operation is None:
        raise unrecognized(asked.method, asked.path)
    call = Call({}, asked.path, ids, asked.request_id, asked.key or None, asked.origin)
    token = current.set(call)
    try:
        with db.transaction():
            try:
                sent = validate.check(asked.method, operation.template, operation.params, asked.sent)
                wanted = sent.pop("expand", [])
                call.params = heard.Heard(sent)
                body = expand.apply(operation.handler(call), wanted)
                heard.refuse_ignored(call.params)
                answer = Answer(200, json.dumps(body, indent=2), asked.request_id)
            except StripeError as error:
                if not error.keep:
                    raise
                answer = _refusal(error, asked.request_id)
            told = _told(fault, answer)
            if asked.key and (told is answer or (fault is not None and fault.saved)):
                _save(asked, told)
            elif asked.key and fault is not None:
                _save(asked, answer)
    finally:
        current.reset(token)
    return told


def _told(fault: Fault | None, answer: Answer) -> Answer:
    """What the client hears: a fault after the effect hides the true answer."""
    refusal = _fault_refusal(fault) if fault is not None and fault.when == "after" else None
    return _refusal(refusal, answer.made_by) if refusal else answer


def _save(asked: Asked, answer: Answer) -> None:
    idempotency.save(asked.key, f"{asked.method} {asked.path}", asked.sent, answer)


def _fail_before(fault: Fault) -> None:
    """A fault that strikes before the endpoint begins: nothing happens, nothing is remembered."""
    refusal = _fault_refusal(fault)
    if refusal is not None:
        raise refusal
    _cut(fault)


def _fault_refusal(fault: Fault) -> StripeError | None:
    """What the client is told of a fault; nothing of one that keeps silent."""
    match fault.kind:
        case "error":
            return StripeError("An unknown error occurred", status=fault.status, kind="api_error")
        case "rate_limit":
            return StripeError(
                "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
                code="rate_limit",
                status=429,
            )
    return None


def _cut(fault: Fault) -> None:
    if fault.kind == "timeout":
        faults.sleep(fault)
    raise CutLine


def _refusal(error: StripeError, request_id: str) -> Answer:
    return Answer(error.status, json.dumps({"error": error.body}, indent=2), request_id)


def _broken(request_id: str) -> Answer:
    return _refusal(StripeError("An unknown error occurred", status=500, kind="api_error"), request_id)


def _note(request: HttpRequest, asked: Asked | None, answer: Answer, *, replayed: bool) -> None:
    seen.append(
        {
            "method": request.method,
            "path": request.path,
            "params": asked.sent if asked else {},
            "idempotency_key": asked.key if asked else "",
            "status": answer.status,
            "replayed": replayed,
            "request_id": answer.made_by,
            "at": db.now(),
        }
    )


def _respond(request: HttpRequest, request_id: str, answer: Answer, *, replayed: bool) -> HttpResponse:
    response = HttpResponse(answer.text, status=answer.status, content_type="application/json")
    response["Request-Id"] = request_id
    response["Stripe-Version"] = API_VERSION
    response["Cache-Control"] = "no-cache, no-store"
    key = request.headers.get("Idempotency-Key")
    if key and request.method == "POST":
        response["Idempotency-Key"] = key
    if replayed:
        response["Idempotent-Replayed"] = "true"
        response["Original-Request"] = answer.made_by
    if answer.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Stripe"'
    if answer.status == 429:
        response["Stripe-Rate-Limited-Reason"] = "global-rate"
    return response


def nowhere(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer for an address outside ``/v1``."""
    del exception
    request_id = new_id("req", 14)
    error = unrecognized(request.method or "GET", request.path)
    return _respond(request, request_id, _refusal(error, request_id), replayed=False)
