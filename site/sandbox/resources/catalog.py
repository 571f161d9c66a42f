"""Products and prices."""

from sandbox import listing, money
from sandbox.call import Call, asked, merge_metadata, metadata, referred
from sandbox.errors import StripeError, exclusive, missing
from sandbox.events import changed, emit
from sandbox.store import Body, Record, db, new_id

PRODUCT_TEXTS = ("description", "name", "shippable", "statement_descriptor", "unit_label", "url")


def product_body(sent: Body, *, active: bool = True) -> Body:
    now = db.now()
    return {
        "id": sent.get("id") or new_id("prod", 14),
        "object": "product",
        "active": sent.get("active", active),
        "created": now,
        "default_price": None,
        "description": sent.get("description"),
        "images": sent.get("images", []),
        "livemode": False,
        "marketing_features": sent.get("marketing_features", []),
        "metadata": metadata(sent),
        "name": sent["name"],
        "package_dimensions": sent.get("package_dimensions"),
        "shippable": sent.get("shippable"),
        "statement_descriptor": sent.get("statement_descriptor"),
        "tax_code": sent.get("tax_code"),
        "type": sent.get("type", "service"),
        "unit_label": sent.get("unit_label"),
        "updated": now,
        "url": sent.get("url"),
    }


def check_product(sent: Body, prefix: str = "") -> None:
    if "id" in sent and db.get(sent["id"]):
        raise StripeError(
            "Product already exists.",
            code="resource_already_exists",
            param=f"{prefix}[id]" if prefix else "id",
        )
    if sent.get("name") == "":
        raise StripeError(
            "Product names cannot be empty.",
            code="parameter_invalid_empty",
            param=f"{prefix}[name]" if prefix else "name",
        )


def create_product(call: Call) -> Body:
    check_product(call.params)
    default = call.params.pop("default_price_data", None)
    record = db.add(product_body(call.params))
    if default:
        price = db.add(price_body(default, record.id))
        record.body["default_price"] = price.id
        db.save(record)
        emit("price.created", price.body)
    emit("product.created", record.body)
    return record.body


def retrieve_product(call: Call) -> Body:
    return asked(call, "product").body


def update_product(call: Call) -> Body:
    record = asked(call, "product")
    check_product(call.params)
    if "default_price" in call.params:
        referred("price", call.params["default_price"], "default_price")
    values = call.given(*PRODUCT_TEXTS, "active", "default_price", "package_dimensions", "tax_code")
    values |= {name: sent or [] for name, sent in call.given("images", "marketing_features").items()}
    merge_metadata(record.body, call.params.get("metadata"))
    changed("product.updated", record, **values, updated=db.now())
    return record.body


def delete_product(call: Call) -> Body:
    record = asked(call, "product")
    if db.select("price", "AND json_extract(body, '$.product') = ?", (record.id,)):
        raise StripeError("This product cannot be deleted because it has one or more user-created prices.")
    emit("product.deleted", record.body)
    return tombstone(record)


def list_products(call: Call) -> Body:
    wanted = call.params.get("ids")
    return listing.answer(
        call,
        "product",
        {name: f"$.{name}" for name in ("active", "shippable", "type", "url")},
        lambda record: wanted is None or record.id in wanted,
    )


def price_body(sent: Body, product: str, *, active: bool = True) -> Body:
    recurring = sent.get("recurring")
    decimal = sent.get("unit_amount_decimal", sent.get("unit_amount"))
    whole = decimal is not None and "." not in str(money.as_decimal(decimal))
    return {
        "id": new_id("price_1"),
        "object": "price",
        "active": sent.get("active", active),
        "billing_scheme": sent.get("billing_scheme", "per_unit"),
        "created": db.now(),
        "currency": sent["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": sent.get("lookup_key"),
        "metadata": metadata(sent),
        "nickname": sent.get("nickname"),
        "product": product,
        "recurring": recurring and _recurring(recurring),
        "tax_behavior": sent.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": int(str(money.as_decimal(decimal))) if whole else None,
        "unit_amount_decimal": money.as_decimal(decimal),
    }


def _recurring(sent: Body) -> Body:
    return {
        "interval": sent["interval"],
        "interval_count": sent.get("interval_count", 1),
        "meter": sent.get("meter"),
        "trial_period_days": sent.get("trial_period_days"),
        "usage_type": sent.get("usage_type", "licensed"),
    }


def check_amount(sent: Body, param: str) -> None:
    """Exactly one of the two ways to give an amount, and not below zero."""
    prefix = f"{param}[%s]" if param else "%s"
    if "unit_amount" in sent and "unit_amount_decimal" in sent:
        raise exclusive(prefix % "unit_amount", prefix % "unit_amount_decimal")
    if "unit_amount" not in sent and "unit_amount_decimal" not in sent:
        raise missing(prefix % "unit_amount")
    name = "unit_amount" if "unit_amount" in sent else "unit_amount_decimal"
    if float(sent[name]) < 0:
        raise StripeError(
            "This value must be greater than or equal to 0.",
            code="parameter_invalid_integer",
            param=prefix % name,
        )


def currency_options(price: Body) -> Body:
    names = ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")
    return {price["currency"]: {name: price[name] for name in names}}


def create_price(call: Call) -> Body:
    sent = call.params
    for name in ("tiers", "custom_unit_amount", "currency_options", "transform_quantity"):
        if name in sent:
            raise StripeError(f"The stand-in has no prices with {name}.", param=name)
    if sent.get("billing_scheme") == "tiered":
        raise StripeError("The stand-in has no prices with tiers.", param="billing_scheme")
    check_amount(sent, "")
    if ("product" in sent) == ("product_data" in sent):
        raise exclusive("product", "product_data") if "product" in sent else missing("product")
    if "product" in sent:
        product = referred("product", sent["product"], "product")
    else:
        check_product(sent["product_data"], "product_data")
        product = db.add(product_body(sent["product_data"]))
        emit("product.created", product.body)
    _claim_lookup_key(sent)
    record = db.add(price_body(sent, product.id))
    emit("price.created", record.body)
    return record.body


def _claim_lookup_key(sent: Body) -> None:
    key, moves = sent.get("lookup_key"), sent.get("transfer_lookup_key")
    for other in db.select("price", "AND json_extract(body, '$.lookup_key') = ?", (key,)):
        if not moves:
            raise StripeError(f"A price ({other.id}) already uses that lookup key.", param="lookup_key")
        other.body["lookup_key"] = None
        db.save(other)


def retrieve_price(call: Call) -> Body:
    return asked(call, "price").body


def update_price(call: Call) -> Body:
    record = asked(call, "price")
    _claim_lookup_key(call.params)
    merge_metadata(record.body, call.params.get("metadata"))
    changed("price.updated", record, **call.given("active", "lookup_key", "nickname", "tax_behavior"))
    return record.body


def list_prices(call: Call) -> Body:
    keys = call.params.get("lookup_keys")
    recurring = dict(call.params.get("recurring", {}))

    def keep(record: Record) -> bool:
        if keys is not None and record.body["lookup_key"] not in keys:
            return False
        return all((record.body["recurring"] or {}).get(n) == v for n, v in recurring.items())

    paths = {name: f"$.{name}" for name in ("active", "currency", "product", "type")}
    return listing.answer(call, "price", paths, keep)


def tombstone(record: Record) -> Body:
    """What is told of an object that is deleted; its id may be given again."""
    db.remove(record.id)
    return {"id": record.id, "object": record.body["object"], "deleted": True}
