"""Replaces ids by their objects where a request asks for it with ``expand[]``."""

from collections.abc import Callable
from typing import Any

from sandbox.errors import StripeError
from sandbox.store import Body, db

DEEPEST = 4
CUSTOMER = "customer"
# Fields that hold an id and may be replaced, by the object (or part of one) they stand in.
LINKS: dict[str, frozenset[str]] = {
    "checkout.session": frozenset(
        (CUSTOMER, "invoice", "payment_intent", "payment_link", "setup_intent", "subscription")
    ),
    "payment_intent": frozenset(("application", CUSTOMER, "latest_charge", "on_behalf_of", "payment_method", "review")),
    "setup_intent": frozenset((CUSTOMER, "payment_method")),
    "payment_method": frozenset((CUSTOMER,)),
    "charge": frozenset(
        (
            "application",
            "application_fee",
            "balance_transaction",
            CUSTOMER,
            "failure_balance_transaction",
            "on_behalf_of",
            "payment_intent",
            "review",
            "source_transfer",
        )
    ),
    "customer": frozenset(("default_source", "test_clock")),
    "refund": frozenset(
        (
            "balance_transaction",
            "charge",
            "failure_balance_transaction",
            "payment_intent",
            "source_transfer_reversal",
            "transfer_reversal",
        )
    ),
    "balance_transaction": frozenset(("source",)),
    "dispute": frozenset(("charge", "payment_intent")),
    "price": frozenset(("product",)),
    "product": frozenset(("default_price",)),
    "promotion_code": frozenset((CUSTOMER,)),
    "discount": frozenset((CUSTOMER, "promotion_code")),
    "subscription": frozenset((CUSTOMER, "default_payment_method", "latest_invoice")),
    "invoice": frozenset((CUSTOMER, "default_payment_method")),
    "billing_portal.session": frozenset(("configuration",)),
    "line_item": frozenset(("subscription",)),
    "invoice_payment": frozenset(("invoice",)),
}
# The same for parts without a name of their own.
PARTS = frozenset(
    (
        "charge",
        "coupon",
        "default_payment_method",
        "payment_intent",
        "price",
        "promotion_code",
        "shipping_rate",
        "subscription",
        "tax_rate",
    )
)
# What is left out of an object unless asked for: (object, field) -> how to make it.
HIDDEN: dict[tuple[str, str], Callable[[Body], Any]] = {}


def apply(body: Body, wanted: list[str]) -> Body:
    """The body with everything in ``wanted`` expanded; refuses what cannot be."""
    for path in wanted:
        steps = path.split(".")
        if len(steps) > DEEPEST + (steps[0] == "data"):
            raise StripeError(
                f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}",
                param="expand",
            )
        if not _walk(body, steps):
            raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
    return body


def _walk(node: Body, steps: list[str]) -> bool:
    head, rest = steps[0], steps[1:]
    kind = str(node.get("object", ""))
    _reveal(node, kind, steps)
    if (kind, head) in HIDDEN:
        return not rest or _deeper(node[head], rest)
    if isinstance(node.get(head), str):
        if not _is_link(kind, head):
            return False
        record = db.get(node[head])
        if record is not None:
            node[head] = record.body
    elif node.get(head) is None:
        return _is_link(kind, head) or (bool(rest) and head in node)
    elif not rest and not isinstance(node[head], dict | list):
        return False
    return not rest or _deeper(node[head], rest)


def _reveal(node: Body, kind: str, steps: list[str]) -> None:
    """Makes what is left out unless asked for."""
    both = ".".join(steps[:2])
    if len(steps) > 1 and (kind, both) in HIDDEN:
        node[steps[0]][steps[1]] = HIDDEN[kind, both](node)
    if (kind, steps[0]) in HIDDEN and steps[0] not in node:
        node[steps[0]] = HIDDEN[kind, steps[0]](node)


def _deeper(inner: Any, rest: list[str]) -> bool:
    if isinstance(inner, list):
        return all(_walk(one, rest) for one in inner if isinstance(one, dict))
    return not isinstance(inner, dict) or _walk(inner, rest)


def _is_link(kind: str, field: str) -> bool:
    return field in LINKS.get(kind, PARTS if not kind else frozenset())
