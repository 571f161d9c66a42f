"""What the shop asks of its owner today, the awkward first. Reads only; a fixed number of queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_ox.models import OxTask

from core import dates, money
from core.models import Shop
from store import opening, renewals, selling
from store.fulfilment import WITHHELD
from store.models import (
    Attempt,
    Hold,
    Offer,
    Order,
    OrderEvent,
    OrderLine,
    Parcel,
    Stock,
    StripeEvent,
    Subscription,
    Withdrawal,
)

SEVERAL = 5
EVENT_PATIENCE = timedelta(minutes=15)
ATTEMPT_PATIENCE = timedelta(hours=1)
LEGAL_DELIVERY = timedelta(days=30)
REFUND_WITHIN = timedelta(days=14)
LIVE_HOLDS = ("reserved", "kept")


@dataclass(frozen=True)
class Todo:
    """One thing to do. A greater `weight` is more pressing; `permission` is who may see it."""

    kind: str
    title: str
    detail: str
    url: str
    action: str
    weight: int
    count: int = 1
    permission: str = "store.view_order"


def todo(shop: Shop, at: datetime | None = None) -> list[Todo]:
    """All that waits for the owner, most pressing first."""
    at = at or timezone.now()
    found = [
        *_opening(shop), *_stuck(shop), *_machinery(at), *_withdrawals(shop, at), *_late(shop, at), *_notes(shop),
        *_unpaid(shop), *_untold(shop, at), *_stocks(shop), *_to_pack(shop),
    ]  # fmt: skip
    return sorted(found, key=lambda row: -row.weight)


def _opening(shop: Shop) -> Iterator[Todo]:
    """Nothing can be bought: why, and where to fill it in."""
    fresh = selling.fresh(shop.pk)
    url = reverse("owner:shop")
    lacking = opening.missing(fresh)
    if lacking:
        title = _("Your shop cannot sell yet")
        yield Todo("opening", title, names(lacking, 4), url, _("Fill in"), 120, len(lacking), "core.change_shop")
    elif fresh.is_closed:
        detail = fresh.closed_words or _("Reading goes on; nothing can be bought.")
        yield Todo(
            "closed", _("The shop is closed for now"), detail, url, _("Open it again"), 15, 1, "core.change_shop"
        )


def _stuck(shop: Shop) -> Iterator[Todo]:
    """Money that is not where it should be: one entry for each order, then the rest in one."""
    rows = list(
        Order.objects.for_shop(shop)
        .needing_attention()
        .prefetch_related("concerns")
        .order_by("placed_at")[: SEVERAL + 1]
    )
    for order in rows[:SEVERAL]:
        yield Todo(
            "stuck", f"{order.number} – {order.concern_words}",
            f"{order.name}, {money.text(order.total, order.currency)}", _order_url(order), _("Decide"), 100,
        )  # fmt: skip
    if len(rows) > SEVERAL:
        url = reverse("owner:orders") + "?attention=any"
        yield Todo("stuck", _("Other orders need your eyes"), "", url, _("See them"), 99, len(rows) - SEVERAL)


def _unpaid(shop: Shop) -> Iterator[Todo]:
    """Renewals whose payment failed: their buyers were told, and Stripe tries again."""
    late = (
        Subscription.objects.for_shop(shop)
        .alive()
        .filter(status__in=[Subscription.Status.PAST_DUE, Subscription.Status.UNPAID])
    )
    rows = list(late.select_related("line__order").order_by("period_start")[: SEVERAL + 1])
    for row in rows[:SEVERAL]:
        title = _("%(what)s: the renewal of %(name)s is not paid") % {
            "what": row.line.title,
            "name": row.line.order.name,
        }
        detail = _("They were told by mail; Stripe tries again by itself.")
        yield Todo("unpaid", title, detail, reverse("owner:subscription", args=[row.pk]), _("Look"), 60)
    if len(rows) > SEVERAL:
        url = reverse("owner:subscriptions") + "?stands=late"
        yield Todo("unpaid", _("Other renewals are not paid"), "", url, _("See them"), 59)


def _untold(shop: Shop, at: datetime) -> Iterator[Todo]:
    """The law's mail before a yearly renewal did not go out in its window (C. conso L215-1)."""
    rows = renewals.untold(shop, at)
    for row in rows[:SEVERAL]:
        title = _("%(name)s was not told in time that “%(what)s” renews itself") % {
            "name": row.line.order.name or row.line.order.email,
            "what": row.line.title,
        }
        detail = _("From %(day)s on they may leave at any moment, and the days that are left go back to them.")
        url = reverse("owner:subscription", args=[row.pk])
        yield Todo("untold", title, detail % {"day": day(row.period_end)}, url, _("Look"), 70)
    if len(rows) > SEVERAL:
        url = reverse("owner:subscriptions")
        yield Todo("untold", _("Others were not told of their renewal in time"), "", url, _("See them"), 69)


def _machinery(at: datetime) -> Iterator[Todo]:
    """What the machine could not finish by itself."""
    url = reverse("owner:troubles")
    failed = OxTask.objects.filter(status__in=[OxTask.Status.FAILED, OxTask.Status.LOST]).count()
    if failed:
        title = ngettext("%(n)s task failed for good", "%(n)s tasks failed for good", failed) % {"n": failed}
        yield Todo("tasks", title, _("A mail or a parcel may be missing."), url, _("Look"), 95, failed)
    events = StripeEvent.objects.filter(handled_at=None, received_at__lt=at - EVENT_PATIENCE).count()
    if events:
        title = ngettext("%(n)s notice from Stripe waits", "%(n)s notices from Stripe wait", events) % {"n": events}
        yield Todo("events", title, _("For more than a quarter of an hour."), url, _("Look"), 94, events)
    attempts = unsettled_for_long(at).count()
    if attempts:
        title = ngettext("%(n)s payment without an answer", "%(n)s payments without an answer", attempts) % {
            "n": attempts
        }
        yield Todo("attempts", title, _("Stripe has not said what became of it."), url, _("Ask Stripe"), 93, attempts)


def unsettled_for_long(at: datetime) -> QuerySet[Attempt]:
    """Attempts that should be over; those complete and unpaid wait for a slow bank and may take days."""
    late = Q(state__in=[Attempt.State.OPENING, Attempt.State.OPEN], expires_at__lt=at - ATTEMPT_PATIENCE)
    slow = Q(state=Attempt.State.COMPLETE, expires_at__lt=at - timedelta(days=14))
    return Attempt.objects.filter(late | slow)


def _withdrawals(shop: Shop, at: datetime) -> Iterator[Todo]:
    """Withdrawals: the money goes back within 14 days of the notice (C. conso L221-24)."""
    rows = list(Withdrawal.objects.filter(shop=shop, answered_at=None).order_by("received_at")[: SEVERAL + 1])
    for row in rows[:SEVERAL]:
        until = row.received_at + REFUND_WITHIN
        near = until - at < timedelta(days=3)
        detail = _("%(contract)s – give the money back by %(day)s.") % {"contract": row.contract, "day": day(until)}
        yield Todo(
            "withdrawal", _("%(name)s withdraws from a contract") % {"name": row.name}, detail,
            reverse("owner:withdrawal", args=[row.pk]), _("Answer"), 97 if near else 80,
        )  # fmt: skip
    if len(rows) > SEVERAL:
        yield Todo("withdrawal", _("Other withdrawals wait"), "", reverse("owner:withdrawals"), _("See them"), 79)


def to_send(shop: Shop) -> QuerySet[Order]:
    """Paid orders of which something has still to leave, and nothing forbids it; none whose buyer withdraws."""
    parcels = Parcel.objects.filter(order=OuterRef("pk"))
    owed = OrderLine.objects.filter(order=OuterRef("pk"), needs_shipping=True, quantity__gt=F("refunded_quantity"))
    waiting = Exists(parcels.filter(shipped_at=None)) | (~Exists(parcels) & Exists(owed) & Q(attention=""))
    withdrawn = Exists(Withdrawal.objects.filter(order=OuterRef("pk"), answered_at=None))
    rows = Order.objects.for_shop(shop).filter(waiting, ~withdrawn, state=Order.State.PAID)
    return rows.exclude(attention__in=WITHHELD)


def late(shop: Shop, at: datetime) -> QuerySet[Order]:
    """Past the promised day, or paid more than 30 days ago (C. conso L216-1)."""
    promised = Q(promised_on__lt=timezone.localdate(at))
    return to_send(shop).filter(promised | Q(paid_at__lt=at - LEGAL_DELIVERY))


def _late(shop: Shop, at: datetime) -> Iterator[Todo]:
    rows = list(late(shop, at).order_by("paid_at").values("number", "paid_at"))
    if rows:
        over = any(row["paid_at"] and row["paid_at"] < at - LEGAL_DELIVERY for row in rows)
        title = ngettext("%(n)s order is late", "%(n)s orders are late", len(rows)) % {"n": len(rows)}
        detail = names([row["number"] for row in rows], 3)
        if over:
            detail += " – " + _("one for more than 30 days: the buyer may cancel it.")
        url = reverse("owner:orders") + "?todo=late"
        yield Todo("late", title, detail, url, _("Send them"), 90 if over else 75, len(rows))


def unread_notes(shop: Shop) -> QuerySet[Order]:
    """Paid orders with a word of the buyer that the owner has not ticked off."""
    read = OrderEvent.objects.filter(order=OuterRef("pk"), kind="note_read")
    states = [Order.State.PAID, Order.State.SHIPPED]
    return Order.objects.for_shop(shop).filter(~Exists(read), state__in=states).exclude(note="")


def _notes(shop: Shop) -> Iterator[Todo]:
    for order in unread_notes(shop).order_by("paid_at")[:SEVERAL]:
        title = _("%(name)s wrote a word with %(number)s") % {"name": order.name, "number": order.number}
        yield Todo("note", title, f"« {order.note} »", _order_url(order), _("Read"), 60)


def held_units() -> Coalesce:
    """Units of a pool that are promised; asks for the live holds only, however many were used up over the years."""
    live = Hold.objects.filter(stock=OuterRef("pk"), state__in=LIVE_HOLDS).order_by().values("stock")
    return Coalesce(Subquery(live.annotate(units=Sum("quantity")).values("units")), 0)


def _stocks(shop: Shop) -> Iterator[Todo]:
    """Pools that promise more than they have, then the goods that run low: a full room is no lack."""
    sold = Exists(Offer.objects.filter(stocks=OuterRef("pk"), state=Offer.State.LIVE, goods__isnull=False))
    pools = (
        Stock.objects.filter(shop=shop)
        .annotate(held=held_units(), is_sold=sold)
        .filter(Q(held__gt=F("on_hand")) | Q(is_sold=True, on_hand__lte=F("held") + F("low_at")))
        .order_by("name")
    )
    rows: list[Any] = list(pools)
    for pool in [row for row in rows if row.held > row.on_hand]:
        short = pool.held - pool.on_hand
        title = ngettext("%(pool)s: %(n)s unit too few", "%(pool)s: %(n)s units too few", short)
        detail = _("%(held)s promised, %(on_hand)s on hand.") % {"held": pool.held, "on_hand": pool.on_hand}
        url = reverse("owner:pool", args=[pool.pk])
        yield Todo("short", title % {"pool": pool.name, "n": short}, detail, url, _("Put it right"), 85, short)
    low = [row for row in rows if row.held <= row.on_hand]
    if low:
        title = ngettext("%(n)s article runs low", "%(n)s articles run low", len(low)) % {"n": len(low)}
        detail = names([f"{row.name} ({row.on_hand - row.held})" for row in low], SEVERAL)
        yield Todo("low", title, detail, reverse("owner:stock") + "?state=low", _("See the stock"), 40, len(low))


def _to_pack(shop: Shop) -> Iterator[Todo]:
    rows: list[Any] = list(to_send(shop).order_by("paid_at").values("is_pickup", "paid_at", "number"))
    packs, pickups = [row for row in rows if not row["is_pickup"]], [row for row in rows if row["is_pickup"]]
    if packs:
        title = ngettext("%(n)s order to pack", "%(n)s orders to pack", len(packs)) % {"n": len(packs)}
        yield _pack(packs, "pack", title, _("Pack"), 50)
    if pickups:
        title = ngettext(
            "%(n)s order to keep ready for pick-up", "%(n)s orders to keep ready for pick-up", len(pickups)
        )
        yield _pack(pickups, "pickup", title % {"n": len(pickups)}, _("Prepare"), 45)


def _pack(rows: list[dict[str, Any]], kind: str, title: str, action: str, weight: int) -> Todo:
    detail = _("The oldest was paid on %(day)s.") % {"day": day(rows[0]["paid_at"])}
    return Todo(kind, title, detail, f"{reverse('owner:orders')}?todo={kind}", action, weight, len(rows))


def names(words: list[str], most: int) -> str:
    """The first few, and how many more."""
    more = len(words) - most
    text = ", ".join(words[:most])
    return (
        text
        if more <= 0
        else ngettext("%(text)s and %(n)s more", "%(text)s and %(n)s more", more) % {"text": text, "n": more}
    )


def day(moment: datetime | date) -> str:
    """ "Tuesday 3 December", in local time."""
    return dates.words(moment, "l j F")


def _order_url(order: Order) -> str:
    return reverse("owner:order", args=[order.pk])
