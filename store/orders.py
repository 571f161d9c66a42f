"""The order's life after Stripe spoke: settle, lapse, cancel. Two doors (webhook, return page), one room."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from store import cart, fulfilment, gateway, promises, subscriptions, tasks
from store.models import Attempt, Order, Payment
from store.models.order import ADDRESS, PERSON


def find_attempt(session_id: str, reference: str = "") -> Attempt | None:
    """By the session, else by the reference that we gave it (the answer to the call may have been lost)."""
    found = Attempt.objects.filter(session_id=session_id).first()
    if found is None and reference:
        try:
            found = Attempt.objects.filter(public_id=reference).first()
        except (ValueError, TypeError):
            return None
    return found


def settle(session_id: str) -> Order | None:
    """Read the session at Stripe and bring the order up to it. None: not ours. May run twice, in any order."""
    said = gateway.read_session(session_id)
    attempt = find_attempt(said.session_id, said.reference)
    return settle_attempt(attempt.pk, said) if attempt else None


@transaction.atomic
def settle_attempt(attempt_id: int, said: gateway.Settlement, *, keep_order: bool = False, by: str = "") -> Order:
    """Bring one attempt and its order to what Stripe says of the session.

    `keep_order`: an expired session does not end the order, another attempt follows. `by` names who found it.
    """
    order = Order.objects.locked().get(attempts__pk=attempt_id)
    attempt = order.attempts.get(pk=attempt_id)
    if attempt.session_id is None:
        attempt.session_id = said.session_id
    if said.status == "complete":
        order.meet(said.person)
        completed(order)
    if said.is_paid:
        _paid(order, attempt, said, by)
    elif said.is_failed or said.status == "expired":
        if said.subscription:
            tasks.end_stray.enqueue(said.subscription.stripe_id)
        _over(order, attempt, failed=said.is_failed, keep_order=keep_order, by=by)
    elif said.status == "complete":
        _pending(order, attempt, by)
    elif attempt.state == Attempt.State.OPENING:
        attempt.state = Attempt.State.OPEN
        attempt.save()
    return order


def _pending(order: Order, attempt: Attempt, by: str) -> None:
    """A delayed method: the buyer did their part, the money is on its way; the units stay reserved."""
    if attempt.state in {Attempt.State.OPENING, Attempt.State.OPEN}:
        attempt.state = Attempt.State.COMPLETE
        attempt.save()
        if Order.State.PENDING in Order.MOVES[order.state]:
            order.move(Order.State.PENDING, found_by=by)
            tasks.mail.enqueue(order.pk, "pending")
            if order.cart:
                cart.take_out(order.cart, order)


def _over(order: Order, attempt: Attempt, *, failed: bool, keep_order: bool, by: str) -> None:
    """The session is dead, as Stripe says: only now units are freed."""
    if attempt.state in {Attempt.State.EXPIRED, Attempt.State.FAILED, Attempt.State.SETTLED}:
        return
    attempt.state = Attempt.State.FAILED if failed else Attempt.State.EXPIRED
    attempt.save()
    alive = order.attempts.unsettled().exists()
    if keep_order or alive or not order.is_open:
        return
    promises.release(order)
    order.move(Order.State.LAPSED, reason="payment_failed" if failed else "expired", found_by=by)
    if failed:
        tasks.mail.enqueue(order.pk, "failed")


def _paid(order: Order, attempt: Attempt, said: gateway.Settlement, by: str) -> None:
    """Money is there. Recorded once; a second payment of the same order goes to the desk."""
    if Payment.objects.filter(attempt=attempt).exists():
        return
    if said.livemode != settings.STRIPE_LIVE:
        order.record("other_mode", session=said.session_id)
        return
    was_paid = order.paid_at is not None
    Payment.objects.create(
        order=order, attempt=attempt, intent_id=said.intent_id, amount=said.amount, currency=said.currency,
        livemode=said.livemode,
    )  # fmt: skip
    attempt.state = Attempt.State.SETTLED
    attempt.save()
    if said.customer and order.user and not order.user.stripe_customer:
        order.user.stripe_customer = said.customer
        order.user.save(update_fields=["stripe_customer"])
    subscriptions.begin(order, said.subscription)
    if was_paid:
        order.call_for(Order.Attention.DOUBLE, session=said.session_id)
        tasks.alarm.enqueue(order.pk)
        return
    late = not order.is_open
    order.mark_paid(session=said.session_id, found_by=by)
    if (said.amount, said.currency) != (attempt.amount, attempt.currency):
        order.call_for(Order.Attention.MISMATCH, asked=attempt.amount, got=said.amount, currency=said.currency)
        tasks.alarm.enqueue(order.pk)
    if not order.is_complete:
        order.call_for(Order.Attention.INCOMPLETE)
        tasks.alarm.enqueue(order.pk)
    if late:
        _hold_late(order)
    _after_payment(order)


def completed(order: Order, *, by: Any = None) -> None:
    """What was missing is there: the order goes on and its receipt goes out. May run twice; the row is locked."""
    if order.attention and order.is_complete and order.settle(Order.Attention.INCOMPLETE, by=by):
        tasks.fulfil.enqueue(order.pk)
        tasks.mail.enqueue(order.pk, "receipt")


@transaction.atomic
def correct(order: Order, person: Mapping[str, str], *, by: Any = None) -> list[str]:
    """The owner puts right who bought and where it goes; returns the names of the fields that changed.

    The timeline keeps those names, not what stood there. A receipt that never went out goes out now.
    """
    locked = Order.objects.locked().get(pk=order.pk)
    allowed = (*PERSON, *ADDRESS) if locked.is_sent else PERSON
    changed = [name for name in allowed if name in person and person[name] != getattr(locked, name)]
    if not changed or not locked.is_correctable:
        return []
    for name in changed:
        setattr(locked, name, person[name])
    locked.save(update_fields=changed)
    locked.record("corrected", by=by, fields=changed)
    completed(locked, by=by)
    if locked.paid_at and not locked.mails.filter(key="receipt").exists():
        tasks.mail.enqueue(locked.pk, "receipt")
    return changed


def _hold_late(order: Order) -> None:
    """Paid after its units were freed: hold anew what is free; the rest is for the owner to decide, at once."""
    short = promises.hold_late(order, ask_at=timezone.now())
    if short:
        order.call_for(Order.Attention.OVERSOLD, lines=short)
        tasks.mail.enqueue(order.pk, "oversold")
        tasks.alarm.enqueue(order.pk)


def _after_payment(order: Order) -> None:
    promises.keep(order)
    if order.cart:
        cart.take_out(order.cart, order)
    tasks.fulfil.enqueue(order.pk)
    tasks.mail.enqueue(order.pk, "receipt")
    tasks.tell_owner.enqueue(order.pk)


@transaction.atomic
def settle_free(order: Order) -> None:
    """Nothing to pay: the order lives the same life without Stripe."""
    if order.mark_paid(free=True):
        _after_payment(order)


@transaction.atomic
def fail_attempt(attempt_id: int, error: str) -> None:
    """Stripe refused to open the session: the order is over and its units are free."""
    order = Order.objects.locked().get(attempts__pk=attempt_id)
    changed = order.attempts.filter(pk=attempt_id, state=Attempt.State.OPENING).update(
        state=Attempt.State.FAILED, error=error
    )
    if changed and order.is_open and not order.attempts.unsettled().exists():
        promises.release(order)
        order.move(Order.State.LAPSED, reason="refused")


@transaction.atomic
def resolve(order: Order, reason: str, *, by: Any, honour: bool) -> None:
    """The owner dealt with one reason on her desk; `honour`: send all that was bought all the same.

    Raises OutOfStock when she honours a line whose units are not there yet. A second call changes nothing.
    """
    locked = Order.objects.locked().get(pk=order.pk)
    if not locked.settle(reason, by=by, honour=honour):
        return
    if honour and reason == Order.Attention.OVERSOLD:
        _promise_anew(locked)
    if locked.state == Order.State.PAID:
        tasks.fulfil.enqueue(locked.pk)


def _promise_anew(order: Order) -> None:
    """Hold the units of the lines that had none; raises OutOfStock."""
    for line in order.lines.select_related("offer").order_by("pk"):
        if line.quantity > line.refunded_quantity and fulfilment.is_short(line):
            promises.hold([line], ask_at=timezone.now())
    promises.keep(order)
