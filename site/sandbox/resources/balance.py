"""Balance transactions: what a charge or a refund did to the account's balance."""

from sandbox import listing
from sandbox.call import Call, asked
from sandbox.store import Body, db, new_id

FEE_RATE, FEE_FIXED = 150, 25
AVAILABLE_AFTER = 3 * 86400


def add(kind: str, amount: int, source: Body, *, fee: bool = False) -> str:
    """Writes one transaction and returns its id; ``amount`` is negative where money leaves."""
    cost = amount * FEE_RATE // 10_000 + FEE_FIXED if fee else 0
    now = db.now()
    detail = {
        "amount": cost,
        "application": None,
        "currency": source["currency"],
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    body = {
        "id": new_id("txn_1"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + AVAILABLE_AFTER,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": cost,
        "fee_details": [detail] if cost else [],
        "net": amount - cost,
        "reporting_category": "refund_failure" if kind == "refund_failure" else kind,
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }
    return db.add(body).id


def retrieve(call: Call) -> Body:
    return asked(call, "balance_transaction").body


def listed(call: Call) -> Body:
    filters = {name: f"$.{name}" for name in ("currency", "payout", "source", "type")}
    return listing.answer(call, "balance_transaction", filters)
