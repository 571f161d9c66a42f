"""PaymentIntents: made by us for a session or by the caller, confirmed, captured, cancelled."""

from typing import Literal

from sandbox import cards, listing, money, options
from sandbox.call import Call, asked, merge_metadata, metadata, referred
from sandbox.cards import Card
from sandbox.errors import StripeError
from sandbox.events import changed, emit
from sandbox.resources import charges, customers
from sandbox.store import Body, Record, db, new_id

type Result = Literal["succeeded", "requires_action", "processing", "requires_capture", "declined"]

UNPROVED = Card("", refusal="authentication_required:authentication_required")
CONFIRMABLE = ("requires_payment_method", "requires_confirmation")
ONLY_CONFIRMING = ("error_on_requires_action", "off_session", "return_url")
METHODS = ("card", "sepa_debit")
PLAIN = (
    "amount",
    "capture_method",
    "currency",
    "customer",
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)
CANCELABLE = (*CONFIRMABLE, "requires_action", "requires_capture", "processing")
ASYNC_SETTLES_AFTER = 30


def make(sent: Body) -> Record:
    """A PaymentIntent that waits for a payment method."""
    key = new_id("pi_3")
    excluded = sent.get("excluded_payment_method_types") or []
    allowed = sent.get("allowed_payment_method_types") or METHODS
    kinds = [
        kind
        for kind in METHODS
        if kind in allowed and kind not in excluded and (kind == "card" or sent["currency"] == "eur")
    ]
    if not kinds:
        raise no_methods("allowed_payment_method_types" if not excluded else "excluded_payment_method_types")
    body = {
        "id": key,
        "object": "payment_intent",
        "allowed_payment_method_types": sent.get("allowed_payment_method_types"),
        "amount": sent["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True}
        | sent.get("automatic_payment_methods", {}),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": sent.get("capture_method", "automatic_async"),
        "client_secret": f"{key}_{new_id('secret', 25)}",
        "confirmation_method": sent.get("confirmation_method", "automatic"),
        "created": db.now(),
        "currency": sent["currency"],
        "customer": sent.get("customer"),
        "customer_account": None,
        "description": sent.get("description"),
        "excluded_payment_method_types": sent.get("excluded_payment_method_types"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": metadata(sent),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": _three_d_secure(sent)}},
        "payment_method_types": kinds,
        "processing": None,
        "receipt_email": sent.get("receipt_email"),
        "review": None,
        "setup_future_usage": sent.get("setup_future_usage"),
        "shipping": customers.shipping(sent.get("shipping") or None),
        "source": None,
        "statement_descriptor": sent.get("statement_descriptor"),
        "statement_descriptor_suffix": sent.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": sent.get("transfer_group"),
    }
    record = db.add(body)
    emit("payment_intent.created", body)
    return record


def no_methods(param: str) -> StripeError:
    """Nothing is left to pay with."""
    return StripeError(
        "No valid payment method types for this request. Please ensure that you have activated payment methods "
        "compatible with your chosen currency in your dashboard.",
        param=param,
    )


def _three_d_secure(sent: Body) -> str:
    card = sent.get("payment_method_options", {}).get("card", {})
    return str(card.get("request_three_d_secure", "automatic"))


def pay(intent: Record, method: Record, *, authenticated: bool = False) -> Result:
    """Tries to take the money. A refusal is a result here; the API turns it into an error."""
    intent.body |= {"payment_method": method.id, "next_action": None, "last_payment_error": None}
    if method.body["type"] == "sepa_debit":
        return _process(intent, method)
    card = cards.CARDS[method.private["number"]]
    trusted = method.private.get("trusted") and not card.always
    if card.challenge and not authenticated and not trusted:
        intent.body["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
        changed("payment_intent.requires_action", intent, status="requires_action")
        return "requires_action"
    if card.refusal:
        return decline(intent, method, card)
    charge = charges.make(intent.body, method, "succeeded", authenticated=authenticated)
    charge.private["fate"] = card.fate
    intent.body["latest_charge"] = charge.id
    if intent.body["capture_method"] == "manual":
        charges.authorize(charge)
        amount = intent.body["amount"]
        changed(
            "payment_intent.amount_capturable_updated",
            intent,
            status="requires_capture",
            amount_capturable=amount,
        )
        return "requires_capture"
    settle(intent, charge, intent.body["amount"])
    return "succeeded"


def settle(intent: Record, charge: Record, amount: int) -> None:
    """The money is there."""
    charges.capture(charge, amount)
    changed(
        "payment_intent.succeeded",
        intent,
        status="succeeded",
        amount_received=amount,
        amount_capturable=0,
    )


def _process(intent: Record, method: Record) -> Result:
    charge = charges.make(intent.body, method, "pending")
    emit("charge.pending", charge.body)
    changed("payment_intent.processing", intent, status="processing", latest_charge=charge.id)
    return "processing"


def decline(intent: Record, method: Record, card: Card) -> Result:
    charge = charges.make(intent.body, method, "failed", card)
    emit("charge.failed", charge.body)
    intent.body["latest_charge"] = charge.id
    intent.body["last_payment_error"] = error(card, charge.id, method.body)
    intent.body["payment_method"] = None
    changed("payment_intent.payment_failed", intent, status="requires_payment_method")
    return "declined"


def error(card: Card, charge: str, method: Body) -> Body:
    """What went wrong, in the shape of an API error."""
    body = {
        "charge": charge,
        "code": card.code,
        "doc_url": f"https://docs.stripe.com/error-codes#{card.code.replace('_', '-')}",
        "message": cards.message(card),
        "payment_method": method,
        "type": "card_error",
    }
    return body | ({"decline_code": card.decline_code} if card.decline_code else {})


def fail_authentication(intent: Record) -> None:
    """The bank's challenge was not passed."""
    method = db.get(intent.body["payment_method"] or "")
    code = "payment_intent_authentication_failure"
    intent.body["last_payment_error"] = {
        "code": code,
        "doc_url": f"https://docs.stripe.com/error-codes#{code.replace('_', '-')}",
        "message": "We are unable to authenticate your payment method. Please choose a different "
        "payment method and try again.",
        "type": "invalid_request_error",
    } | ({"payment_method": method.body} if method else {})
    intent.body |= {"payment_method": None, "next_action": None}
    changed("payment_intent.payment_failed", intent, status="requires_payment_method")


def create(call: Call) -> Body:
    sent = call.params
    _check(sent)
    _check_confirming(sent)
    if "customer" in sent:
        referred("customer", sent["customer"], "customer")
    record = make(sent)
    if "payment_method" in sent:
        method = customers.method(sent["payment_method"], "payment_method")
        record.body |= {"payment_method": method.id, "status": "requires_confirmation"}
        db.save(record)
    return _confirm(record, call) if sent.get("confirm") else record.body


def _check_confirming(sent: Body) -> None:
    """What only a confirmation can use."""
    if sent.get("confirm"):
        return
    for name in ONLY_CONFIRMING:
        if name in sent:
            raise StripeError(f"`{name}` can only be used with `confirm: true`.", param=name)


def _check(sent: Body) -> None:
    if sent["amount"] < 1:
        raise StripeError(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount"
        )
    least = money.smallest(sent["currency"])
    if sent["amount"] < least:
        raise StripeError(
            f"Amount must be at least {money.words(least, sent['currency'])}",
            code="amount_too_small",
            param="amount",
        )
    if sent["amount"] > money.LARGEST:
        raise StripeError("Amount must be no more than 99999999", code="amount_too_large", param="amount")


def confirm(call: Call) -> Body:
    return _confirm(_asked(call, "confirm", CONFIRMABLE), call)


def _confirm(record: Record, call: Call) -> Body:
    key = call.params.get("payment_method") or record.body["payment_method"]
    if not key:
        raise StripeError(
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the PaymentIntent with a payment method and then confirm it again, or "
            "confirm it again directly with a payment method or ConfirmationToken.",
            code="payment_intent_unexpected_state",
            payment_intent=record.body,
        )
    record.body |= call.given("receipt_email", "setup_future_usage", "capture_method")
    if "payment_method_options" in call.params:
        record.body["payment_method_options"] = {"card": {"request_three_d_secure": _three_d_secure(call.params)}}
    if "shipping" in call.params:
        record.body["shipping"] = customers.shipping(call.params["shipping"] or None)
    method = customers.method(key, "payment_method")
    _check_owner(record, method)
    result = pay(record, method)
    unattended = [call.params.get(name) for name in ("error_on_requires_action", "off_session")]
    if result == "requires_action" and any(unattended):
        record.body["next_action"] = None
        result = decline(record, method, UNPROVED)
    if result == "declined":
        refusal = dict(record.body["last_payment_error"], payment_intent=record.body)
        message, kind = refusal.pop("message"), refusal.pop("type")
        raise StripeError(message, status=402, kind=kind, **refusal)
    return_url, by_script = call.params.get("return_url"), call.params.get("use_stripe_sdk")
    if result == "requires_action" and return_url and not by_script:
        url = f"{options.origin}/3ds/{record.id}"
        record.private["return_url"] = return_url
        redirect = {"return_url": return_url, "url": url}
        record.body["next_action"] = {"redirect_to_url": redirect, "type": "redirect_to_url"}
        db.save(record)
    if result in ("succeeded", "requires_capture"):
        keep_method(record, method)
    return record.body


def _check_owner(intent: Record, method: Record) -> None:
    owner = method.body["customer"]
    if owner is not None and owner != intent.body["customer"]:
        raise StripeError(
            f"The PaymentMethod {method.id} belongs to a Customer. Please include the Customer in "
            "the `customer` parameter on the PaymentIntent.",
            param="payment_method",
        )


def keep_method(intent: Record, method: Record, redisplay: str = "", *, wanted: bool = False) -> None:
    """Saves a payment method with its customer where the intent, or the buyer, says so."""
    customer = db.get(intent.body["customer"] or "")
    if customer is None or not (intent.body["setup_future_usage"] or wanted):
        return
    method.body["allow_redisplay"] = redisplay or "limited"
    method.private["trusted"] = True
    db.save(method)
    customers.attach_to(method, customer)


def capture(call: Call) -> Body:
    record = _asked(call, "capture", ("requires_capture",))
    most = record.body["amount_capturable"]
    amount = int(call.params.get("amount_to_capture", most) or 0)
    if call.params.get("final_capture") is False:
        raise StripeError("The stand-in has no captures in several parts.", param="final_capture")
    if not 0 < amount <= most:
        raise StripeError(f"The amount_to_capture must be at most {most}.", param="amount_to_capture")
    record.body |= call.given("statement_descriptor", "statement_descriptor_suffix")
    merge_metadata(record.body, call.params.get("metadata"))
    settle(record, referred("charge", record.body["latest_charge"], "charge"), amount)
    sessions_paid(record)
    return record.body


def sessions_paid(intent: Record) -> None:
    """The session behind a payment that was captured later counts as paid now."""
    where = "AND json_extract(body, '$.payment_intent') = ?"
    for session in db.select("checkout.session", where, (intent.id,)):
        session.body["payment_status"] = "paid"
        db.save(session)


def cancel(call: Call) -> Body:
    record = _asked(call, "cancel", CANCELABLE)
    cancel_now(record, call.params.get("cancellation_reason"))
    return record.body


def cancel_now(record: Record, reason: str | None) -> None:
    if record.body["status"] == "requires_capture":
        charges.release(referred("charge", record.body["latest_charge"], "charge"))
    values = {"status": "canceled", "canceled_at": db.now(), "cancellation_reason": reason}
    changed("payment_intent.canceled", record, **values, amount_capturable=0, next_action=None)


def _asked(call: Call, verb: str, states: tuple[str, ...]) -> Record:
    record = asked(call, "payment_intent")
    if record.body["status"] not in states:
        named = states[0] if len(states) == 1 else f"{', '.join(states[:-1])}, or {states[-1]}"
        raise StripeError(
            f"You cannot {verb} this PaymentIntent because it has a status of "
            f"{record.body['status']}. Only a PaymentIntent with one of the following statuses may "
            f"be {verb}{'l' if verb == 'cancel' else ''}{'d' if verb.endswith('e') else 'ed'}: "
            f"{named}.",
            code="payment_intent_unexpected_state",
            payment_intent=record.body,
        )
    return record


def retrieve(call: Call) -> Body:
    return asked(call, "payment_intent").body


def update(call: Call) -> Body:
    record = asked(call, "payment_intent")
    final = record.body["status"] in ("succeeded", "canceled", "processing")
    if final and any(name in call.params for name in ("amount", "currency", "payment_method")):
        raise StripeError(
            f"This PaymentIntent's amount could not be updated because it has a status of {record.body['status']}.",
            code="payment_intent_unexpected_state",
            payment_intent=record.body,
        )
    if "customer" in call.params:
        referred("customer", call.params["customer"], "customer")
    values = call.given(*PLAIN)
    if "payment_method_options" in call.params:
        values["payment_method_options"] = {"card": {"request_three_d_secure": _three_d_secure(call.params)}}
    if "amount" in values:
        _check({"currency": record.body["currency"], **values})
    if "shipping" in call.params:
        values["shipping"] = customers.shipping(call.params["shipping"] or None)
    if "payment_method" in call.params:
        method = customers.method(call.params["payment_method"], "payment_method")
        values |= {"payment_method": method.id, "status": "requires_confirmation"}
    merge_metadata(record.body, call.params.get("metadata"))
    record.body |= values
    db.save(record)
    return record.body


def listed(call: Call) -> Body:
    return listing.answer(call, "payment_intent", {"customer": "$.customer"})
