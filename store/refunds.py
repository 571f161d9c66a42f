"""The only writer of Refund: money given back by the owner or in Stripe's dashboard, never more than was paid."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Sum

from store import fulfilment, gateway, stock, subscriptions, tasks
from store.exceptions import StripeRefused
from store.models import MoveNotAllowed, Order, OrderLine, Payment, Refund, RefundLine, StockMove

COUNTED = (Refund.State.ASKED, Refund.State.PENDING, Refund.State.SUCCEEDED)
STATES = {
    "succeeded": Refund.State.SUCCEEDED,
    "pending": Refund.State.PENDING,
    "requires_action": Refund.State.PENDING,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}


class TooMuch(Exception):
    """More than is left of the payment; `left` in minor units."""

    def __init__(self, left: int) -> None:
        super().__init__(str(left))
        self.left = left


class AlreadyAsked(Exception):
    """The same confirmation came before; what it asked for is on its way."""


@dataclass(frozen=True)
class Wanted:
    """What to give back: units of lines, amounts of lines without return, and delivery. Minor units.

    `key` is that of the confirmation: the same one twice makes one refund.
    """

    units: Mapping[int, int] = field(default_factory=dict)
    gestures: Mapping[int, int] = field(default_factory=dict)
    shipping: int = 0
    key: uuid.UUID = field(default_factory=uuid.uuid4, compare=False)


def left_to_refund(payment: Payment) -> int:
    """Minor units of the payment that are neither given back nor on their way."""
    asked = payment.refunds.filter(state__in=COUNTED).aggregate(sum=Sum("amount"))["sum"] or 0
    return payment.amount - max(asked, payment.refunded)


def left_of_lines(order: Order) -> dict[int, int]:
    """{line pk: minor units of the line that are neither given back nor on their way}."""
    rows = RefundLine.objects.filter(refund__order=order, refund__state__in=COUNTED).values("line")
    given = {row["line"]: row["sum"] for row in rows.annotate(sum=Sum("amount"))}
    return {line.pk: max(line.amount - given.get(line.pk, 0), 0) for line in order.lines.all()}


def left_of_shipping(order: Order) -> int:
    """Minor units of the delivery's price that are neither given back nor on their way."""
    given = order.refunds.filter(state__in=COUNTED).aggregate(sum=Sum("shipping"))["sum"] or 0
    return max(order.shipping_amount - given, 0)


@transaction.atomic
def start(order: Order, wanted: Wanted, *, reason: str = "", restock: bool = True, by: Any = None) -> Refund | None:
    """Write down a refund, take back what it is for, and have it sent. None: nothing to give back in money.

    Raises TooMuch, and AlreadyAsked when what is `wanted` was asked for under the same key. The order's lock makes
    two owners at once take turns.
    """
    locked = Order.objects.locked().get(pk=order.pk)
    if is_asked(locked, wanted.key):
        raise AlreadyAsked
    lines = {line.pk: line for line in locked.lines.all()}
    parts = _parts(lines, wanted, left_of_lines(locked))
    if wanted.shipping > left_of_shipping(locked):
        raise TooMuch(left_of_shipping(locked))
    amount = sum(value for _line, _units, value in parts) + wanted.shipping
    payment = locked.payments.order_by("-amount", "pk").first()
    if amount and (payment is None or amount > left_to_refund(payment)):
        raise TooMuch(left_to_refund(payment) if payment else 0)
    for line, units, _value in parts:
        _take_back(line, units, restock=restock, by=by)
    if any(units for _line, units, _value in parts):
        fulfilment.all_gone(locked, by=by)
    if not amount or payment is None:
        return None
    refund = _write(payment, amount, reason=reason, by=by, wanted=wanted, restock=restock)
    RefundLine.objects.bulk_create(
        RefundLine(refund=refund, line=line, quantity=units, amount=value) for line, units, value in parts if value
    )
    return refund


def is_asked(order: Order, key: uuid.UUID) -> bool:
    """Whether a confirmation with that key was acted upon."""
    return order.refunds.filter(key=key).exists()


def _write(
    payment: Payment, amount: int, *, reason: str, by: Any, wanted: Wanted | None = None, restock: bool = False
) -> Refund:
    """A row that a task takes to Stripe; the order is locked."""
    user = by if getattr(by, "pk", None) else None
    wanted = wanted or Wanted()
    refund = Refund.objects.create(
        order=payment.order, payment=payment, amount=amount, shipping=wanted.shipping, key=wanted.key, reason=reason,
        restock=restock, by=user,
    )  # fmt: skip
    payment.order.record("refund_asked", by=by, amount=amount, reason=reason)
    tasks.refund.enqueue(refund.pk)
    return refund


@transaction.atomic
def give_back(payment: Payment, *, reason: str = "", by: Any = None) -> Refund | None:
    """All that is left of one payment, tied to no line: the second of a double, or another amount than asked."""
    order = Order.objects.locked().get(pk=payment.order_id)
    fresh = order.payments.get(pk=payment.pk)
    left = left_to_refund(fresh)
    return _write(fresh, left, reason=reason, by=by) if left > 0 else None


@transaction.atomic
def again(refund: Refund, *, by: Any = None) -> Refund | None:
    """A refund that failed is asked for anew, under a new key. None: it did not fail, or was asked again already.

    Raises TooMuch when something else was given back meanwhile.
    """
    order = Order.objects.locked().get(pk=refund.order_id)
    failed = order.refunds.select_related("payment").get(pk=refund.pk)
    if (
        failed.state != Refund.State.FAILED
        or failed.payment is None
        or order.events.filter(data__again=failed.pk).exists()
    ):
        return None
    if failed.amount > left_to_refund(failed.payment):
        raise TooMuch(left_to_refund(failed.payment))
    fresh = _write(failed.payment, failed.amount, reason=failed.reason, by=by, wanted=Wanted(shipping=failed.shipping))
    RefundLine.objects.bulk_create(
        RefundLine(refund=fresh, line_id=part.line_id, quantity=part.quantity, amount=part.amount)
        for part in failed.lines.all()
    )
    order.record("refund_again", by=by, again=failed.pk, amount=failed.amount)
    return fresh


def _parts(lines: Mapping[int, OrderLine], wanted: Wanted, left: Mapping[int, int]) -> list[tuple[OrderLine, int, int]]:
    """(line, units, minor units) of each line concerned; raises TooMuch beyond what is `left` of a line.

    Units that come back after a gesture give back what the gesture left.
    """
    parts = []
    for pk, line in lines.items():
        units, gesture = wanted.units.get(pk, 0), wanted.gestures.get(pk, 0)
        if units > line.quantity - line.refunded_quantity:
            raise TooMuch((line.quantity - line.refunded_quantity) * line.unit_amount)
        value = min(worth(line, units), left[pk]) + gesture
        if value > left[pk]:
            raise TooMuch(left[pk])
        if units or value:
            parts.append((line, units, value))
    return parts


def worth(line: OrderLine, units: int) -> int:
    """What so many units give back in money, in minor units: a pack of hours only what was not used."""
    sellable = line.offer.sellable if units else None
    return sellable.worth(line, units) if sellable else units * line.unit_amount


def _take_back(line: OrderLine, units: int, *, restock: bool, by: Any) -> None:
    """Units that have not left are freed; units that had left go back on the shelf if the owner says so."""
    if not units:
        return
    waiting = sum(row.quantity for row in line.parcel_lines.filter(parcel__shipped_at=None))
    never_packed = not line.parcel_lines.exists()
    unsent = units if never_packed else min(units, waiting)
    line.refunded_quantity += units
    line.save(update_fields=["refunded_quantity"])
    sellable = line.offer.sellable
    bought = subscriptions.of(line)
    if bought:
        subscriptions.cancel_now(bought, by=by)
    if sellable and unsent:
        sellable.revoke(bought.line if bought else line, unsent)
    if restock and units > unsent:
        for pool in line.offer.stocks.all():
            key = f"return:{line.pk}:{line.refunded_quantity}:{pool.pk}"
            stock.adjust(pool, units - unsent, StockMove.Reason.RETURNED, note=line.order.number, by=by, effect_key=key)


def send(refund_id: int) -> Refund:
    """Ask Stripe for the refund; outside any transaction, may run twice. Raises StripeUnavailable."""
    refund = Refund.objects.select_related("payment", "order").get(pk=refund_id)
    if refund.state != Refund.State.ASKED or refund.payment is None or not refund.payment.intent_id:
        return refund
    try:
        said = gateway.create_refund(
            refund.payment.intent_id, refund.amount, str(refund.key), {"order": str(refund.order.token)}
        )
    except StripeRefused as refusal:
        said = gateway.RefundState("", str(refund.key), refund.amount, "failed", refusal.code or str(refusal))
    total = gateway.amount_refunded(refund.payment.intent_id)
    _apply(refund.payment.pk, [said], total)
    refund.refresh_from_db()
    return refund


def record(intent_id: str) -> Order | None:
    """Read all refunds of a payment at Stripe and bring ours up to them. None: not ours. May run twice."""
    payment = Payment.objects.filter(intent_id=intent_id).first()
    if payment is None:
        return None
    return _apply(payment.pk, gateway.read_refunds(intent_id), gateway.amount_refunded(intent_id))


@transaction.atomic
def _apply(payment_id: int, said: list[gateway.RefundState], total: int) -> Order:
    """`total` is what the charge says was given back, in minor units: never a sum of events."""
    order = Order.objects.locked().get(payments__pk=payment_id)
    payment = order.payments.get(pk=payment_id)
    for state in said:
        _apply_one(order, payment, state)
    if payment.refunded != total:
        payment.refunded = min(total, payment.amount)
        payment.save(update_fields=["refunded"])
    sums = order.payments.aggregate(paid=Sum("amount"), back=Sum("refunded"))
    refunded = of_the_order(sums["paid"], sums["back"], order.total)
    if order.refunded != refunded:
        order.refunded = refunded
        order.save(update_fields=["refunded"])
    if sums["back"] == sums["paid"] and Order.State.REFUNDED in Order.MOVES[order.state]:
        _free_unsent(order)
        order.move(Order.State.REFUNDED)
    return order


def _free_unsent(order: Order) -> None:
    """All money went back, perhaps in Stripe's dashboard: what has not left will not leave."""
    for line in order.lines.all():
        waiting = sum(row.quantity for row in line.parcel_lines.filter(parcel__shipped_at=None))
        left = line.quantity - line.refunded_quantity
        _take_back(line, min(left, waiting) if line.parcel_lines.exists() else left, restock=False, by=None)


def of_the_order(paid: int, back: int, total: int) -> int:
    """How much of an order was given back: what came in beyond its total goes back first and is not part of it."""
    return min(max(back - max(paid - total, 0), 0), total)


def _apply_one(order: Order, payment: Payment, said: gateway.RefundState) -> None:
    """One refund: found by our key, by Stripe's id, or new (made in the dashboard)."""
    ours = payment.refunds.filter(refund_id=said.refund_id).first() if said.refund_id else None
    if ours is None and said.key in {str(key) for key in payment.refunds.values_list("key", flat=True)}:
        ours = payment.refunds.get(key=said.key)
    if ours is None:
        ours = Refund(order=order, payment=payment, amount=said.amount, reason="Stripe")
    state = STATES.get(said.status, Refund.State.PENDING)
    if ours.pk and ours.state == state and ours.refund_id == (said.refund_id or None):
        return
    ours.refund_id = said.refund_id or ours.refund_id
    ours.state, ours.error = state, said.failure[:200]
    ours.save()
    order.record(f"refund_{state}", amount=ours.amount, refund=str(ours.key))
    if state == Refund.State.SUCCEEDED:
        tasks.mail.enqueue(order.pk, f"refunded:{ours.pk}")
    elif state == Refund.State.FAILED:
        order.call_for(Order.Attention.REFUND_FAILED, amount=ours.amount)
        tasks.alarm.enqueue(order.pk)


def everything(order: Order) -> Wanted:
    """All that has not been given back: every unit, and delivery."""
    units = {line.pk: line.quantity - line.refunded_quantity for line in order.lines.all()}
    return Wanted(units=units, shipping=left_of_shipping(order))


@transaction.atomic
def cancel(order: Order, *, reason: str = "", by: Any = None) -> Refund | None:
    """The owner cancels a paid order that has not left: everything is given back, the units are free again.

    Raises MoveNotAllowed once a parcel left: then units come back by a refund.
    """
    locked = Order.objects.locked().get(pk=order.pk)
    if locked.parcels.exclude(shipped_at=None).exists():
        raise MoveNotAllowed(locked, Order.State.CANCELLED)
    refund = _everything_back(locked, reason, by)
    locked.refresh_from_db()
    locked.move(Order.State.CANCELLED, by=by, reason=reason)
    tasks.mail.enqueue(locked.pk, "cancelled")
    return refund


def _everything_back(order: Order, reason: str, by: Any) -> Refund | None:
    """By lines where the sums agree; where Stripe took or gave back other amounts, whatever is left of each payment."""
    wanted = everything(order)
    asked = sum(
        value
        for _line, _units, value in _parts({row.pk: row for row in order.lines.all()}, wanted, left_of_lines(order))
    )
    payments = list(order.payments.order_by("-amount", "pk"))
    if len(payments) < 2 and asked + wanted.shipping == sum(left_to_refund(row) for row in payments):
        return start(order, wanted, reason=reason, by=by)
    for line in order.lines.all():
        _take_back(line, line.quantity - line.refunded_quantity, restock=True, by=by)
    made = [refund for refund in (give_back(row, reason=reason, by=by) for row in payments) if refund]
    return made[0] if made else None
