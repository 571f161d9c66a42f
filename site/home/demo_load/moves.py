"""What the past orders did to money given back and to the shelves: refunds, withdrawals, the moves of each pool."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from home.demo_load.book import Book
from home.demo_load.ledger import OPEN, Back, Past
from home.demo_load.orders import dated, mailed, tell, withdraw
from home.demo_load.texts import ago, later, table, tables
from store.models import Hold, Order, ParcelLine, Refund, RefundLine, Stock, StockMove

RECEIVED = 150
COUNT = {"sku": "BALAYETTE", "days_ago": 37, "units": -2, "note": "Il n'en restait qu'une dans le tiroir."}


def settle(book: Book, order: Order, past: Past) -> None:
    """What was given back, cancelled, renounced."""
    row = past.row
    if row["state"] == "cancelled":
        days = None if row["cancelled_days_ago"] == row["days_ago"] else row["cancelled_days_ago"]
        at = later(past.paid_at, days, "10:10")
        for back in past.backs:
            _give_back(book, order, back)
        _close(book, order, Order.State.CANCELLED, at, reason=row["cancel_reason"])
        mailed(order, "cancelled", at)
        return
    if "withdrawal_days_ago" in row:
        back = past.backs[0]
        withdraw(order, ago(row["withdrawal_days_ago"], "20:05"), back.reason, answered_at=back.at)
    for back in past.backs:
        _give_back(book, order, back)
    if row["state"] == "refunded":
        _close(book, order, Order.State.REFUNDED, past.backs[-1].at)
    if row.get("withdrawal_open"):
        said = next(todo for todo in table("desk")["todo"] if todo["kind"] == "withdrawal")
        withdraw(order, timezone.now() - timedelta(hours=said["hours_ago"]), said["statement"])


def _close(book: Book, order: Order, state: str, at: datetime, **data: Any) -> None:
    tell(order, state, at, by=book.owner, **data, **{"from": order.state})
    order.state, order.closed_at = state, at
    order.save()


def _give_back(book: Book, order: Order, back: Back) -> None:
    refund = Refund(
        order=order, payment=order.payments.get(), key=back.key, refund_id=back.refund_id, amount=back.amount,
        shipping=back.shipping, state=Refund.State.SUCCEEDED, reason=back.reason, restock=back.restock, by=book.owner,
    )  # fmt: skip
    dated(refund, made_at=back.at)
    for line in order.lines.filter(sku__in=back.units):
        units = back.units[line.sku]
        RefundLine.objects.create(refund=refund, line=line, quantity=units, amount=units * line.unit_amount)
        line.refunded_quantity += units
        line.save(update_fields=["refunded_quantity"])
        if back.restock:
            for pool in line.offer.stocks.all():
                key = f"return:{line.pk}:{line.refunded_quantity}:{pool.pk}"
                _move(pool, units, StockMove.Reason.RETURNED, back.at, note=order.number, by=book.owner, effect_key=key)
    order.refunded += back.amount
    order.save()
    tell(order, "refund_asked", back.at, by=book.owner, amount=back.amount, reason=back.reason)
    tell(order, "refund_succeeded", back.at, amount=back.amount, refund=str(back.key))
    mailed(order, f"refunded:{refund.pk}", back.at)


def _move(pool: Stock, units: int, reason: str, at: datetime, **more: Any) -> None:
    dated(StockMove(stock=pool, quantity=units, reason=reason, **more), at=at)


def receive(book: Book) -> None:
    """First so many units that after all orders what the files call `stock` is free; then what left, by parcel."""
    free = {variant["sku"]: variant["stock"] for row in tables("products") for variant in row["variants"]}
    pools = {sku: book.goods[sku].offer.stocks.get() for sku in free}
    _count(book, pools[str(COUNT["sku"])])
    for sent in ParcelLine.objects.exclude(parcel__shipped_at=None).select_related("parcel", "line").order_by("pk"):
        pool = pools[sent.line.sku]
        _move(
            pool, -sent.quantity, StockMove.Reason.SHIPPED, sent.parcel.shipped_at or ago(0),
            effect_key=f"ship:{sent.pk}:{pool.pk}",
        )  # fmt: skip
    moved = _sums(StockMove.objects.values("stock"))
    wanted = _waiting()
    held = _sums(Hold.objects.filter(state__in=[Hold.State.KEPT, Hold.State.RESERVED]).values("stock"))
    for sku, pool in pools.items():
        on_hand = free[sku] + held[pool.pk] + wanted[sku]
        first = on_hand - moved[pool.pk]
        if first:
            _move(pool, first, StockMove.Reason.RECEIVED, ago(RECEIVED), by=book.owner)
        Stock.objects.filter(pk=pool.pk).update(on_hand=on_hand)


def _count(book: Book, pool: Stock) -> None:
    """Why an order had to be cancelled: the shelf held fewer than the ledger said."""
    _move(
        pool, int(str(COUNT["units"])), StockMove.Reason.COUNTED, ago(int(str(COUNT["days_ago"]))), by=book.owner,
        note=COUNT["note"],
    )  # fmt: skip


def _waiting() -> dict[str, int]:
    """{SKU: units} of the orders that wait for their payment: those are held by the verbs themselves, afterwards."""
    rows = [row for row in table("orders")["orders"] if row["state"] in OPEN]
    found: dict[str, int] = defaultdict(int)
    for line in (line for row in rows for line in row["lines"]):
        found[line["sku"]] += line["quantity"]
    return found


def _sums(rows: Any) -> dict[int, int]:
    return defaultdict(int, {row["stock"]: row["units"] for row in rows.annotate(units=Sum("quantity"))})
