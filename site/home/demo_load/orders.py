"""Writes the past orders with all that the verbs would have written at the time: events, holds, parcels, mails."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from core.models import Shop
from home.demo_load.book import Book
from home.demo_load.ledger import Past
from home.demo_load.texts import later
from store import checkout, withdrawal
from store.models import (
    Attempt,
    Hold,
    MailSent,
    Order,
    OrderEvent,
    OrderLine,
    Parcel,
    ParcelLine,
    Payment,
    Withdrawal,
)

SESSION = timedelta(minutes=checkout.SESSION_MINUTES)


def write(book: Book, past: Past) -> Order:
    """One order with its whole life."""
    order = _place(book.shop, past)
    lines = _lines(order, past)
    if not past.is_paid:
        _lapse(order, past)
        _hold(lines, Hold.State.RELEASED, past.placed_at)
    elif past.row.get("attention"):
        _hold(lines, Hold.State.RELEASED, past.placed_at)
        _lapse(order, past)
        _pay(order, past)
        _oversell(order, past, lines)
    elif past.row["state"] == "cancelled":
        _hold(lines, Hold.State.RELEASED, past.placed_at)
        _pay(order, past)
    else:
        _pay(order, past)
        _fulfil(book, order, past, lines)
    order.save()
    return order


def dated(row: Model, **moments: datetime) -> Any:
    """Save a row whose clock fields Django would set to now."""
    row.save()
    type(row)._default_manager.filter(pk=row.pk).update(**moments)  # noqa: SLF001 - Django's own name for it
    return row


def tell(order: Order, kind: str, at: datetime, *, by: Any = None, **data: Any) -> OrderEvent:
    """A line of the timeline, back then."""
    return order.events.create(kind=kind, at=at, by=by, data=data)


def mailed(order: Order, key: str, at: datetime) -> None:
    """A mail that went out back then."""
    dated(MailSent(order=order, key=key), at=at)


def _place(shop: Shop, past: Past) -> Order:
    draft, who, way = past.draft, past.buyer, past.draft.way
    terms = draft.shop.terms_in_force()
    order = Order.objects.create(
        shop=shop, token=past.token, user=who.user, locale=who.locale, email=who.email, name=who.name, phone=who.phone,
        line1=who.line1, line2=who.line2, postcode=who.postcode, city=who.city, country=who.country, note=who.note,
        currency=draft.currency, goods_amount=draft.goods, shipping_amount=draft.shipping, total=draft.total,
        shipping_tax_bp=way.tax_bp if way else 0, shipping_tax=way.tax if way else 0, is_franchise=shop.is_franchise,
        needs_shipping=draft.needs_shipping, delivery_method=way.method if way else None,
        delivery_label=way.method.label(who.locale) if way else "", is_pickup=bool(way and way.is_pickup),
        promised_on=way.arrives_on if way else None, terms=terms, terms_digest=terms.digest if terms else "",
        seller=shop.snapshot(), placed_at=past.placed_at,
    )  # fmt: skip
    tell(order, "placed", past.placed_at, total=order.total)
    return order


def _lines(order: Order, past: Past) -> list[OrderLine]:
    found = []
    for wish, quote in past.draft.lines:
        goods: Any = wish.offer.sellable
        found.append(
            OrderLine.objects.create(
                order=order, offer=wish.offer, title=goods.title(order.locale), sku=goods.sku(), quantity=wish.quantity,
                unit_amount=quote.unit, amount=quote.amount, tax_code=wish.offer.tax_code, tax_bp=quote.tax_bp,
                tax=quote.tax, legal_type=goods.legal_type, needs_shipping=goods.needs_shipping,
                weight_g=goods.weight_g, **wish.source,
            )
        )  # fmt: skip
    return found


def _hold(lines: list[OrderLine], state: str, at: datetime) -> None:
    for line in lines:
        for pool in line.offer.stocks.all():
            dated(Hold(stock=pool, line=line, quantity=line.quantity, state=state), made_at=at)


def _attempt(order: Order, past: Past, state: str) -> Attempt:
    found, _made = Attempt.objects.update_or_create(
        order=order, number=1,
        defaults={"state": state},
        create_defaults={
            "public_id": past.attempt, "state": state, "amount": order.total, "currency": order.currency, "params": {},
            "idempotency_key": f"cs:{order.token}:1", "expires_at": past.placed_at + SESSION,
        },
    )  # fmt: skip
    return dated(found, made_at=past.placed_at)


def _move(order: Order, state: str, at: datetime, *, by: Any = None, **data: Any) -> None:
    tell(order, state, at, by=by, **data, **{"from": order.state})
    order.state = state


def _lapse(order: Order, past: Past) -> None:
    _attempt(order, past, Attempt.State.EXPIRED)
    order.closed_at = past.placed_at + SESSION
    _move(order, Order.State.LAPSED, order.closed_at, reason="expired", found_by="")


def _pay(order: Order, past: Past) -> None:
    attempt = _attempt(order, past, Attempt.State.SETTLED)
    payment = Payment(
        order=order, attempt=attempt, intent_id=past.intent, amount=order.total, currency=order.currency,
        refunded=sum(back.amount for back in past.backs),
    )  # fmt: skip
    dated(payment, received_at=past.paid_at)
    order.paid_at, order.closed_at = past.paid_at, None
    _move(order, Order.State.PAID, past.paid_at, found_by="")
    mailed(order, "receipt", past.paid_at)
    mailed(order, "owner", past.paid_at)


def _oversell(order: Order, past: Past, lines: list[OrderLine]) -> None:
    """The last unit went to somebody else before the money came."""
    order.attention = Order.Attention.OVERSOLD
    order.concerns.create(reason=order.attention)
    event = tell(order, "attention", past.paid_at, reason=str(order.attention), lines=[line.pk for line in lines])
    mailed(order, "oversold", past.paid_at)
    mailed(order, f"alarm:{event.pk}", past.paid_at)


def _fulfil(book: Book, order: Order, past: Past, lines: list[OrderLine]) -> None:
    """Packed, and as far on its way as the file says; `moves.receive` takes the units off the shelf."""
    row = past.row
    left = row.get("shipped_days_ago", row.get("ready_days_ago"))
    parcel = Parcel(order=order, number=1, carrier=order.delivery_method.carrier if order.delivery_method else "")
    if left is not None:
        parcel.shipped_at, parcel.tracking = later(past.paid_at, left, "16:30"), row.get("tracking", "")
    if "delivered_days_ago" in row and parcel.shipped_at:
        parcel.delivered_at = later(parcel.shipped_at, row["delivered_days_ago"], "11:20")
    dated(parcel, made_at=past.paid_at)
    for line in lines:
        ParcelLine.objects.create(parcel=parcel, line=line, quantity=line.quantity)
    _hold(lines, Hold.State.USED if parcel.shipped_at else Hold.State.KEPT, past.placed_at)
    if parcel.shipped_at:
        tell(
            order,
            "parcel",
            parcel.shipped_at,
            by=book.owner,
            parcel=1,
            carrier=parcel.carrier,
            tracking=parcel.tracking,
        )
        _move(order, Order.State.SHIPPED, parcel.shipped_at, by=book.owner)
        mailed(order, "shipped:1", parcel.shipped_at)
    if parcel.delivered_at:
        _move(order, Order.State.DELIVERED, parcel.delivered_at, by=book.owner)


def read_note(book: Book, order: Order) -> None:
    """The owner read what the buyer wrote, where she has dealt with the order."""
    if order.note and (order.state != Order.State.PAID or order.attention):
        tell(order, "note_read", (order.paid_at or order.placed_at) + timedelta(hours=2), by=book.owner)


def withdraw(order: Order, at: datetime, words: str, *, answered_at: datetime | None = None) -> Withdrawal:
    """The buyer renounced the contract; answered or not yet."""
    row = Withdrawal(
        shop=order.shop, name=order.name, email=order.email, contract=order.number, words=words, locale=order.locale,
        received_at=at, order=order, receipt_sent_at=at + timedelta(minutes=1), answered_at=answered_at,
    )  # fmt: skip
    row.digest = withdrawal.digest(row)
    row.save()
    tell(order, "withdrawal", at, withdrawal=row.pk, same_email=True)
    return row
