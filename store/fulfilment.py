"""What follows the money: parcels. Each step makes its row under a unique key, so a second run changes nothing."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from store import adopting, stock, tasks
from store.models import Hold, Order, OrderLine, Parcel, ParcelLine

WITHHELD = {
    Order.Attention.DISPUTE, Order.Attention.DISPUTE_LOST, Order.Attention.MISMATCH, Order.Attention.INCOMPLETE,
    Order.Attention.EARLY_FRAUD,
}  # fmt: skip


@transaction.atomic
def fulfil(order_id: int) -> None:
    """Give all that a paid order bought, unless it waits for the owner's eyes. May run twice.

    A renewal gives nothing anew: what its first order gave follows the subscription.
    """
    order = Order.objects.locked().get(pk=order_id)
    if order.state != Order.State.PAID or order.attention in WITHHELD or order.origin_id:
        return
    adopting.settled(order)
    for line in order.lines.select_related("offer__kind", "subscription"):
        sellable = line.offer.sellable
        if sellable and line.quantity > line.refunded_quantity and not is_short(line):
            sellable.fulfil(line)
            if hasattr(line, "subscription"):
                sellable.follow(line, line.subscription)


def is_short(line: OrderLine) -> bool:
    """Paid too late for its units: nothing is promised to it until the owner decides."""
    found_short = line.order.events.filter(kind="attention", data__reason=str(Order.Attention.OVERSOLD))
    if not any(line.pk in event.data.get("lines", []) for event in found_short):
        return False
    if line.offer.sellable and not line.offer.sellable.has_hold(line):
        return True
    held = line.holds.filter(state__in=[Hold.State.KEPT, Hold.State.USED])
    return line.offer.stocks.exists() and not held.exists()


def pack(line: OrderLine) -> None:
    """Put a line into the order's first parcel, once."""
    if line.parcel_lines.exists():
        return
    parcel = line.order.parcels.filter(shipped_at=None).first() or _new_parcel(line.order)
    ParcelLine.objects.get_or_create(
        parcel=parcel, line=line, defaults={"quantity": line.quantity - line.refunded_quantity}
    )


def _new_parcel(order: Order, carrier: str = "") -> Parcel:
    """The next parcel; the number of one that left is never used again, for mails are keyed by it."""
    last = order.parcels.aggregate(last=Max("number"))["last"] or 0
    method = order.delivery_method
    carrier = carrier or (method.carrier if method else "")
    return Parcel.objects.create(order=order, number=last + 1, carrier=carrier)


def unpack(line: OrderLine, quantity: int) -> None:
    """Take units out of parcels that have not left, and free their units in stock."""
    left = quantity
    for row in line.parcel_lines.filter(parcel__shipped_at=None).order_by("-parcel__number"):
        taken = min(left, row.quantity)
        left -= taken
        if taken == row.quantity:
            row.delete()
        else:
            row.quantity -= taken
            row.save(update_fields=["quantity"])
    stock.give_back(line, quantity)
    Parcel.objects.filter(order=line.order, shipped_at=None, lines=None).delete()


@transaction.atomic
def split(parcel: Parcel, units: Mapping[int, int]) -> Parcel | None:
    """Move {parcel line pk: units} into a new parcel of the same order; None when nothing would move."""
    order = Order.objects.locked().get(pk=parcel.order_id)
    rows = [row for row in parcel.lines.all() if 0 < units.get(row.pk, 0) <= row.quantity]
    moved = sum(units[row.pk] for row in rows)
    whole = sum(row.quantity for row in parcel.lines.all())
    if parcel.shipped_at or not rows or moved == whole:
        return None
    other = _new_parcel(order, parcel.carrier)
    for row in rows:
        ParcelLine.objects.create(parcel=other, line=row.line, quantity=units[row.pk])
        row.quantity -= units[row.pk]
        row.save(update_fields=["quantity"]) if row.quantity else row.delete()
    return other


@transaction.atomic
def ship(parcel: Parcel, *, carrier: str = "", tracking: str = "", anyway: bool = False, by: Any = None) -> bool:
    """The parcel left the house: its units leave the stock, the buyer is told.

    False: it had left already, is there no more, the order waits for the owner's eyes, or its buyer withdraws and she
    has not answered (`anyway`: send it all the same).
    """
    order = Order.objects.locked().get(pk=parcel.order_id)
    fresh = order.parcels.filter(pk=parcel.pk).first()
    if fresh is None or fresh.shipped_at or order.state != Order.State.PAID or order.attention in WITHHELD:
        return False
    withdrawn = is_withdrawn(order)
    if withdrawn and not anyway:
        return False
    fresh.carrier, fresh.tracking, fresh.shipped_at = carrier or fresh.carrier, tracking, timezone.now()
    fresh.save()
    for row in fresh.lines.select_related("line").order_by("pk"):
        stock.use(row.line, row.quantity, f"ship:{row.pk}")
    order.record("parcel", by=by, parcel=fresh.number, carrier=fresh.carrier, tracking=tracking, withdrawn=withdrawn)
    tasks.mail.enqueue(order.pk, f"shipped:{fresh.number}")
    all_gone(order, by=by)
    return True


def is_withdrawn(order: Order) -> bool:
    """Whether the buyer declared to withdraw and the owner has not answered: nothing should leave meanwhile."""
    return any(row.answered_at is None for row in order.withdrawals.all())


def all_gone(order: Order, *, by: Any = None) -> None:
    """The order is sent once nothing more is owed of it. The row must be locked."""
    if order.state == Order.State.PAID and order.parcels.exclude(shipped_at=None).exists() and all_sent(order):
        order.move(Order.State.SHIPPED, by=by)


@transaction.atomic
def deliver(order: Order, *, by: Any = None) -> bool:
    """The buyer has it (carrier's proof, or picked up): the days to withdraw start."""
    locked = Order.objects.locked().get(pk=order.pk)
    if locked.state != Order.State.SHIPPED:
        return False
    locked.parcels.filter(delivered_at=None).update(delivered_at=timezone.now())
    return locked.move(Order.State.DELIVERED, by=by)


def all_sent(order: Order) -> bool:
    """Whether every unit that is still owed has left."""
    owed = sum(line.quantity - line.refunded_quantity for line in order.lines.filter(needs_shipping=True))
    sent = ParcelLine.objects.filter(parcel__order=order, parcel__shipped_at__isnull=False)
    return (sent.aggregate(units=Sum("quantity"))["units"] or 0) >= owed
