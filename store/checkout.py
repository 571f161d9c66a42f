"""From a basket to an order with an open payment: draft, start, open, resume, abandon."""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import money
from core.models import Shop
from store import delivery, gateway, opening, orders, pricing, promises, session, stock, tasks, wants
from store.exceptions import (
    CannotBeSold,
    OutOfStock,
    PriceChanged,
    StripeRefused,
    StripeUnavailable,
    TooLittle,
)
from store.models import Attempt, Cart, Offer, Order, OrderLine
from store.wants import Wish

SESSION_MINUTES = 40
"""Stripe wants at least 30 when it makes the session: ten are left for what it cannot answer meanwhile (ADR 0009)."""
GRACE = timedelta(minutes=5)
UNDONE = {Order.State.PLACED, Order.State.LAPSED, Order.State.CANCELLED}
TURNS = 3


@dataclass(frozen=True)
class Buyer:
    """Who buys, and where it goes. `user` is None for a guest."""

    email: str
    name: str
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "FR"
    phone: str = ""
    note: str = ""
    locale: str = "fr"
    method_id: int | None = None
    user: Any = None
    audiences: frozenset[str] = frozenset()
    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    consents: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """What would be ordered: shown in the recap, frozen by `start`. Amounts in minor units of `currency`."""

    shop: Shop
    currency: str
    country: str
    lines: list[tuple[Wish, pricing.Quote]]
    ways: list[delivery.Delivery]
    way: delivery.Delivery | None
    goods: int
    tax: int
    needs_shipping: bool

    @property
    def shipping(self) -> int:
        return self.way.amount if self.way else 0

    @property
    def total(self) -> int:
        return self.goods + self.shipping

    @property
    def is_sent(self) -> bool:
        """Whether it goes to an address."""
        return self.needs_shipping and not (self.way and self.way.is_pickup)


def wishes(cart: Cart) -> list[Wish]:
    """The lines of a basket, in its order, with what they sell."""
    rows = list(cart.lines.select_related("offer__shop", "offer__kind"))
    found = {offer.pk: offer for offer in Offer.objects.filter(pk__in=[row.offer_id for row in rows]).with_sellables()}
    return wants.keyed(Wish(found[row.offer_id], row.quantity, row.details, row.source_fields()) for row in rows)


def draft(
    shop: Shop, wanted: Iterable[Wish], *, country: str, method_id: int | None = None,
    audiences: frozenset[str] = pricing.PUBLIC, at: datetime | None = None,
) -> Draft:  # fmt: skip
    """Prices, delivery and totals at that moment. Raises CannotBeSold, NoDelivery and TooLittle; writes nothing."""
    at = at or timezone.now()
    wanted = list(wanted)
    for wish in wanted:
        wish.offer.check_line(wish.quantity, wish.details, at)
    unit = pricing.quotes([wish.offer for wish in wanted], audiences | wants.granted(wanted), at)
    lines = []
    for wish in wanted:
        if wish.offer.pk not in unit:
            raise CannotBeSold(wish.offer, "audience" if pricing.has_any(wish.offer, at) else "gone")
        one = unit[wish.offer.pk]
        lines.append((wish, pricing.scaled(one, wish.quantity)))
    goods = sum(quote.amount for _wish, quote in lines)
    shipped = [wish for wish in wanted if wish.offer.sellable and wish.offer.sellable.needs_shipping]
    wants.fit(wanted, shipped=bool(shipped))
    weight = sum(wish.offer.sellable.weight_g * wish.quantity for wish in shipped if wish.offer.sellable)
    ways = delivery.options(shop, country, weight, goods, at) if shipped else []
    way = delivery.choose(ways, method_id) if shipped else None
    tax = sum(quote.tax for _wish, quote in lines) + (way.tax if way else 0)
    found = Draft(shop, shop.currency, country, lines, ways, way, goods, tax, bool(shipped))
    if money.is_too_little(found.total, found.currency):
        raise TooLittle(found.total, money.least(found.currency), found.currency)
    return found


def foresee(shop: Shop, wanted: Iterable[Wish], *, mine: Collection[str] = ()) -> None:
    """Raise what `start` would raise now, before anything is typed: ShopClosed or OutOfStock.

    What this buyer's own unpaid orders hold (their tokens are `mine`) is free for them.
    """
    opening.require(shop)
    stock.look([(wish.offer, wish.quantity) for wish in wanted], mine=mine)


def fingerprint(found: Draft, buyer: Buyer) -> str:
    """The same for the same goods, prices, delivery and person; tells a second click from a changed basket."""
    content = {
        "lines": [
            [wish.offer.pk, wish.quantity, quote.amount, dict(wish.details), str(wish.source.get("source_key"))]
            for wish, quote in found.lines
        ],
        "way": [found.way.method.pk, found.way.amount] if found.way else [],
        "buyer": [getattr(buyer, name) for name in ("email", "name", "line1", "line2", "postcode", "city", "country", "phone", "note")],
    }  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def start(
    cart: Cart, buyer: Buyer, *, shown_total: int, token: uuid.UUID | None = None, hosted: bool = False,
    mine: Collection[str] = (),
) -> Order:  # fmt: skip
    """Place the order of a basket and write down its payment; the same basket and buyer give the same order.

    Another order of this basket that waits for its payment is ended first, and, where units are short, those with the
    tokens `mine`: they are the same buyer's.
    Raises ShopClosed, CannotBeSold, NoDelivery, OutOfStock (all units or none are held) and PriceChanged when the
    total is not `shown_total` (minor units): never another amount than the one accepted.
    Stripe is called after the commit, by `open_attempt`. May run twice.
    """
    opening.require(cart.shop)
    done = Order.objects.filter(cart=cart, checkout_token=token).exclude(state__in=UNDONE).first() if token else None
    if done:
        return done
    found = draft(
        cart.shop,
        wants.answered(wishes(cart), buyer.details),
        country=buyer.country,
        method_id=buyer.method_id,
        audiences=buyer.audiences,
    )
    if not found.lines:
        raise CannotBeSold(None, "empty")
    if found.total != shown_total:
        raise PriceChanged(shown_total, found.total)
    return _place_over_others(cart, found, buyer, token=token, hosted=hosted, mine=mine)


def _place_over_others(
    cart: Cart, found: Draft, buyer: Buyer, *, token: uuid.UUID | None, hosted: bool, mine: Collection[str]
) -> Order:
    """Place it, ending what this buyer began before and what stands in its way."""
    for turn in range(TURNS):
        try:
            order = _place_once(cart, found, buyer, token=token, hosted=hosted)
        except OutOfStock:
            if turn or not mine:
                raise
            _replace(Order.objects.filter(token__in=mine).exclude(cart=cart))
        else:
            if order:
                return order
    raise StripeUnavailable("the basket is being ordered in other windows")


def _replace(others: Iterable[Order]) -> Order | None:
    """End those that wait for their payment; the one that proves paid meanwhile is returned."""
    for order in others:
        if order.state == Order.State.PLACED:
            abandon(order, reason="replaced")
            order.refresh_from_db()
            if order.paid_at:
                return order
    return None


def _place_once(cart: Cart, found: Draft, buyer: Buyer, *, token: uuid.UUID | None, hosted: bool) -> Order | None:
    """The one order of this basket that waits for its payment, or what proved paid; None: another window was faster."""
    mark = fingerprint(found, buyer)
    paid = _replace(cart.orders.exclude(fingerprint=mark))
    if paid:
        return paid
    with transaction.atomic():
        Cart.objects.select_for_update().get(pk=cart.pk)
        placed = cart.orders.filter(state=Order.State.PLACED)
        if placed.exclude(fingerprint=mark).exists():
            return None
        same = placed.first()
        if same and same.attempts.unsettled().exists():
            return same
        is_new = token is not None and not Order.objects.filter(checkout_token=token).exists()
        order = same or _place(cart, found, buyer, mark, token if is_new else None)
        attempt_for(order, hosted=hosted)
    return order


def _place(cart: Cart, found: Draft, buyer: Buyer, mark: str, token: uuid.UUID | None) -> Order:
    """Write the order and its lines as they were shown, and hold the units."""
    shop, way, terms = found.shop, found.way, found.shop.terms_in_force()
    order = Order.objects.create(
        shop=shop, cart=cart, user=buyer.user, checkout_token=token, fingerprint=mark, locale=buyer.locale,
        email=buyer.email, name=buyer.name, phone=buyer.phone, line1=buyer.line1, line2=buyer.line2,
        postcode=buyer.postcode, city=buyer.city, country=buyer.country, note=buyer.note,
        currency=found.currency, goods_amount=found.goods, shipping_amount=found.shipping, total=found.total,
        shipping_tax_bp=way.tax_bp if way else 0, shipping_tax=way.tax if way else 0,
        is_franchise=shop.is_franchise, needs_shipping=found.needs_shipping,
        delivery_method=way.method if way else None, delivery_label=way.method.label(buyer.locale) if way else "",
        is_pickup=bool(way and way.is_pickup), promised_on=way.arrives_on if way else None,
        terms=terms, terms_digest=terms.digest if terms else "", seller=shop.snapshot(), consents=dict(buyer.consents),
    )  # fmt: skip
    lines = [_line(order, wish, quote, buyer.locale) for wish, quote in found.lines]
    order.record("placed", total=order.total)
    _check_buyer(found, buyer)
    promises.hold(lines, ask_at=timezone.now() + timedelta(minutes=SESSION_MINUTES) + GRACE)
    return order


def _check_buyer(found: Draft, buyer: Buyer) -> None:
    """Raise CannotBeSold where one of the kinds may not be sold to this buyer."""
    units: Counter[int] = Counter()
    for wish, _quote in found.lines:
        units[wish.offer.pk] += wish.quantity
    granted = wants.granted(wish for wish, _quote in found.lines)
    known = replace(buyer, audiences=buyer.audiences | granted)
    for wish, _quote in found.lines:
        if wish.offer.sellable:
            wish.offer.sellable.check_buyer(known, units[wish.offer.pk], wish.details)


def _line(order: Order, wish: Wish, quote: pricing.Quote, locale: str) -> OrderLine:
    sellable = wish.offer.sellable
    if sellable is None:
        raise CannotBeSold(wish.offer, "gone")
    return OrderLine.objects.create(
        order=order, offer=wish.offer, title=sellable.title(locale)[:255], sku=sellable.sku(), quantity=wish.quantity,
        unit_amount=quote.unit, amount=quote.amount, tax_code=wish.offer.tax_code, tax_bp=quote.tax_bp, tax=quote.tax,
        legal_type=sellable.legal_type, needs_shipping=sellable.needs_shipping, weight_g=sellable.weight_g,
        details=dict(wish.details), **wish.source,
    )  # fmt: skip


@transaction.atomic
def attempt_for(order: Order, *, hosted: bool) -> Attempt | None:
    """Write down the next attempt with the exact parameters for Stripe; None where there is nothing to pay."""
    if order.total == 0:
        orders.settle_free(order)
        return None
    now = timezone.now()
    number = order.attempts.count() + 1
    attempt = Attempt(
        order=order, number=number, is_hosted=hosted, amount=order.total, currency=order.currency,
        livemode=settings.STRIPE_LIVE, expires_at=now + timedelta(minutes=SESSION_MINUTES),
    )  # fmt: skip
    attempt.idempotency_key = f"cs:{order.token}:{number}"
    attempt.params = session.params(order, attempt)
    attempt.save()
    stock.extend(order, attempt.expires_at + GRACE)
    tasks.ask.using(run_after=attempt.expires_at + GRACE).enqueue(attempt.pk)
    return attempt


def open_attempt(attempt: Attempt) -> gateway.Settlement:
    """Ask Stripe for the session, or for what became of it. Call outside any transaction; may run twice.

    Raises StripeUnavailable (nothing is lost: the same call may be made again) and StripeRefused (the attempt is over).
    """
    try:
        return _open(attempt)
    except StripeRefused as refusal:
        _refused(attempt, refusal)
        raise


def open_for_buyer(attempt: Attempt) -> tuple[Attempt, gateway.Settlement]:
    """As `open_attempt`, for somebody who waits to pay: what came too late for Stripe is followed by a fresh attempt.

    So an outage of Stripe that outlasts the attempt's parameters ends no order. Nobody there: `open_attempt` ends it.
    """
    try:
        return attempt, _open(attempt)
    except StripeRefused as refusal:
        following = _follow(attempt) if refusal.param == "expires_at" else None
        if following is None:
            _refused(attempt, refusal)
            raise
    return following, open_attempt(following)


def _open(attempt: Attempt) -> gateway.Settlement:
    if attempt.session_id:
        return gateway.read_session(attempt.session_id)
    found = gateway.open_session(attempt.params, attempt.idempotency_key)
    Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.OPENING).update(
        session_id=found.session_id, state=Attempt.State.OPEN
    )
    attempt.refresh_from_db()
    return found


def _follow(attempt: Attempt) -> Attempt | None:
    """Put a fresh attempt in the place of one that Stripe never made a session for; None where it did, or all is over."""
    if gateway.find_session(str(attempt.public_id), attempt.made_at):
        return None
    with transaction.atomic():
        order = Order.objects.locked().get(pk=attempt.order_id)
        unmade = order.attempts.filter(pk=attempt.pk, state=Attempt.State.OPENING, session_id=None)
        if order.state == Order.State.PLACED and unmade.update(state=Attempt.State.FAILED, error="late"):
            return attempt_for(order, hosted=attempt.is_hosted)
        return order.attempts.unsettled().exclude(pk=attempt.pk).order_by("-number").first()


def _refused(attempt: Attempt, refusal: StripeRefused) -> None:
    """Stripe will not have it. A replay is refused too when the session exists: then it is looked up first."""
    old = timezone.now() - attempt.made_at > timedelta(seconds=30)
    found = gateway.find_session(str(attempt.public_id), attempt.made_at) if old else None
    if found:
        orders.settle_attempt(attempt.pk, found)
        return
    orders.fail_attempt(attempt.pk, f"{refusal.code}:{refusal.param}"[:200])


def another(order: Order, *, hosted: bool) -> Attempt | None:
    """End the open attempt at Stripe and begin a new one for the same order; None when it proved paid or is over.

    Units are not held for ever: once a whole session has passed since it was placed, the order is over instead.
    """
    if timezone.now() > order.placed_at + timedelta(minutes=SESSION_MINUTES):
        abandon(order, reason="expired")
        return None
    close_attempts(order)
    with transaction.atomic():
        locked = Order.objects.locked().get(pk=order.pk)
        if locked.state != Order.State.PLACED:
            return None
        if locked.attempts.unsettled().exists():
            return locked.attempts.unsettled().latest("number")
        return attempt_for(locked, hosted=hosted)


def close_attempts(order: Order) -> None:
    """Expire what is open at Stripe and take in what it says; the order keeps its units for the next attempt."""
    for attempt in order.attempts.unsettled():
        if not attempt.session_id:
            _open_to_end(attempt)
        if attempt.session_id:
            orders.settle_attempt(attempt.pk, gateway.expire_session(attempt.session_id), keep_order=True)


def _open_to_end(attempt: Attempt) -> None:
    """Nobody knows whether Stripe made the session. One that it refuses is over as well; any other refusal is raised."""
    try:
        open_attempt(attempt)
    except StripeRefused:
        attempt.refresh_from_db()
        if attempt.state == Attempt.State.OPENING:
            raise


def abandon(order: Order, reason: str = "abandoned") -> None:
    """The buyer closed the counter: expire at Stripe, then free the units. What proves paid is settled instead.

    Raises StripeUnavailable: then nothing is freed, and reconcile asks again. May run twice.
    """
    close_attempts(order)
    with transaction.atomic():
        locked = Order.objects.locked().get(pk=order.pk)
        if locked.state == Order.State.PLACED and not locked.attempts.unsettled().exists():
            promises.release(locked)
            locked.move(Order.State.CANCELLED, reason=reason)
