"""What a payment page shows of its session; amounts come ready to read."""

from typing import Any

from sandbox import money
from sandbox.pages import reading
from sandbox.store import Body, Record, db

LABELLED = ("subscribe", "book", "donate")
COUNTRIES = {
    "FR": ("France", "France"),
    "BE": ("Belgique", "Belgium"),
    "CH": ("Suisse", "Switzerland"),
    "LU": ("Luxembourg", "Luxembourg"),
    "DE": ("Allemagne", "Germany"),
    "MC": ("Monaco", "Monaco"),
}
TYPED_FIELDS = {
    "email": ("email", "email", "email"),
    "name": ("text", "name", "text"),
    "phone": ("tel", "tel", "tel"),
    "individual_name": ("text", "name", "text"),
    "business_name": ("text", "organization", "text"),
    "line1": ("text", "address-line1", "text"),
    "postal_code": ("text", "postal-code", "text"),
    "city": ("text", "address-level2", "text"),
    "card_number": ("text", "cc-number", "numeric"),
    "expiry": ("text", "cc-exp", "numeric"),
    "cvc": ("text", "cc-csc", "numeric"),
    "iban": ("text", "off", "text"),
}


def summary(session: Body, lang: str) -> dict[str, Any]:
    def say(amount: int) -> str:
        return money.words(amount, session["currency"], lang)

    items = [record.body for record in db.children(session["id"], "item")]
    details = session["total_details"]
    return {
        "lines": [
            {
                "title": item["description"],
                "quantity": item["quantity"],
                "amount": say(item["amount_subtotal"]),
            }
            for item in items
        ],
        "shipping": say(details["amount_shipping"]) if session["shipping_cost"] else "",
        "discount": f"- {say(details['amount_discount'])}" if details["amount_discount"] else "",
        "tax": say(details["amount_tax"]) if details["amount_tax"] else "",
        "total": say(session["amount_total"]),
    }


def fields(form: reading.Form | None, said: dict[str, str]) -> dict[str, Any]:
    """Each typed field with its label, value and error."""
    typed = form.typed if form else {}
    errors = form.errors if form else {}
    made: dict[str, Any] = {}
    for name, (kind, autocomplete, mode) in TYPED_FIELDS.items():
        made[name] = {
            "name": name,
            "label": said[name],
            "type": kind,
            "autocomplete": autocomplete,
            "inputmode": mode,
            "value": typed.get(name, ""),
            "error": said[errors[name]] if name in errors else "",
        }
    return made


def page(session: Record, form: reading.Form | None, said: dict[str, str], lang: str) -> Body:
    """Everything the form template needs."""
    body = session.body
    saved = reading.saved_cards(body)
    typed = form.typed if form else {}
    errors = form.errors if form else {}
    free = not body["amount_total"] and body["mode"] == "payment"
    chosen = typed.get("means") or (saved[0].id if saved else "card")
    made = fields(form, said)
    return {
        "summary": summary(body, lang),
        "fields": made,
        "asks_email": reading.asks_email(body),
        "asks_phone": reading.asks_phone(body),
        "names": [made[name] for name in reading.names(body)],
        "texts": {name: (text or {}).get("message", "") for name, text in body["custom_text"].items()},
        "asks_shipping": bool(body["shipping_address_collection"]),
        "asks_address": reading.asks_address(body),
        "asks_terms": reading.asks_terms(body),
        "terms_error": said[errors["terms"]] if "terms" in errors else "",
        "asks_promo": bool(body["allow_promotion_codes"]) and not body["discounts"],
        "promo_error": said[errors["promo"]] if "promo" in errors else "",
        "promo": typed.get("promo", ""),
        "offers_save": _offers_save(body),
        "countries": _countries(body, lang),
        "country": typed.get("country", ""),
        "country_error": said[errors["country"]] if "country" in errors else "",
        "customs": _customs(body, typed, errors, said),
        "rates": _rates(body, lang),
        "saved": [_saved_card(one, said) for one in saved],
        "has_card": "card" in body["payment_method_types"],
        "has_sepa": "sepa_debit" in body["payment_method_types"],
        "choice": bool(saved) or len(body["payment_method_types"]) > 1,
        "chosen": chosen,
        "free": free,
        "button": _button(body, free, said, lang),
    }


def _button(session: Body, free: bool, said: dict[str, str], lang: str) -> str:
    if free:
        return said["confirm"]
    kind = session["submit_type"]
    verb = said[kind] if kind in LABELLED else said["pay"]
    if session["mode"] == "subscription" and kind is None:
        verb = said["subscribe"]
    return f"{verb} · {money.words(session['amount_total'], session['currency'], lang)}"


def _offers_save(session: Body) -> bool:
    options = session["saved_payment_method_options"] or {}
    return options.get("payment_method_save") == "enabled"


def _countries(session: Body, lang: str) -> list[tuple[str, str]]:
    return [(code, COUNTRIES.get(code, (code, code))[lang == "en"]) for code in reading.countries(session)]


def _saved_card(record: Record, said: dict[str, str]) -> Body:
    card = record.body["card"]
    label = f"{card['brand'].title()} {said['ending']} {card['last4']}"
    return {"id": record.id, "label": label}


def _customs(session: Body, typed: dict[str, str], errors: dict[str, str], said: dict[str, str]) -> list[Body]:
    made = []
    for one in session["custom_fields"]:
        name = f"custom-{one['key']}"
        made.append(
            {
                "name": name,
                "label": one["label"]["custom"],
                "optional": one["optional"],
                "options": one.get("dropdown", {}).get("options", []),
                "value": typed.get(name, one[one["type"]]["default_value"] or ""),
                "error": said[errors[name]] if name in errors else "",
            }
        )
    return made


def _rates(session: Body, lang: str) -> list[Body]:
    made = []
    for index, option in enumerate(session["shipping_options"]):
        rate = db.get(option["shipping_rate"])
        chosen = (session["shipping_cost"] or {}).get("shipping_rate") == option["shipping_rate"]
        made.append(
            {
                "index": index,
                "label": rate.body["display_name"] if rate else "",
                "amount": money.words(option["shipping_amount"], session["currency"], lang),
                "chosen": chosen,
            }
        )
    return made
