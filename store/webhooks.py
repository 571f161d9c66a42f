"""What each kind of notice from Stripe means. The notice is only a knock: the object is read anew."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from store import gateway, orders, refunds, renewals, subscriptions, tasks
from store.models import Attempt, Order, Payment, StripeEvent


def keep(notice: gateway.Notice) -> bool:
    """Store a verified notice under its own id, and have it handled. False: it was there already."""
    try:
        with transaction.atomic():
            row = StripeEvent.objects.create(
                event_id=without_nul(notice.event_id), type=without_nul(notice.type), livemode=notice.livemode,
                object_id=without_nul(notice.object_id), body=redacted(notice.body),
            )  # fmt: skip
            tasks.handle_event.enqueue(row.pk)
    except IntegrityError:
        return False
    return True


def redacted(body: dict[str, object]) -> dict[str, object]:
    """The envelope without the object: personal data is read from Stripe when needed, not kept here."""
    kept: dict[str, object] = without_nul({key: value for key, value in body.items() if key != "data"})
    return kept


def without_nul(said: Any) -> Any:
    """The same without the sign that PostgreSQL keeps in no text: refused for it, a notice would come again for days."""
    if isinstance(said, str):
        return said.replace("\0", "")
    if isinstance(said, dict):
        return {without_nul(key): without_nul(value) for key, value in said.items()}
    return [without_nul(value) for value in said] if isinstance(said, list) else said


def handle(event_id: int) -> None:
    """Do what a stored notice asks for. May run twice; raises StripeUnavailable to be tried again."""
    event = StripeEvent.objects.get(pk=event_id)
    if event.handled_at:
        return
    if event.livemode != settings.STRIPE_LIVE:
        outcome = "other_mode"
    else:
        handler = HANDLERS.get(event.type)
        outcome = handler(event.object_id) if handler else "unknown"
    StripeEvent.objects.filter(pk=event_id).update(handled_at=timezone.now(), outcome=outcome)


def session(object_id: str) -> str:
    """A Checkout Session changed."""
    return "done" if orders.settle(object_id) else "not_ours"


def refund(object_id: str) -> str:
    """A refund was made or changed."""
    intent = gateway.read_refund_intent(object_id)
    return "done" if intent and refunds.record(intent) else "not_ours"


def charge(object_id: str) -> str:
    """A charge was given back in part or whole."""
    intent = gateway.read_charge_intent(object_id)
    return "done" if intent and refunds.record(intent) else "not_ours"


def subscription(object_id: str) -> str:
    """A subscription began, changed or ended."""
    return "done" if _followed(object_id) else "not_ours"


def invoice(object_id: str) -> str:
    """An invoice of a subscription was paid, or could not be."""
    said = gateway.read_invoice(object_id)
    if not said.stripe_id or not _followed(said.stripe_id):
        return "not_ours"
    renewals.unbilled(said)
    renewals.failed(said)
    renewals.record(said)
    return "done"


def _followed(stripe_id: str) -> bool:
    """Bring ours up to it; where this notice came before that of the session, the session is settled first."""
    if subscriptions.follow(stripe_id):
        return True
    reference = gateway.read_subscription(stripe_id).reference
    attempt = Attempt.objects.filter(public_id=reference).first() if _is_uuid(reference) else None
    if attempt is None or not attempt.session_id:
        return False
    orders.settle(attempt.session_id)
    return subscriptions.follow(stripe_id) is not None


def _is_uuid(text: str) -> bool:
    with suppress(ValueError):
        return bool(uuid.UUID(text))
    return False


def dispute(object_id: str) -> str:
    """The buyer's bank asks, or has decided: nothing leaves the house while a dispute runs or after a lost one."""
    said = gateway.read_dispute(object_id)
    payment = Payment.objects.filter(intent_id=said.intent_id).first() if said.intent_id else None
    if payment is None:
        return "not_ours"
    with transaction.atomic():
        order = Order.objects.locked().get(pk=payment.order_id)
        if said.is_lost:
            _call_once(order, Order.Attention.DISPUTE_LOST, object_id)
        elif not said.is_over:
            _call_once(order, Order.Attention.DISPUTE, object_id)
        _stop(order, is_lost=said.is_lost, is_over=said.is_over)
        if said.is_lost or said.is_over:
            _close(order, object_id, said.status)
    return "done"


def early_fraud(object_id: str) -> str:
    """The card's bank suspects it is stolen: the owner decides before anything leaves; most such end in a dispute."""
    intent = gateway.read_warning(object_id)
    payment = Payment.objects.filter(intent_id=intent).first() if intent else None
    if payment is None:
        return "not_ours"
    with transaction.atomic():
        order = Order.objects.locked().get(pk=payment.order_id)
        _call_once(order, Order.Attention.EARLY_FRAUD, object_id)
    return "done"


def _stop(order: Order, *, is_lost: bool, is_over: bool) -> None:
    """Who disputes a payment is not charged again; what is lost is given no longer."""
    for line in order.lines.select_related("offer", "order"):
        row = subscriptions.of(line)
        if row is None or (is_over and not is_lost):
            continue
        if not is_lost:
            subscriptions.cancel(row)
        elif subscriptions.cancel_now(row) and row.offer.sellable:
            row.offer.sellable.revoke(row.line, row.line.quantity)


def _call_once(order: Order, reason: str, dispute_id: str) -> None:
    if not order.events.filter(kind="attention", data__reason=str(reason), data__dispute=dispute_id).exists():
        order.call_for(reason, dispute=dispute_id)
        tasks.alarm.enqueue(order.pk)


def _close(order: Order, dispute_id: str, status: str) -> None:
    """Write down the bank's decision, once; the stop is lifted when no other dispute of the order runs."""
    if order.events.filter(kind="dispute_closed", data__dispute=dispute_id).exists():
        return
    order.record("dispute_closed", dispute=dispute_id, status=status)
    asked = order.events.filter(kind="attention", data__reason=str(Order.Attention.DISPUTE))
    closed = order.events.filter(kind="dispute_closed")
    running = {row.data.get("dispute") for row in asked} - {row.data.get("dispute") for row in closed}
    if not running and order.settle(Order.Attention.DISPUTE):
        tasks.fulfil.enqueue(order.pk)


HANDLERS: dict[str, Callable[[str], str]] = {
    "checkout.session.completed": session,
    "checkout.session.async_payment_succeeded": session,
    "checkout.session.async_payment_failed": session,
    "checkout.session.expired": session,
    "refund.created": refund,
    "refund.updated": refund,
    "refund.failed": refund,
    "charge.refunded": charge,
    "charge.dispute.created": dispute,
    "charge.dispute.updated": dispute,
    "charge.dispute.closed": dispute,
    "customer.subscription.created": subscription,
    "customer.subscription.updated": subscription,
    "customer.subscription.deleted": subscription,
    "invoice.paid": invoice,
    "invoice.payment_failed": invoice,
    "invoice.payment_action_required": invoice,
    "invoice.finalization_failed": invoice,
    "radar.early_fraud_warning.created": early_fraud,
}
