"""The only writer of Subscription: it follows what Stripe says, and what was asked here counts at once. All may run twice.

What a verb asks of Stripe is written down as a wish first and taken there by a task: an outage delays it, never undoes it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from store import gateway, pricing, tasks
from store.exceptions import CannotBeSold
from store.models import Offer, Order, OrderLine, Subscription

Status, Wish = Subscription.Status, Subscription.Wish
DAY = timedelta(hours=20)
HOUR = timedelta(hours=1)


def begin(order: Order, said: gateway.SubscriptionState | None) -> None:
    """A session in subscription mode was paid: its subscription is known from now on. The order is locked.

    A second one for the same line (paid in two windows) is ended at Stripe; its money is on the owner's desk.
    """
    line = recurring(order.lines.select_related("offer")) if said else None
    if said is None or line is None or Subscription.objects.filter(stripe_id=said.stripe_id).exists():
        return
    if Subscription.objects.filter(line=line).exists():
        tasks.end_stray.enqueue(said.stripe_id)
        return
    row = Subscription.objects.create(
        shop=order.shop, line=line, user=order.user, offer=line.offer, stripe_id=said.stripe_id, customer=said.customer,
        status=said.status, period_start=said.period_start, period_end=said.period_end,
        ended_at=said.ended_at or (timezone.now() if said.status == Status.CANCELED else None),
    )  # fmt: skip
    order.record("subscription", status=row.status)


def recurring(lines: Iterable[OrderLine]) -> OrderLine | None:
    """The line that is paid for again and again; an order has one at most."""
    return next((line for line in lines if line.offer.interval), None)


def of(line: OrderLine) -> Subscription | None:
    """The subscription that a line began or renews."""
    return of_order(line.order) if line.offer.interval else None


def of_order(order: Order) -> Subscription | None:
    """The subscription that an order began or renews."""
    found = Subscription.objects.filter(line__order=order.origin_id or order.pk)
    return found.select_related("line", "offer").first()


def follow(stripe_id: str) -> Subscription | None:
    """Read it at Stripe, bring ours up to it, and tell what was bought. None: not ours."""
    row = Subscription.objects.filter(stripe_id=stripe_id).first()
    return _apply(row.pk, gateway.read_subscription(stripe_id)) if row else None


@transaction.atomic
def _apply(pk: int, said: gateway.SubscriptionState) -> Subscription:
    row = Subscription.objects.locked().get(pk=pk)
    was = (row.status, row.period_end, row.cancel_at_period_end)
    _meet_wish(row, said)
    if said.period_start > row.period_start and row.next_offer_id:
        row.offer_id, row.next_offer_id = row.next_offer_id, None
    row.period_start, row.period_end = said.period_start, said.period_end
    row.customer, row.checked_at = said.customer, timezone.now()
    row.paused_until = said.paused_until
    row.status = _status(row, said)
    if row.status in {Status.CANCELED, Status.INCOMPLETE_EXPIRED} and row.ended_at is None:
        row.ended_at = said.ended_at or timezone.now()
    row.save()
    if was != (row.status, row.period_end, row.cancel_at_period_end):
        row.line.order.record("subscription", status=row.status, until=row.period_end.isoformat())
    if row.ended_at and was[0] in {Status.PAST_DUE, Status.UNPAID}:
        tasks.mail.enqueue(row.line.order_id, "ended")
    tell(row)
    return row


def _meet_wish(row: Subscription, said: gateway.SubscriptionState) -> None:
    """What was asked here stands until Stripe says the same; the time it came too late for is over all the same."""
    rolled = said.period_start > row.period_start
    if said.ended_at or said.status == Status.CANCELED:
        row.wish = Wish.NONE
    elif row.wish == Wish.CANCEL and rolled:
        row.wish, row.ended_at = Wish.END, row.period_end
        tasks.wish.enqueue(row.pk)
    elif row.wish == (Wish.CANCEL if said.cancel_at_period_end else Wish.RESUME):
        row.wish = Wish.NONE
    if row.wish == Wish.NONE:
        row.cancel_at_period_end = said.cancel_at_period_end


def _status(row: Subscription, said: gateway.SubscriptionState) -> str:
    """Ended here is ended; a period whose invoice was dropped while paused was not paid for."""
    if row.ended_at or said.ended_at:
        return str(Status.CANCELED)
    if said.is_unpaid and said.status == Status.ACTIVE:
        return str(Status.PAUSED)
    return said.status


def tell(row: Subscription) -> None:
    """What was bought follows; by the kind of what the running period is for."""
    sellable = row.offer.sellable
    if sellable:
        sellable.follow(row.line, row)


@transaction.atomic
def cancel(row: Subscription, *, by: Any = None) -> bool:
    """End it with the period that is paid. False: it ends already."""
    fresh = Subscription.objects.locked().get(pk=row.pk)
    if not fresh.is_alive or fresh.cancel_at_period_end:
        return False
    return _wish(fresh, Wish.CANCEL, ends=True, by=by)


@transaction.atomic
def resume(row: Subscription, *, by: Any = None) -> bool:
    """Let it go on after all, while its period runs. False: it was not to end, or has ended."""
    fresh = Subscription.objects.locked().get(pk=row.pk)
    if not fresh.is_alive or not fresh.cancel_at_period_end or fresh.period_end <= timezone.now():
        return False
    return _wish(fresh, Wish.RESUME, ends=False, by=by)


@transaction.atomic
def cancel_now(row: Subscription, *, by: Any = None) -> bool:
    """End it at once: nothing is given and nothing taken from now on. False: it has ended."""
    fresh = Subscription.objects.locked().get(pk=row.pk)
    if not fresh.is_alive:
        return False
    fresh.ended_at, fresh.status = timezone.now(), Status.CANCELED
    return _wish(fresh, Wish.END, ends=True, by=by)


def cancel_lines(lines: Iterable[int]) -> None:
    """End, each with its period, what these lines (their keys) began."""
    for row in Subscription.objects.alive().filter(line__in=list(lines)):
        cancel(row)


def _wish(row: Subscription, wish: str, *, ends: bool, by: Any) -> bool:
    row.wish, row.cancel_at_period_end = wish, ends
    row.save()
    row.line.order.record("subscription", by=by, wish=str(wish), until=row.period_end.isoformat())
    tell(row)
    tasks.wish.enqueue(row.pk)
    return True


def send(pk: int) -> None:
    """Take what was asked to Stripe, then read it back. Outside any transaction. Raises StripeUnavailable."""
    row = Subscription.objects.get(pk=pk)
    if row.wish == Wish.END:
        gateway.end_subscription(row.stripe_id)
    elif row.wish in {Wish.CANCEL, Wish.RESUME}:
        said = _apply(row.pk, gateway.read_subscription(row.stripe_id))
        if said.wish == row.wish:
            gateway.change_subscription(row.stripe_id, {"cancel_at_period_end": row.wish == Wish.CANCEL})
    if row.wish:
        follow(row.stripe_id)


def pause(row: Subscription, until: datetime) -> Subscription | None:
    """Take nothing until then; the time that is paid runs on. Raises StripeUnavailable."""
    values = {"pause_collection": {"behavior": "void", "resumes_at": int(until.timestamp())}}
    gateway.change_subscription(row.stripe_id, values)
    return follow(row.stripe_id)


def unpause(row: Subscription) -> Subscription | None:
    """Take money again from the next period on. Raises StripeUnavailable."""
    gateway.change_subscription(row.stripe_id, {"pause_collection": ""})
    return follow(row.stripe_id)


def change(row: Subscription, offer: Offer, *, audiences: frozenset[str] = pricing.PUBLIC) -> Subscription | None:
    """Another plan from the next period on, for its price of today; what is paid is given until then.

    Raises CannotBeSold (another rhythm, no price), StripeUnavailable and StripeRefused.
    """
    quote = pricing.quote(offer, audiences=audiences)
    sellable = offer.sellable
    if quote is None or sellable is None or offer.interval != row.offer.interval or not row.is_alive:
        raise CannotBeSold(offer, "gone" if quote is None else "other_rhythm")
    title = sellable.title(row.line.order.locale)
    product = gateway.make_product(title, sellable.sku(), f"plan:{row.stripe_id}:{offer.pk}")
    price = {
        "currency": offer.currency.lower(), "unit_amount": quote.unit, "product": product,
        "recurring": {"interval": offer.interval},
    }  # fmt: skip
    item = gateway.read_subscription(row.stripe_id).item_id
    values = {"items": [{"id": item, "price_data": price}], "proration_behavior": "none"}
    gateway.change_subscription(row.stripe_id, values)
    with transaction.atomic():
        fresh = Subscription.objects.locked().get(pk=row.pk)
        fresh.next_offer = None if offer.pk == fresh.offer_id else offer
        fresh.save(update_fields=["next_offer"])
        fresh.line.order.record("subscription", offer=offer.pk)
    return follow(row.stripe_id)


def mine(user: Any) -> QuerySet[Subscription]:
    """A person's own, and those of the orders that are theirs."""
    own = Q(user=user) | Q(line__order__user=user)
    return Subscription.objects.filter(own) if user.is_authenticated else Subscription.objects.none()


def portal_url(user: Any, return_url: str) -> str | None:
    """Stripe's page where this person's card is put right; None: nothing of theirs is paid again and again."""
    row = mine(user).exclude(customer="").order_by("ended_at", "-pk").first()
    return gateway.portal(row.customer, return_url) if row else None


def due(now: datetime) -> QuerySet[Subscription]:
    """Those to read again, whatever notices came: daily, soon after a period's end, and while something is asked."""
    over = Q(period_end__lt=now - HOUR, checked_at__lt=now - HOUR)
    unsent = ~Q(wish="") & Q(checked_at__lt=now - timedelta(minutes=5))
    return Subscription.objects.filter(Q(ended_at=None) & (Q(checked_at__lt=now - DAY) | over) | unsent)
