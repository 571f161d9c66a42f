"""What the API may change in a living subscription: its end, its pause, its items, its trial, its card."""

from sandbox.call import Call, merge_metadata, metadata, referred
from sandbox.errors import StripeError
from sandbox.events import changed
from sandbox.resources import bills, customers, renewing, session_lines
from sandbox.store import Body, Record, db, new_id

MOST_ITEMS = 20
PRORATIONS = ("none", "create_prorations", "always_invoice")


def update(record: Record, call: Call) -> None:
    sent = call.params
    _check(record, sent)
    merge_metadata(record.body, sent.get("metadata"))
    record.body["cancellation_details"] |= words(sent)
    values = call.given("description")
    values |= _pause(record, sent) | _ending(record, sent)
    if "default_payment_method" in sent:
        values["default_payment_method"] = _card(record, sent["default_payment_method"])
    record.body |= values
    manner = _manner(record, sent)
    if manner == "always_invoice" and record.private.get("pending"):
        _settle_now(record)
    elif manner == "new_period":
        renewing.begin_period(record, db.now(), "subscription_update")
    else:
        changed("customer.subscription.updated", record)
        renewing.keep_items(record)


def _check(record: Record, sent: Body) -> None:
    state = record.body["status"]
    if state in renewing.OVER and set(sent) - {"cancellation_details", "metadata"}:
        raise StripeError(
            "A canceled subscription can only update its cancellation_details and metadata.",
        )
    if state == "incomplete" and set(sent) & {"items", "pause_collection", "trial_end"}:
        raise StripeError("The subscription is incomplete: only its metadata and payment method can be updated.")
    if sent.get("payment_behavior", "allow_incomplete") != "allow_incomplete":
        raise StripeError("The stand-in has no such `payment_behavior`.", param="payment_behavior")
    if sent.get("billing_cycle_anchor", "unchanged") not in ("unchanged", "now"):
        raise StripeError("The stand-in has no such `billing_cycle_anchor`.", param="billing_cycle_anchor")


def words(sent: Body) -> Body:
    """What the member said about leaving."""
    told = sent.get("cancellation_details") or {}
    return {name: told[name] or None for name in ("comment", "feedback") if name in told}


def _pause(record: Record, sent: Body) -> Body:
    if "pause_collection" not in sent:
        return {}
    wish = sent["pause_collection"]
    if not wish:
        return {"pause_collection": None}
    until = wish.get("resumes_at")
    if until is not None and until <= db.now():
        raise StripeError("The `resumes_at` must be in the future.", param="pause_collection[resumes_at]")
    if until is not None:
        db.later(until - db.now(), "resume", record.id)
    return {"pause_collection": {"behavior": wish["behavior"], "resumes_at": until}}


def _ending(record: Record, sent: Body) -> Body:
    if "cancel_at_period_end" not in sent:
        return {}
    return ending(record, wanted=sent["cancel_at_period_end"])


def ending(record: Record, *, wanted: bool) -> Body:
    """The values of a subscription that is to end with its period, or is not any more."""
    if wanted == record.body["cancel_at_period_end"]:
        return {}
    end = renewing.items(record)[0]["current_period_end"]
    reason = "cancellation_requested" if wanted else None
    record.body["cancellation_details"] |= {"reason": reason}
    return {
        "cancel_at_period_end": wanted,
        "cancel_at": end if wanted else None,
        "canceled_at": db.now() if wanted else None,
    }


def _card(record: Record, key: str) -> str | None:
    if not key:
        return None
    method = customers.method(key, "default_payment_method")
    if method.body["customer"] != record.body["customer"]:
        raise StripeError(
            f"The customer does not have a payment method with the ID {key}. The payment method must be attached "
            "to the customer.",
            param="default_payment_method",
        )
    return method.id


def _manner(record: Record, sent: Body) -> str:
    """Makes the changes that cost something; how they are billed: not, later, now, or as a new period."""
    behaves = sent.get("proration_behavior", "create_prorations")
    again = sent.get("billing_cycle_anchor") == "now"
    if "trial_end" in sent:
        again = _trial(record, sent["trial_end"]) or again
    if "items" in sent:
        before = [dict(item) for item in renewing.items(record)]
        _replace(record, sent["items"])
        again = again or _rhythm(before[0]) != _rhythm(renewing.items(record)[0])
        if behaves != "none" and record.body["status"] != "trialing":
            _prorate(record, before, again=again)
    if again and record.body["status"] != "trialing":
        record.body["billing_cycle_anchor"] = db.now()
        return "new_period"
    return str(behaves)


def _rhythm(item: Body) -> tuple[str, int]:
    told = item["price"]["recurring"]
    return told["interval"], told["interval_count"]


def _trial(record: Record, wish: int | str) -> bool:
    """Ends the trial or moves its end; True where the paid time begins now."""
    ends = db.now() if wish == "now" else int(wish)
    if ends > db.now():
        record.body |= {"status": "trialing", "trial_end": ends, "billing_cycle_anchor": ends}
        record.body["trial_start"] = record.body["trial_start"] or db.now()
        for item in renewing.items(record):
            item["current_period_end"] = ends
        renewing.await_end(record)
        return False
    if record.body["status"] != "trialing":
        return False
    record.body |= {"status": "active", "trial_end": ends}
    return True


def _replace(record: Record, wishes: list[Body]) -> None:
    """Items as told: changed by id, added without one, left out where ``deleted``."""
    found = {item["id"]: item for item in renewing.items(record)}
    for index, wish in enumerate(wishes):
        inside = f"items[{index}]"
        key = wish.get("id")
        if key is not None and key not in found:
            raise StripeError(
                f"No such subscription_item: '{key}'", code="resource_missing", param=f"{inside}[id]", status=400
            )
        if key is None:
            added = _new(record, wish, inside)
            found[added["id"]] = added
        elif wish.get("deleted"):
            del found[key]
        else:
            _change(found[key], wish, inside)
    if not 1 <= len(found) <= MOST_ITEMS:
        raise StripeError("A subscription has 1 to 20 items; cancel it instead.", param="items")
    if len({_rhythm(item) for item in found.values()}) > 1:
        raise StripeError("Currently, all items of a subscription must have the same interval.", param="items")
    record.body["items"]["data"] = list(found.values())


def _price(wish: Body, currency: str, inside: str) -> Body:
    price = session_lines.price_of(wish, inside)
    if price["type"] != "recurring":
        raise StripeError(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
            param=f"{inside}[price]",
        )
    if price["currency"] != currency:
        raise StripeError("All items of a subscription must have its currency.", param=f"{inside}[price]")
    return price


def _change(item: Body, wish: Body, inside: str) -> None:
    if "price" in wish or "price_data" in wish:
        item["price"] = _price(wish, item["price"]["currency"], inside)
    item["quantity"] = wish.get("quantity", item["quantity"])
    merge_metadata(item, wish.get("metadata"))
    if "tax_rates" in wish:
        item["tax_rates"] = _rates(wish, inside)


def _rates(wish: Body, inside: str) -> list[Body]:
    return [
        referred("tax_rate", key, f"{inside}[tax_rates][{index}]").body
        for index, key in enumerate(wish.get("tax_rates") or [])
    ]


def _new(record: Record, wish: Body, inside: str) -> Body:
    like = renewing.items(record)[0]
    return like | {
        "id": new_id("si", 14),
        "created": db.now(),
        "metadata": metadata(wish),
        "price": _price(wish, record.body["currency"], inside),
        "quantity": wish.get("quantity", 1),
        "tax_rates": _rates(wish, inside),
    }


def _prorate(record: Record, before: list[Body], *, again: bool) -> None:
    """Credits the rest of the period at the old prices, asks for it at the new ones."""
    start, end = before[0]["current_period_start"], before[0]["current_period_end"]
    now = db.now()
    left = record.private.setdefault("pending", [])
    if record.body["pause_collection"] is not None or end <= start:
        return
    after = [] if again else renewing.items(record)
    for said, sign, items in (("Unused time on", -1, before), ("Remaining time on", 1, after)):
        for item in items:
            if item in (renewing.items(record) if sign < 0 else before):
                continue
            whole = bills.of_item(item, now, end)
            share = sign * round(whole.amount * (end - now) / (end - start))
            part = vars(whole) | {"amount": share, "subtotal": share, "tax": 0, "proration": True}
            left.append(part | {"description": f"{said} {whole.description}"})


def _settle_now(record: Record) -> None:
    """What a change costs is asked for at once, in an invoice of its own."""
    entries = [bills.Entry(**one) for one in record.private.pop("pending")]
    invoice = bills.draft(record.body, entries, "subscription_update")
    changed("customer.subscription.updated", record, latest_invoice=invoice.id)
    renewing.keep_items(record)
    renewing.begin_invoice(record, invoice, waits=False)
