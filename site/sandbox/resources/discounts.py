"""Coupons, promotion codes and the discounts that they give."""

from sandbox import listing
from sandbox.call import Call, asked, merge_metadata, metadata, referred
from sandbox.errors import StripeError, exclusive, missing
from sandbox.events import changed, emit
from sandbox.resources.catalog import tombstone
from sandbox.store import ALPHABET, Body, Record, db, new_id


def create_coupon(call: Call) -> Body:
    sent = call.params
    _check_coupon(sent)
    body: Body = {
        "id": sent.get("id") or new_id("c", 8)[2:],
        "object": "coupon",
        "amount_off": sent.get("amount_off"),
        "created": db.now(),
        "currency": sent["currency"] if "amount_off" in sent else None,
        "duration": sent.get("duration", "once"),
        "duration_in_months": sent.get("duration_in_months"),
        "livemode": False,
        "max_redemptions": sent.get("max_redemptions"),
        "metadata": metadata(sent),
        "name": sent.get("name"),
        "percent_off": sent.get("percent_off"),
        "redeem_by": sent.get("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }
    products = sent.get("applies_to", {}).get("products") or []
    for index, key in enumerate(products):
        referred("product", key, f"applies_to[products][{index}]")
    record = db.add(body, {"products": products})
    _ends(record, "redeem_by")
    emit("coupon.created", body)
    return record.body


def _check_coupon(sent: Body) -> None:
    if "amount_off" in sent and "percent_off" in sent:
        raise exclusive("amount_off", "percent_off")
    if "amount_off" not in sent and "percent_off" not in sent:
        raise missing("percent_off")
    if "amount_off" in sent and "currency" not in sent:
        raise missing("currency")
    _check_numbers(sent)
    if (sent.get("duration") == "repeating") != ("duration_in_months" in sent):
        raise missing("duration_in_months")
    if "id" in sent and db.get(sent["id"]):
        raise StripeError("Coupon already exists.", code="resource_already_exists", param="id")


def _check_numbers(sent: Body) -> None:
    if sent.get("amount_off", 1) < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount_off")
    if not 0 < sent.get("percent_off", 1) <= 100:
        raise StripeError("percent_off must be between 0 and 100.", param="percent_off")
    if sent.get("max_redemptions", 1) < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="max_redemptions")
    _check_ahead(sent, "redeem_by")


def _check_ahead(sent: Body, param: str) -> None:
    """A moment at which something ends lies in the future."""
    if param in sent and sent[param] <= db.now():
        raise StripeError(f"`{param}` must be in the future.", param=param)


def _ends(record: Record, moment: str) -> None:
    """Lets the coupon or the code end when its time is over."""
    if record.body[moment] is not None:
        db.later(record.body[moment] - db.now(), "lapse", record.id)


def time_over(record: Record) -> None:
    """Its time is over, unless it is another one that was made under the same id."""
    end = record.body["redeem_by" if record.body["object"] == "coupon" else "expires_at"]
    if end is not None and end <= db.now():
        lapse(record)


def lapse(record: Record) -> None:
    """Nobody can redeem it any more."""
    record.body["valid" if record.body["object"] == "coupon" else "active"] = False
    db.save(record)


def retrieve_coupon(call: Call) -> Body:
    return asked(call, "coupon").body


def update_coupon(call: Call) -> Body:
    record = asked(call, "coupon")
    merge_metadata(record.body, call.params.get("metadata"))
    changed("coupon.updated", record, **call.given("name"))
    return record.body


def delete_coupon(call: Call) -> Body:
    record = asked(call, "coupon")
    emit("coupon.deleted", record.body)
    return tombstone(record)


def list_coupons(call: Call) -> Body:
    return listing.answer(call, "coupon")


def create_code(call: Call) -> Body:
    sent = call.params
    promotion = dict(sent["promotion"])
    if "coupon" not in promotion:
        raise missing("promotion[coupon]")
    coupon = referred("coupon", promotion["coupon"], "promotion[coupon]")
    code = sent.get("code") or new_id("p", 8)[2:].upper()
    if not all(letter in ALPHABET + "-_" for letter in code):
        raise StripeError("Promotion codes take letters, digits, dashes.", param="code")
    if find_code(code):
        raise StripeError("An active promotion code with this code exists.", param="code")
    if "customer" in sent:
        referred("customer", sent["customer"], "customer")
    _check_ahead(sent, "expires_at")
    restrictions = sent.get("restrictions", {})
    if ("minimum_amount" in restrictions) != ("minimum_amount_currency" in restrictions):
        raise missing("restrictions[minimum_amount_currency]")
    body: Body = {
        "id": new_id("promo_1"),
        "object": "promotion_code",
        "active": sent.get("active", True),
        "code": code,
        "created": db.now(),
        "customer": sent.get("customer"),
        "customer_account": None,
        "expires_at": sent.get("expires_at"),
        "livemode": False,
        "max_redemptions": sent.get("max_redemptions"),
        "metadata": metadata(sent),
        "promotion": {"coupon": coupon.id, "type": "coupon"},
        "restrictions": {
            "first_time_transaction": restrictions.get("first_time_transaction", False),
            "minimum_amount": restrictions.get("minimum_amount"),
            "minimum_amount_currency": restrictions.get("minimum_amount_currency"),
        },
        "times_redeemed": 0,
    }
    record = db.add(body)
    _ends(record, "expires_at")
    emit("promotion_code.created", body)
    return record.body


def find_code(code: str) -> Record | None:
    """The active promotion code that buyers type as ``code``, in any case."""
    where = "AND lower(json_extract(body, '$.code')) = ? AND json_extract(body, '$.active')"
    found = db.select("promotion_code", where, (code.lower(),))
    return found[0] if found else None


def retrieve_code(call: Call) -> Body:
    return asked(call, "promotion_code").body


def update_code(call: Call) -> Body:
    record = asked(call, "promotion_code")
    merge_metadata(record.body, call.params.get("metadata"))
    changed("promotion_code.updated", record, **call.given("active"))
    return record.body


def list_codes(call: Call) -> Body:
    filters = {"active": "$.active", "code": "$.code", "coupon": "$.promotion.coupon"}
    return listing.answer(call, "promotion_code", filters | {"customer": "$.customer"})


def usable(sent: Body, session: Body, param: str) -> tuple[Record, Record | None]:
    """The coupon, and the code if one was used, that an entry of ``discounts`` names; refuses
    what the session, with its customer and subtotal, may not use."""
    if "coupon" in sent and "promotion_code" in sent:
        raise exclusive(f"{param}[coupon]", f"{param}[promotion_code]")
    code = None
    if "promotion_code" in sent:
        param = f"{param}[promotion_code]"
        code = referred("promotion_code", sent["promotion_code"], param)
        _check_spent(code, param, active=bool(code.body["active"]), end="expires_at")
        _check_restrictions(code.body, session, param)
        coupon = referred("coupon", code.body["promotion"]["coupon"], param)
    else:
        coupon = referred("coupon", sent.get("coupon", ""), f"{param}[coupon]")
    _check_spent(coupon, param, active=True, end="redeem_by")
    if coupon.body["currency"] not in (None, session["currency"]):
        raise StripeError(
            f"The coupon's currency is {coupon.body['currency']}, not {session['currency']}.", param=param
        )
    return coupon, code


def _check_restrictions(code: Body, session: Body, param: str) -> None:
    limits = code["restrictions"]
    if code["customer"] not in (None, session["customer"]):
        raise StripeError("This promotion code belongs to another customer.", param=param)
    if limits["minimum_amount"] is not None:
        same = limits["minimum_amount_currency"] == session["currency"]
        if not same or session["amount_subtotal"] < limits["minimum_amount"]:
            raise StripeError(
                "This promotion code cannot be redeemed: the total does not meet its minimum amount.", param=param
            )
    if limits["first_time_transaction"] and session["customer"]:
        paid = "AND json_extract(body, '$.customer') = ? AND json_extract(body, '$.paid')"
        if db.select("charge", paid, (session["customer"],)):
            raise StripeError(
                "This promotion code cannot be redeemed because the customer has prior transactions.", param=param
            )


def _check_spent(record: Record, param: str, *, active: bool, end: str) -> None:
    body = record.body
    late = body[end] is not None and body[end] <= db.now()
    full = body["max_redemptions"] is not None and body["times_redeemed"] >= body["max_redemptions"]
    if late or full or not active:
        code = "coupon_expired" if body["object"] == "coupon" else "promotion_code_expired"
        raise StripeError(f"{record.id} is no longer valid.", code=code, param=param)


def redeem(entry: Body) -> None:
    """Counts one use of a coupon and of its code."""
    for key in (entry["coupon"], entry["promotion_code"]):
        record = db.get(key or "")
        if record is not None and not record.deleted:
            record.body["times_redeemed"] += 1
            most = record.body["max_redemptions"]
            db.save(record)
            if most is not None and record.body["times_redeemed"] >= most:
                lapse(record)


def discount(entry: Body, session: Body) -> Body:
    """The discount object behind an entry of a session's ``discounts``."""
    return {
        "id": f"di_1{session['id'][-20:]}",
        "object": "discount",
        "checkout_session": session["id"],
        "customer": session["customer"],
        "customer_account": None,
        "end": None,
        "invoice": None,
        "invoice_item": None,
        "promotion_code": entry["promotion_code"],
        "source": {"coupon": entry["coupon"], "type": "coupon"},
        "start": session["created"],
        "subscription": session["subscription"],
        "subscription_item": None,
    }


def applies_to(coupon: Body) -> Body:
    record = db.get(coupon["id"])
    return {"products": record.private["products"] if record else []}
