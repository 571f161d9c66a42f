"""Every open or recent attempt compared with Stripe and repaired; what was repaired stands in the order's timeline."""

import logging
import traceback
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from store import checkout, gateway, orders, refunds, renewals, subscriptions, webhooks
from store.exceptions import StripeRefused, StripeUnavailable
from store.models import Attempt, Order, Payment, Refund, StripeEvent, Subscription

log = logging.getLogger(__name__)
FRESH = timedelta(seconds=45)
RECENT = timedelta(days=2)


@dataclass
class Result:
    """How many were looked at, repaired, could not be asked about, and failed by a fault of ours."""

    looked: int = 0
    repaired: int = 0
    unknown: int = 0
    failed: int = 0


def run(*, everything: bool = False) -> Result:
    """Look at all that is open or recent (`everything`: at fresh ones too). May run twice and side by side.

    Never stops half-way: who calls it tells of `failed`.
    """
    result = Result()
    before = timezone.now() if everything else timezone.now() - FRESH
    for pk in Attempt.objects.unsettled().filter(made_at__lt=before).values_list("pk", flat=True):
        _count(result, lambda pk=pk: attempt(pk, by="reconcile"))
    recent = timezone.now() - RECENT
    for pk in Refund.objects.filter(state=Refund.State.ASKED, made_at__lt=before).values_list("pk", flat=True):
        _count(result, lambda pk=pk: refunds.send(pk).state != Refund.State.ASKED)
    for payment in Payment.objects.filter(received_at__gt=recent).exclude(intent_id=None):
        _count(result, lambda payment=payment: _refunds(payment))
    for row in subscriptions.due(timezone.now()):
        _count(result, lambda row=row: _subscription(row))
    for pk in StripeEvent.objects.filter(handled_at=None, received_at__lt=before).values_list("pk", flat=True):
        _count(result, lambda pk=pk: _event(pk))
    return result


def _count(result: Result, act: object) -> None:
    """One row. What goes wrong with it keeps no other from its turn; the log has the place, never what was in it."""
    result.looked += 1
    try:
        result.repaired += bool(act())  # type: ignore[operator]
    except (StripeUnavailable, StripeRefused):
        result.unknown += 1
    except Exception as error:  # noqa: BLE001 - whatever it is, the rows behind are looked at
        result.failed += 1
        place = "".join(traceback.format_tb(error.__traceback__))
        log.error("reconcile: a row could not be looked at: %s\n%s", type(error).__name__, place)


def attempt(attempt_id: int, *, by: str) -> bool:
    """Bring one attempt to what Stripe says. True: something changed. Raises StripeUnavailable."""
    row = Attempt.objects.select_related("order").get(pk=attempt_id)
    if row.state not in {Attempt.State.OPENING, Attempt.State.OPEN, Attempt.State.COMPLETE}:
        return False
    was = (row.state, row.order.state)
    try:
        said = gateway.read_session(row.session_id) if row.session_id else checkout.open_attempt(row)
    except StripeRefused:
        row.refresh_from_db()
        return row.state != was[0]
    if row.session_id and said.status == "open" and timezone.now() > row.expires_at + checkout.GRACE:
        said = gateway.expire_session(said.session_id)
    orders.settle_attempt(attempt_id, said, by=by)
    row.refresh_from_db()
    order = Order.objects.get(pk=row.order_id)
    return (row.state, order.state) != was


def _refunds(payment: Payment) -> bool:
    if gateway.amount_refunded(payment.intent_id or "") == payment.refunded:
        return False
    refunds.record(payment.intent_id or "")
    return True


def _subscription(row: Subscription) -> bool:
    """The daily look: what no notice told of."""
    was = (row.status, row.period_end, row.wish)
    found = renewals.bring(row)
    return found is not None and (found.status, found.period_end, found.wish) != was


def _event(pk: int) -> bool:
    webhooks.handle(pk)
    return True
