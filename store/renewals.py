"""What a subscription brings after its first payment: an order for each paid invoice, mails of what failed or comes."""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import money
from core.models import Shop
from store import gateway, pricing, subscriptions, tasks, tax
from store.models import Offer, Order, OrderLine, Payment, Subscription
from store.models.order import ADDRESS, PERSON

COPIED = (*PERSON, *ADDRESS, "country", "phone", "locale", "user", "terms", "terms_digest", "currency")
SOURCE = ("source_page", "source_key", "source_title", "source_locale")
NOTICE_FROM, NOTICE_UNTIL = timedelta(days=80), timedelta(days=32)
"""A yearly term that renews itself is told of three months to one month before its end (C. conso L215-1)."""
MONTH = timedelta(days=31)


def bring(row: Subscription) -> Subscription | None:
    """Read one subscription and all its paid invoices anew: what no notice told of is caught up. May run twice."""
    if row.is_asked:
        subscriptions.send(row.pk)
    found = subscriptions.follow(row.stripe_id)
    for said in gateway.paid_invoices(row.stripe_id):
        record(said)
    return found


@transaction.atomic
def record(said: gateway.InvoiceState) -> Order | None:
    """A paid invoice is an order of its own, once. None: the first one, not paid, of nothing, or not ours. May run twice."""
    if said.status != "paid" or said.is_first or not said.amount or said.livemode != settings.STRIPE_LIVE:
        return None
    row = Subscription.objects.locked().filter(stripe_id=said.stripe_id).first()
    if row is None:
        return None
    known = Payment.objects.filter(invoice_id=said.invoice_id).select_related("order").first()
    return known.order if known else _place(row, said)


def _place(row: Subscription, said: gateway.InvoiceState) -> Order:
    """Placed and paid in one go, at what was taken; the subscription is locked."""
    origin = row.line.order
    order = Order.objects.create(
        shop=row.shop, origin=origin, goods_amount=said.amount, total=said.amount, seller=row.shop.snapshot(),
        is_franchise=row.shop.is_franchise, **{name: getattr(origin, name) for name in COPIED},
    )  # fmt: skip
    told = Offer.objects.filter(pk=said.offer_id, shop=row.shop_id).first() if said.offer_id else None
    _line(order, row.line, told or row.offer)
    order.record("placed", total=order.total)
    Payment.objects.create(
        order=order, invoice_id=said.invoice_id, intent_id=said.intent_id, amount=said.amount, currency=said.currency,
        livemode=said.livemode,
    )  # fmt: skip
    order.mark_paid(invoice=said.invoice_id)
    if said.currency != order.currency:
        order.call_for(Order.Attention.MISMATCH, asked=order.total, got=said.amount, currency=said.currency)
        tasks.alarm.enqueue(order.pk)
    if row.ended_at and said.made_at >= row.ended_at:
        order.call_for(Order.Attention.AFTER_END)
        tasks.alarm.enqueue(order.pk)
    tasks.mail.enqueue(order.pk, "receipt")
    tasks.tell_owner.enqueue(order.pk)
    return order


def _line(order: Order, first: OrderLine, offer: Offer) -> OrderLine:
    rate = tax.rate(order.shop, offer.tax_code, timezone.localdate())
    sellable = offer.sellable
    return OrderLine.objects.create(
        order=order, offer=offer, title=sellable.title(order.locale)[:255] if sellable else first.title,
        sku=sellable.sku() if sellable else first.sku, quantity=1, unit_amount=order.total, amount=order.total,
        tax_code=offer.tax_code, tax_bp=rate, tax=money.included_tax(order.total, rate), legal_type=first.legal_type,
        details=first.details, **{name: getattr(first, name) for name in SOURCE},
    )  # fmt: skip


def failed(said: gateway.InvoiceState) -> bool:
    """A renewal could not be taken, or the bank asks its holder: tell them once for each invoice how to put it right."""
    row = Subscription.objects.alive().filter(stripe_id=said.stripe_id).select_related("line").first()
    if row is None or said.status != "open":
        return False
    tasks.mail.enqueue(row.line.order_id, f"late:{said.invoice_id}")
    return True


@transaction.atomic
def unbilled(said: gateway.InvoiceState) -> bool:
    """Stripe could not finish a renewal's invoice: it stands on the owner's desk, once for each."""
    row = Subscription.objects.alive().filter(stripe_id=said.stripe_id).select_related("line").first()
    if row is None or not said.is_stuck:
        return False
    order = Order.objects.locked().get(pk=row.line.order_id)
    reason = str(Order.Attention.UNBILLED)
    if not order.events.filter(kind="attention", data__reason=reason, data__invoice=said.invoice_id).exists():
        order.call_for(reason, invoice=said.invoice_id)
        tasks.alarm.enqueue(order.pk)
    return True


def coming(row: Subscription) -> int:
    """What the next period will cost, in minor units; 0 where nobody knows."""
    if row.next_offer and row.next_amount is None:
        quote = pricing.quote(row.next_offer)
        return quote.unit if quote else 0
    return row.next_amount if row.next_amount is not None else subscriptions.renewed_for(row)


def untold(shop: Shop, at: datetime) -> list[Subscription]:
    """Living yearly terms whose window to tell of the next renewal has closed, and nobody was told (C. conso L215-1)."""
    rows = Subscription.objects.for_shop(shop).alive().filter(
        offer__interval=Offer.Interval.YEAR, cancel_at_period_end=False, began_at__lt=at - MONTH,
        period_end__lte=at + MONTH, period_end__gt=at,
    )  # fmt: skip
    found = rows.select_related("line__order").prefetch_related("line__order__mails").order_by("period_end")
    return [row for row in found if not _was_told(row, row.period_end)]


def was_renewed_untold(row: Subscription) -> bool:
    """The running year came by itself, and its buyer was not told of it in time."""
    if row.offer.interval != Offer.Interval.YEAR or row.period_start - row.began_at < MONTH:
        return False
    return not _was_told(row, row.period_start)


def _was_told(row: Subscription, renewed_at: datetime) -> bool:
    """By mail, within three months to one month before."""
    window = (renewed_at - relativedelta(months=3), renewed_at - relativedelta(months=1))
    key = notice_key(renewed_at)
    return any(mail.key == key and window[0] <= mail.at <= window[1] for mail in row.line.order.mails.all())


def notice_key(renewed_at: datetime) -> str:
    """That of the legal mail, once for each period."""
    return f"renewal:{renewed_at:%Y-%m-%d}"


def remind() -> int:
    """Tell who pays by the year that it renews itself, once for each period. How many were told of."""
    now = timezone.now()
    rows = Subscription.objects.alive().filter(
        offer__interval=Offer.Interval.YEAR, cancel_at_period_end=False,
        period_end__gt=now + NOTICE_UNTIL, period_end__lte=now + NOTICE_FROM,
    ).select_related("line")  # fmt: skip
    asked = 0
    for row in rows:
        key = notice_key(row.period_end)
        if not row.line.order.mails.filter(key=key).exists():
            tasks.mail.enqueue(row.line.order_id, key)
            asked += 1
    return asked
