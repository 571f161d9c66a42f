"""The only writer of Subscription: it follows what Stripe says, and what was asked here counts at once. All may run twice.

What a verb asks of Stripe is written down as a wish first and taken there by a task: an outage delays it, never undoes it.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from store import gateway, pricing, tasks
from store.exceptions import CannotBeSold, StripeUnavailable
from store.models import Offer, Order, OrderLine, Subscription

Status, Wish = Subscription.Status, Subscription.Wish
DAY = timedelta(hours=20)
HOUR = timedelta(hours=1)
READINGS = 5


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
    return _read(row)[0] if row else None


def _read(row: Subscription) -> tuple[Subscription, gateway.SubscriptionState]:
    """Ours as Stripe says now. What was read while another reading or word came in between is read again: never older over newer.

    Raises StripeUnavailable.
    """
    for _time in range(READINGS):
        turn = Subscription.objects.values_list("turn", flat=True).get(pk=row.pk)
        said = gateway.read_subscription(row.stripe_id)
        fresh = _apply(row.pk, said, turn)
        if fresh:
            return fresh, said
    raise StripeUnavailable("it changed at each reading")


@transaction.atomic
def _apply(pk: int, said: gateway.SubscriptionState, turn: int) -> Subscription | None:
    """None: something was written since `turn`, before which this reading may have begun."""
    row = Subscription.objects.locked().get(pk=pk)
    if row.turn != turn:
        return None
    was = (row.status, row.period_end, row.cancel_at_period_end, row.offer_id)
    _meet_wish(row, said)
    _meet_plan(row, said)
    _meet_pause(row, said)
    row.period_start, row.period_end = said.period_start, said.period_end
    row.customer, row.checked_at, row.turn = said.customer, timezone.now(), turn + 1
    row.status = _status(row, said)
    if row.status in {Status.CANCELED, Status.INCOMPLETE_EXPIRED} and row.ended_at is None:
        row.ended_at = said.ended_at or timezone.now()
    row.save()
    if was != (row.status, row.period_end, row.cancel_at_period_end, row.offer_id):
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


def _meet_plan(row: Subscription, said: gateway.SubscriptionState) -> None:
    """The running period is for what it was billed for; the next one for what was asked here, until Stripe says so."""
    if row.ended_at or said.ended_at:
        row.is_plan_asked = False
    if row.is_plan_asked and said.offer_id == row.next_offer_id:
        row.is_plan_asked = False
    told = Offer.objects.filter(pk=said.offer_id, shop=row.shop_id).first() if said.offer_id else None
    if told and said.offer_from and said.offer_from <= said.period_start:
        row.offer = told
    elif told and not row.is_plan_asked:
        row.next_offer = told
    if not row.is_plan_asked and row.next_offer_id == row.offer_id:
        row.next_offer = row.next_amount = None


def _meet_pause(row: Subscription, said: gateway.SubscriptionState) -> None:
    """A pause, or its end, stands until Stripe says the same or its time is over."""
    over = row.paused_until is not None and row.paused_until <= timezone.now()
    if over or row.paused_until == said.paused_until or row.ended_at or said.ended_at:
        row.is_pause_asked = False
    if not row.is_pause_asked:
        row.paused_until = said.paused_until


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


def _wish(row: Subscription, wish: str, *, ends: bool, by: Any) -> bool:
    row.wish, row.cancel_at_period_end = wish, ends
    return _ask(row, by, wish=str(wish))


def _ask(row: Subscription, by: Any, **what: Any) -> bool:
    """Write down what was asked, and have it taken to Stripe. The row is locked."""
    row.turn += 1
    row.save()
    row.line.order.record("subscription", by=by, until=row.period_end.isoformat(), **what)
    tell(row)
    tasks.wish.enqueue(row.pk)
    return True


@transaction.atomic
def pause(row: Subscription, until: datetime, *, by: Any = None) -> bool:
    """Take nothing until then; the time that is paid runs on. False: it has ended, or ends."""
    fresh = Subscription.objects.locked().get(pk=row.pk)
    if not fresh.is_alive or fresh.cancel_at_period_end or until <= timezone.now():
        return False
    fresh.paused_until, fresh.is_pause_asked = until.replace(microsecond=0), True
    return _ask(fresh, by, paused=until.isoformat())


@transaction.atomic
def unpause(row: Subscription, *, by: Any = None) -> bool:
    """Take money again from the next period on. False: no pause."""
    fresh = Subscription.objects.locked().get(pk=row.pk)
    if not fresh.is_alive or fresh.paused_until is None:
        return False
    fresh.paused_until, fresh.is_pause_asked = None, True
    return _ask(fresh, by, paused="")


@transaction.atomic
def change(
    row: Subscription, offer: Offer, *, audiences: frozenset[str] = pricing.PUBLIC, by: Any = None
) -> Subscription:
    """Another plan from the next period on, for its price of today; what is paid is given until then.

    The running one: all stays as it is, at what is paid now. Raises CannotBeSold (another rhythm, no price).
    """
    fresh = Subscription.objects.locked().get(pk=row.pk)
    amount = renewed_for(fresh) if offer.pk == fresh.offer_id else _asked_for(offer, audiences)
    if offer.interval != fresh.offer.interval or offer.shop_id != fresh.shop_id or not fresh.is_alive:
        raise CannotBeSold(offer, "other_rhythm")
    if fresh.next_offer_id == offer.pk or (fresh.next_offer_id is None and offer.pk == fresh.offer_id):
        return fresh
    fresh.next_offer, fresh.next_amount, fresh.is_plan_asked = offer, amount, True
    _ask(fresh, by, offer=offer.pk)
    return fresh


def _asked_for(offer: Offer, audiences: frozenset[str]) -> int:
    quote = pricing.quote(offer, audiences=audiences)
    if quote is None or offer.sellable is None or not offer.is_on_sale(timezone.now()):
        raise CannotBeSold(offer, "gone")
    return quote.unit


def renewed_for(row: Subscription) -> int:
    """What a period of the running plan was paid with last, in minor units; 0 where nobody knows."""
    rows = OrderLine.objects.filter(Q(pk=row.line_id) | Q(order__origin=row.line.order_id), offer=row.offer_id)
    return rows.order_by("-pk").values_list("unit_amount", flat=True).first() or 0


def send(pk: int) -> None:
    """Take what was asked to Stripe, then read it back. Outside any transaction. Raises StripeUnavailable."""
    row = Subscription.objects.select_related("line__order").get(pk=pk)
    if row.wish == Wish.END:
        gateway.end_subscription(row.stripe_id)
        follow(row.stripe_id)
    elif row.is_asked:
        row, said = _read(row)
        values = _wanted(row, said)
        if values:
            gateway.change_subscription(row.stripe_id, values)
            _insist(row)
            follow(row.stripe_id)


def _wanted(row: Subscription, said: gateway.SubscriptionState) -> dict[str, Any]:
    """What Stripe is told, all in one call; the same twice changes nothing."""
    values: dict[str, Any] = {}
    if row.wish in {Wish.CANCEL, Wish.RESUME}:
        values["cancel_at_period_end"] = row.wish == Wish.CANCEL
    if row.is_pause_asked:
        until = int(row.paused_until.timestamp()) if row.paused_until else None
        values["pause_collection"] = {"behavior": "void", "resumes_at": until} if until else ""
    if row.is_plan_asked and row.next_offer:
        values |= _plan(row, row.next_offer, said)
    return values


def _plan(row: Subscription, offer: Offer, said: gateway.SubscriptionState) -> dict[str, Any]:
    """The next period's price; which offer that is, and from when, stands beside it: the next reading tells it again."""
    sellable = offer.sellable
    title = sellable.title(row.line.order.locale) if sellable else row.line.title
    key = f"plan:{offer.pk}:{hashlib.sha256(title.encode()).hexdigest()[:16]}"
    price = {
        "currency": offer.currency.lower(), "unit_amount": row.next_amount,
        "product": gateway.make_product(title, sellable.sku() if sellable else "", key),
        "recurring": {"interval": offer.interval},
    }  # fmt: skip
    return {
        "items": [{"id": said.item_id, "price_data": price}], "proration_behavior": "none",
        "metadata": {"offer": str(offer.pk), "offer_from": str(int(said.period_end.timestamp()))},
    }  # fmt: skip


@transaction.atomic
def _insist(sent: Subscription) -> None:
    """Who changed their mind while the older word was on its way may have been taken for heard: it is asked again."""
    fresh = Subscription.objects.locked().get(pk=sent.pk)
    if fresh.turn == sent.turn or not fresh.is_alive:
        return
    fresh.wish = Wish.CANCEL if fresh.cancel_at_period_end else Wish.RESUME
    fresh.is_pause_asked = True
    if sent.is_plan_asked and not fresh.is_plan_asked:
        amount = fresh.next_amount or renewed_for(fresh)
        fresh.next_offer, fresh.next_amount, fresh.is_plan_asked = fresh.next_offer or fresh.offer, amount, True
    fresh.turn += 1
    fresh.save()
    tasks.wish.enqueue(fresh.pk)


def notify(row: Subscription) -> None:
    """Have its buyer told how it stands, once for each word that was said."""
    turn = Subscription.objects.values_list("turn", flat=True).get(pk=row.pk)
    tasks.mail.enqueue(row.line.order_id, f"standing:{turn}")


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
    unsent = Subscription.objects.asked().filter(checked_at__lt=now - timedelta(minutes=5))
    return Subscription.objects.filter(Q(ended_at=None) & (Q(checked_at__lt=now - DAY) | over)) | unsent
