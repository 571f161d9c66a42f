"""What each kind of notice from Stripe means. The notice is only a knock: the object is read anew."""

from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from store import gateway, orders, refunds, tasks
from store.models import Order, Payment, StripeEvent


def keep(notice: gateway.Notice) -> bool:
    """Store a verified notice under its own id, and have it handled. False: it was there already."""
    try:
        with transaction.atomic():
            row = StripeEvent.objects.create(
                event_id=notice.event_id, type=notice.type, object_id=notice.object_id, livemode=notice.livemode,
                body=redacted(notice.body),
            )  # fmt: skip
            tasks.handle_event.enqueue(row.pk)
    except IntegrityError:
        return False
    return True


def redacted(body: dict[str, object]) -> dict[str, object]:
    """The envelope without the object: personal data is read from Stripe when needed, not kept here."""
    return {key: value for key, value in body.items() if key != "data"}


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


def dispute(object_id: str) -> str:
    """The buyer's bank asks: nothing more leaves the house before the owner looked."""
    intent = gateway.read_dispute_intent(object_id)
    payment = Payment.objects.filter(intent_id=intent).first() if intent else None
    if payment is None:
        return "not_ours"
    with transaction.atomic():
        order = Order.objects.locked().get(pk=payment.order_id)
        if not order.events.filter(data__dispute=object_id).exists():
            order.call_for(Order.Attention.DISPUTE, dispute=object_id)
            tasks.alarm.enqueue(order.pk)
    return "done"


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
}
