"""What a buyer does to a checkout session: pays, fails, proves, waits. The only writer of
``complete``. Pages and the control plane call it; each call is one transaction."""

import copy
from dataclasses import asdict, dataclass, field
from typing import Literal

from sandbox import cards
from sandbox.events import changed, emit
from sandbox.resources import charges, customers, discounts, intents, sessions
from sandbox.resources import subscriptions as billing
from sandbox.store import Body, Record, db

# What a session shows of its buyer only once it is complete.
TOLD_AT_THE_END = ("collected_information", "consent", "custom_fields", "customer", "customer_details")

type Outcome = Literal["complete", "declined", "challenge", "closed"]


@dataclass
class Buyer:
    """What the page asked of the buyer."""

    email: str = ""
    name: str = ""
    phone: str = ""
    address: Body = field(default_factory=dict)
    names: Body = field(default_factory=dict)
    answers: Body = field(default_factory=dict)
    save: bool = False
    accepted: bool = False


def home(countries: list[str]) -> Body:
    """The address of the test buyer, who lives in France or, where no parcel goes there, in the
    first of the countries."""
    country = "FR" if "FR" in countries else countries[0]
    return {"line1": "12 rue des Lilas", "postal_code": "75011", "city": "Paris", "country": country}


def card_method(number: str, expires: tuple[int, int] = (12, 2034), *, wallet: bool = False) -> Record:
    card = cards.CARDS[number]
    body = cards.payment_method(card, db.now(), expires=expires, wallet=wallet)
    return db.add(body, {"number": number})


def sepa_method(iban: str) -> Record:
    return db.add(cards.sepa_method(iban, db.now()), {"iban": iban})


def pay(session: Record, method: Record | None, buyer: Buyer) -> Outcome:
    """Tries to complete an open session; ``method`` is None only where nothing is to be paid."""
    if sessions.fresh(session).body["status"] != "open":
        return "closed"
    before = copy.deepcopy({name: session.body[name] for name in TOLD_AT_THE_END})
    outcome = _try(session, method, buyer)
    if outcome != "complete":
        session.body |= before
        db.save(session)
    return outcome


def _try(session: Record, method: Record | None, buyer: Buyer) -> Outcome:
    _note_buyer(session, buyer)
    _ensure_customer(session, buyer)
    if method is not None:
        _bill_to(method, session.body)
    if not session.body["amount_total"]:
        return _complete(session, method, buyer, "no_payment_required")
    if method is None:
        raise ValueError("a payment needs a method")
    intent = _intent(session, buyer)
    result = intents.pay(intent, method)
    if session.body["mode"] == "subscription" and result in ("requires_action", "declined"):
        billing.attempted(session, intent, result)
    if result == "requires_action":
        session.private["waiting"] = {"method": method.id, "buyer": asdict(buyer)}
        db.save(session)
        return "challenge"
    return _after(session, intent, method, buyer, result)


def prove(session: Record, *, passed: bool) -> Outcome:
    """The end of the bank's challenge."""
    waiting = session.private.pop("waiting", None)
    if sessions.fresh(session).body["status"] != "open" or waiting is None:
        return "closed"
    intent = _paying(session)
    method = db.get(waiting["method"])
    if intent is None or method is None:
        return "closed"
    if not passed:
        intents.fail_authentication(intent)
        db.save(session)
        return "declined"
    before = copy.deepcopy({name: session.body[name] for name in TOLD_AT_THE_END})
    buyer = Buyer(**waiting["buyer"])
    _note_buyer(session, buyer)
    _ensure_customer(session, buyer)
    result = intents.pay(intent, method, authenticated=True)
    outcome = _after(session, intent, method, buyer, result)
    if outcome != "complete":
        session.body |= before
        db.save(session)
    return outcome


def _after(session: Record, intent: Record, method: Record, buyer: Buyer, result: intents.Result) -> Outcome:
    if result == "declined":
        db.save(session)
        return "declined"
    if result == "processing":
        session.private["iban"] = method.private.get("iban")
        _later(session, method)
    else:
        asked_for = session.private.get("payment_method_data", {}).get("allow_redisplay", "")
        intents.keep_method(intent, method, "always" if buyer.save else asked_for, wanted=buyer.save)
    paid = result == "succeeded"
    return _complete(session, method, buyer, "paid" if paid else "unpaid")


def _later(session: Record, method: Record) -> None:
    """A debit from the page ends by itself; one from the control plane waits for its word."""
    if not method.private.get("held"):
        what = "async_fail" if method.private["iban"] == cards.IBAN_FAILS else "async_succeed"
        db.later(intents.ASYNC_SETTLES_AFTER, what, session.id)


def _note_buyer(session: Record, buyer: Buyer) -> None:
    body = session.body
    known = body["customer_details"] or {}
    email = known.get("email") or buyer.email or None
    name = buyer.name or known.get("name") or None
    address = customers.full_address(buyer.address or None)
    body["customer_details"] = {
        "address": address if body["billing_address_collection"] == "required" else _country(),
        "business_name": buyer.names.get("business_name"),
        "email": email,
        "individual_name": buyer.names.get("individual_name"),
        "name": name,
        "phone": (buyer.phone or None) if body["phone_number_collection"]["enabled"] else None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    shipping = {"address": address, "name": name or ""} if body["shipping_address_collection"] else None
    if shipping or buyer.names:
        sessions.collect(session, shipping, buyer.names)
    for one in body["custom_fields"]:
        one[one["type"]]["value"] = buyer.answers.get(one["key"])
    if body["consent_collection"]:
        accepted = "accepted" if buyer.accepted else None
        body["consent"] = {"promotions": None, "terms_of_service": accepted}


def _country() -> Body | None:
    return customers.full_address({"country": "FR"})


def _ensure_customer(session: Record, buyer: Buyer) -> None:
    body = session.body
    data = session.private.get("payment_intent_data", {})
    needed = body["customer_creation"] == "always" or (
        body["customer_creation"] == "if_required" and (data.get("setup_future_usage") or buyer.save)
    )
    details = body["customer_details"]
    if body["customer"] is None and needed:
        if "customer" not in session.private:
            made = customers.make({n: details[n] for n in ("email", "name", "phone")})
            emit("customer.created", made.body)
            session.private["customer"] = made.id
        body["customer"] = session.private["customer"]
        return
    customer = db.get(body["customer"] or "")
    if customer is not None:
        _update_customer(session, customer)


def _update_customer(session: Record, customer: Record) -> None:
    """Writes what the buyer told into the customer where ``customer_update`` says so."""
    wanted = session.private.get("customer_update", {})
    shipping = (session.body["collected_information"] or {}).get("shipping_details")
    details = session.body["customer_details"]
    told = {"address": details["address"], "name": details["name"], "shipping": customers.shipping(shipping)}
    values = {name: value for name, value in told.items() if value and wanted.get(name) == "auto"}
    if values:
        changed("customer.updated", customer, **values)


def _bill_to(method: Record, session: Body) -> None:
    details = session["customer_details"]
    method.body["billing_details"] |= {
        "address": details["address"],
        "email": details["email"],
        "name": details["name"],
        "phone": details["phone"],
    }
    db.save(method)


def _paying(session: Record) -> Record | None:
    return db.get(session.private.get("intent", ""))


def _intent(session: Record, buyer: Buyer) -> Record:
    """The session's PaymentIntent, made at the first try."""
    known = _paying(session)
    if known is not None and known.body["status"] in intents.CONFIRMABLE:
        return known
    body = session.body
    data = dict(session.private.get("payment_intent_data", {}))
    if body["mode"] == "subscription":
        data |= {"setup_future_usage": "off_session", "description": "Subscription creation"}
    shipping = (body["collected_information"] or {}).get("shipping_details")
    wanted: Body = {
        "amount": session.private.get("charged", body["amount_total"]),
        "currency": body["currency"],
        "customer": body["customer"],
        "shipping": shipping,
        **data,
    }
    intent = intents.make(wanted)
    intent.body["payment_method_types"] = body["payment_method_types"]
    db.save(intent)
    session.private["intent"] = intent.id
    if body["mode"] == "payment":
        body["payment_intent"] = intent.id
    return intent


def _complete(session: Record, method: Record | None, buyer: Buyer, payment_status: str) -> Outcome:
    body = session.body
    body |= {"status": "complete", "payment_status": payment_status, "url": None}
    for entry in body["discounts"] or ():
        discounts.redeem(entry)
    if body["mode"] == "subscription":
        billing.begin(session, method, _paying(session))
    db.save(session)
    emit("checkout.session.completed", body)
    return "complete"


def settle_async(session: Record, *, succeeded: bool) -> bool:
    """The bank's late word on a delayed payment; False where nothing waits for one."""
    intent = _paying(session)
    if intent is None or intent.body["status"] != "processing":
        return False
    charge = db.get(intent.body["latest_charge"])
    if charge is None:
        return False
    if succeeded:
        intents.settle(intent, charge, intent.body["amount"])
        session.body["payment_status"] = "paid"
        db.save(session)
        billing.debited(session, succeeded=True)
        emit("checkout.session.async_payment_succeeded", session.body)
        return True
    charges.fail_debit(intent, charge)
    billing.debited(session, succeeded=False)
    db.save(session)
    emit("checkout.session.async_payment_failed", session.body)
    return True
