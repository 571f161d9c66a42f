"""A subscription that ends before its period does, with the money of the days that are left, or all of it, given back.

Whoever was not told in time that a yearly term renews itself may leave at any moment, and gets those days back within
thirty days (C. conso L215-1, paragraph 2).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from store import refunds, renewals, subscriptions
from store.models import Order, OrderLine, Refund, Subscription

A_DAY = timedelta(days=1)
"""Stripe's clock and ours may differ; a period lasts a month at least."""


def running_line(row: Subscription) -> OrderLine | None:
    """What the running period was paid with; None: nothing was paid for it."""
    rows = OrderLine.objects.filter(Q(pk=row.line_id) | Q(order__origin=row.line.order_id)).exclude(offer__interval="")
    line = rows.filter(order__paid_at__isnull=False).select_related("order").order_by("-pk").first()
    if line is None or row.status != Subscription.Status.ACTIVE:
        return None
    return line if line.order.paid_at and line.order.paid_at >= row.period_start - A_DAY else None


def whole(row: Subscription) -> int:
    """What is left of the running period's payment, in minor units."""
    line = running_line(row)
    return refunds.left_of_lines(line.order)[line.pk] if line else 0


def unused(row: Subscription, at: datetime | None = None) -> int:
    """The part of that for the days to come, in minor units; rounded for the buyer."""
    at = at or timezone.now()
    line = running_line(row)
    if line is None or at >= row.period_end:
        return 0
    length, left = row.period_end - row.period_start, row.period_end - max(at, row.period_start)
    share = -(-line.amount * int(left.total_seconds()) // max(int(length.total_seconds()), 1))
    return min(share, whole(row))


@transaction.atomic
def part(row: Subscription, amount: int, *, reason: str = "", by: Any = None) -> Refund | None:
    """End it now and give `amount` minor units of the running period back. None: nothing to give, or it had ended.

    May run twice. Raises refunds.TooMuch.
    """
    line = running_line(row)
    if not subscriptions.cancel_now(row, by=by) or line is None or not amount:
        return None
    order = Order.objects.get(pk=line.order_id)
    is_all = amount == refunds.left_of_lines(order)[line.pk]
    wanted = refunds.Wanted(units={line.pk: 1}) if is_all else refunds.Wanted(gestures={line.pk: amount})
    return refunds.start(order, wanted, reason=reason, by=by)


def is_free_to_leave(row: Subscription) -> bool:
    """Its yearly term was renewed and its buyer not told in the window of the law."""
    return row.is_alive and renewals.was_renewed_untold(row)
