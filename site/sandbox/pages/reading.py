"""Reads a buyer's form: what was typed, what is wrong with it, which means of payment it names."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox import cards, checkout
from sandbox.checkout import Buyer
from sandbox.resources import customers
from sandbox.store import Body, Record, db

ADDRESS = ("line1", "postal_code", "city", "country")
WALLET = {
    "email": "lea@example.com",
    "name": "Léa Martin",
    "phone": "+33612345678",
    "individual_name": "Léa Martin",
    "business_name": "Atelier Martin",
}
EXPIRY = re.compile(r"(0?[1-9]|1[0-2])\s*/?\s*(?:20)?(\d\d)\Z")


@dataclass
class Form:
    """One submission; ``errors`` maps field names to keys of ``words``."""

    session: Body
    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_wallet(self) -> bool:
        return self.typed.get("verb") == "wallet"

    def text(self, name: str) -> str:
        """What was typed; a wallet brings its own address, and whatever else is still empty."""
        if self.is_wallet and name in ADDRESS:
            return str(checkout.home(countries(self.session))[name])
        typed = self.typed.get(name, "").strip()
        return (typed or WALLET.get(name, "")) if self.is_wallet else typed


def asks_email(session: Body) -> bool:
    return not (session["customer_details"] or {}).get("email")


def asks_address(session: Body) -> bool:
    return bool(session["shipping_address_collection"]) or (session["billing_address_collection"] == "required")


def asks_phone(session: Body) -> bool:
    return bool(session["phone_number_collection"]["enabled"])


def names(session: Body) -> dict[str, bool]:
    """The names that the shop collects apart from the card's, each with whether it may stay empty."""
    asked = session.get("name_collection", {}).items()
    return {f"{kind}_name": one["optional"] for kind, one in asked if one["enabled"]}


def asks_terms(session: Body) -> bool:
    return (session["consent_collection"] or {}).get("terms_of_service") == "required"


def countries(session: Body) -> list[str]:
    collected = session["shipping_address_collection"]
    return list(collected["allowed_countries"]) if collected else ["FR", "BE", "CH", "LU"]


def saved_cards(session: Body) -> list[Record]:
    """The customer's cards that the page may show."""
    options = session["saved_payment_method_options"]
    if not session["customer"] or options is None:
        return []
    shown = options["allow_redisplay_filters"] or ["always"]
    found = customers.methods_of(session["customer"])
    return [one for one in found if one.body["type"] == "card" and one.body["allow_redisplay"] in shown]


def read(session: Body, typed: dict[str, str]) -> tuple[Form, Buyer]:
    form = Form(session, typed)
    wanted = ["email"] * asks_email(session) + ["phone"] * asks_phone(session)
    wanted += ["name", *ADDRESS] if asks_address(session) else []
    wanted += [name for name, optional in names(session).items() if not optional]
    for name in wanted:
        if not form.text(name):
            form.errors[name] = "missing"
    if asks_address(session) and form.text("country") and form.text("country") not in countries(session):
        form.errors["country"] = "bad_country"
    email = form.text("email")
    if asks_email(session) and email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        form.errors["email"] = "bad_email"
    if asks_terms(session) and not typed.get("terms") and not form.is_wallet:
        form.errors["terms"] = "bad_terms"
    buyer = Buyer(
        email=email,
        name=form.text("name"),
        phone=form.text("phone"),
        address={name: form.text(name) for name in ADDRESS} if asks_address(session) else {},
        names={name: form.text(name) or None for name in names(session)},
        answers=_answers(form),
        save=bool(typed.get("save")),
        accepted=asks_terms(session),
    )
    return form, buyer


def _answers(form: Form) -> Body:
    answers: Body = {}
    for one in form.session["custom_fields"]:
        answers[one["key"]] = form.text(f"custom-{one['key']}") or None
        wrong = _wrong(one, answers[one["key"]] or "")
        if wrong and not form.is_wallet:
            form.errors[f"custom-{one['key']}"] = wrong
    return answers


def _wrong(field: Body, answer: str) -> str:
    """What is wrong with the answer to a shop's own question; nothing where all is well."""
    rules = field[field["type"]]
    if not answer:
        return "" if field["optional"] else "missing"
    if field["type"] == "dropdown":
        return "" if answer in [one["value"] for one in rules["options"]] else "bad_answer"
    short = len(answer) < (rules["minimum_length"] or 0)
    long = len(answer) > (rules["maximum_length"] or 255)
    letters = field["type"] == "numeric" and not answer.isdecimal()
    return "bad_answer" if short or long or letters else ""


def means(form: Form) -> Record | None:
    """The payment method that the form names; None with errors where it names none well."""
    chosen = form.typed.get("means", "card")
    if form.is_wallet:
        return checkout.card_method("4242424242424242", wallet=True)
    if chosen == "sepa" and "sepa_debit" in form.session["payment_method_types"]:
        return _sepa(form)
    if chosen not in ("card", "sepa"):
        known = db.get(chosen)
        if known is not None and known.id in [one.id for one in saved_cards(form.session)]:
            return known
    return card(form)


def _sepa(form: Form) -> Record | None:
    iban = re.sub(r"\s", "", form.text("iban")).upper()
    if iban not in cards.IBANS:
        form.errors["iban"] = "bad_iban" if iban else "missing"
        return None
    return None if form.errors else checkout.sepa_method(iban)


def card(form: Form) -> Record | None:
    """The card that was typed; None with errors where it is none."""
    number = re.sub(r"\D", "", form.text("card_number"))
    if number not in cards.CARDS:
        form.errors["card_number"] = "bad_number" if number else "missing"
    expires = _expires(form.text("expiry"))
    if expires is None:
        form.errors["expiry"] = "bad_expiry" if form.text("expiry") else "missing"
    if not re.fullmatch(r"\d{3,4}", form.text("cvc")):
        form.errors["cvc"] = "bad_cvc" if form.text("cvc") else "missing"
    if form.errors or expires is None:
        return None
    return checkout.card_method(number, expires)


def _expires(text: str) -> tuple[int, int] | None:
    """Month and year of a card's expiry, if that lies ahead."""
    match = EXPIRY.match(text.strip())
    if match is None:
        return None
    month, year = int(match[1]), 2000 + int(match[2])
    today = datetime.fromtimestamp(db.now(), UTC)
    return (month, year) if (year, month) >= (today.year, today.month) else None
