"""A session's line items and its sums; the only writer of ``item`` objects and of amounts."""

from typing import Any

from sandbox import listing, money
from sandbox.call import Call, asked, metadata, referred
from sandbox.errors import StripeError, exclusive, missing
from sandbox.resources import catalog, discounts, session_rules
from sandbox.store import Body, Record, db, new_id

SHOWN = 10


def read(sent: list[Body], mode: str) -> tuple[list[Body], str]:
    """The lines with their price objects, and their currency. Inline prices are made here."""
    lines = [_line(one, f"line_items[{index}]") for index, one in enumerate(sent)]
    return lines, session_rules.check_lines(lines, mode)


def _line(sent: Body, param: str) -> Body:
    adjustable = sent.get("adjustable_quantity", {}).get("enabled")
    if "quantity" not in sent and not adjustable:
        raise missing(f"{param}[quantity]")
    quantity = sent.get("quantity", 1)
    if quantity < (0 if adjustable else 1):
        raise StripeError(
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param=f"{param}[quantity]",
        )
    rates = [
        referred("tax_rate", key, f"{param}[tax_rates][{index}]").body
        for index, key in enumerate(sent.get("tax_rates") or [])
    ]
    return {
        "id": sent.get("id"),
        "price": price_of(sent, param),
        "quantity": quantity,
        "rates": rates,
        "metadata": metadata(sent),
        "adjustable": sent.get("adjustable_quantity"),
    }


def price_of(sent: Body, param: str) -> Body:
    if "kept" in sent:
        return dict(sent["kept"])
    if "price" in sent and "price_data" in sent:
        raise exclusive(f"{param}[price]", f"{param}[price_data]")
    if "price" in sent:
        price = referred("price", sent["price"], f"{param}[price]")
        if not price.body["active"]:
            raise StripeError(
                f"The price specified is inactive. This field only accepts active prices: {price.id}",
                param=f"{param}[price]",
            )
        return price.body
    if "price_data" not in sent:
        raise missing(f"{param}[price]")
    return _inline_price(sent["price_data"], f"{param}[price_data]")


def _inline_price(data: Body, inside: str) -> Body:
    catalog.check_amount(data, inside)
    if "product" in data and "product_data" in data:
        raise exclusive(f"{inside}[product]", f"{inside}[product_data]")
    if "product" in data:
        product = referred("product", data["product"], f"{inside}[product]").id
    elif "product_data" in data:
        catalog.check_product(data["product_data"], f"{inside}[product_data]")
        product = db.add(catalog.product_body(data["product_data"], active=False)).id
    else:
        raise missing(f"{inside}[product]")
    return db.add(catalog.price_body(data, product, active=False)).body


def store(session: Record, lines: list[Body]) -> None:
    """Writes the lines as items in place of those that were there."""
    for old in db.children(session.id, "item"):
        db.remove(old.id)
    for line in lines:
        product = db.get(line["price"]["product"])
        item: Body = {
            "id": line["id"] or new_id("li_1"),
            "object": "item",
            "adjustable_quantity": _adjustable(line["adjustable"]),
            "amount_discount": 0,
            "amount_subtotal": 0,
            "amount_tax": 0,
            "amount_total": 0,
            "currency": line["price"]["currency"],
            "description": product.body.get("name") if product else None,
            "metadata": line["metadata"],
            "price": line["price"],
            "quantity": line["quantity"],
        }
        db.add(item, {"rates": line["rates"]}, parent=session.id)


def _adjustable(sent: Body | None) -> Body | None:
    return {"maximum": None, "minimum": None} | sent if sent else None


def sum_up(session: Record) -> None:
    """Recomputes items and amounts of a session from its lines, discount and shipping."""
    items = db.children(session.id, "item")
    lines = [money.Line(one.body["price"], one.body["quantity"], one.private["rates"]) for one in items]
    if on_trial(session):
        for line in lines:
            line.quantity *= line.price["type"] == "one_time"
    coupon = _coupon(session.body)
    money.reckon(lines, coupon.body if coupon else None, coupon.private["products"] if coupon else [])
    for item, line in zip(items, lines, strict=True):
        item.body |= {
            "amount_discount": line.discount,
            "amount_subtotal": line.subtotal,
            "amount_tax": line.tax,
            "amount_total": line.total,
        }
        item.private["taxed"] = line.taxed
        db.save(item)
    shipping = (session.body["shipping_cost"] or {}).get("amount_total", 0)
    session.body |= {
        "amount_subtotal": sum(line.subtotal for line in lines),
        "amount_total": sum(line.total for line in lines) + shipping,
        "total_details": {
            "amount_discount": sum(line.discount for line in lines),
            "amount_shipping": shipping,
            "amount_tax": sum(line.tax for line in lines),
        },
    }


def on_trial(session: Record) -> bool:
    """Whether the recurring lines cost nothing yet."""
    data = session.private.get("subscription_data", {})
    return "trial_period_days" in data or "trial_end" in data


def _coupon(session: Body) -> Record | None:
    return next((db.get(entry["coupon"]) for entry in session["discounts"] or ()), None)


def listed(call: Call) -> Body:
    session = asked(call, "checkout.session")
    return listing.of_children(call, "item", db.children(session.id, "item"))


def shown(session: Body) -> Body:
    """The ``line_items`` of a session as ``expand`` shows them: the first ten."""
    bodies = [record.body for record in db.children(session["id"], "item")]
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return listing.wrap(bodies[:SHOWN], url, has_more=len(bodies) > SHOWN)


def taxes(item: Body) -> list[Body]:
    record = db.get(item["id"])
    return [_tax(one) for one in record.private.get("taxed", [])] if record else []


def _tax(taxed: list[Any]) -> Body:
    rate, amount, taxable = taxed
    return {
        "amount": amount,
        "rate": rate,
        "taxability_reason": None,
        "taxable_amount": taxable,
    }


def item_discounts(item: Body) -> list[Body]:
    record = db.get(item["id"])
    session = db.get(record.parent) if record else None
    if session is None or not item["amount_discount"]:
        return []
    entry = session.body["discounts"][0]
    return [{"amount": item["amount_discount"], "discount": discounts.discount(entry, session.body)}]


def breakdown(session: Body) -> Body:
    """``total_details.breakdown``: taxes and discounts by rate."""
    items = db.children(session["id"], "item")
    by_rate: dict[str, Body] = {}
    for item in items:
        for taxed in item.private.get("taxed", []):
            entry = _tax(taxed)
            known = by_rate.setdefault(entry["rate"]["id"], entry | {"amount": 0, "taxable_amount": 0})
            known["amount"] += entry["amount"]
            known["taxable_amount"] += entry["taxable_amount"]
    given = [
        {
            "amount": session["total_details"]["amount_discount"],
            "discount": discounts.discount(entry, session),
        }
        for entry in session["discounts"] or ()
    ]
    return {"discounts": given, "taxes": list(by_rate.values())}
