"""What must always be true of money, stock, notices and mails. Reads only; one set-based query or two for each."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_ox.models import OxTask

from core import retention
from core.models import TermsVersion
from store import kinds, refunds
from store.models import (
    Attempt,
    Concern,
    Hold,
    MailSent,
    Order,
    OrderEvent,
    OrderLine,
    Payment,
    Refund,
    RefundLine,
    Stock,
    StockMove,
    StripeEvent,
    Subscription,
    Withdrawal,
)

PATIENCE = timedelta(minutes=15)
SETTLED_LATE = timedelta(days=3)
"""A notice may come that long after what it tells of."""
MOST = 1000
LIVE = (Hold.State.RESERVED, Hold.State.KEPT)
WAITING = (OxTask.Status.READY, OxTask.Status.RUNNING, OxTask.Status.WAITING)
GIVEN_UP = (OxTask.Status.FAILED, OxTask.Status.LOST)
OWNERS_MOVES = (StockMove.Reason.COUNTED, StockMove.Reason.LOST, StockMove.Reason.USED)


@dataclass(frozen=True)
class Breach:
    """One thing of which the invariant is not true."""

    what: str
    detail: str = ""


@dataclass(frozen=True)
class Check:
    """An invariant and what breaks it; at most MOST breaches are named."""

    group: str
    name: str
    breaches: list[Breach] = field(default_factory=list)


def checks() -> Iterator[Check]:
    """Each invariant with its breaches, one after the other."""
    for group, name, find in INVARIANTS:
        yield checked(group, name, find)


def checked(group: str, name: str, find: Callable[[], Iterator[Breach]]) -> Check:
    """One invariant, looked at now; every app's `checks` is made of these."""
    return Check(group, name, list(islice(find(), MOST)))


# --- Money ---------------------------------------------------------------------------------------


def totals() -> Iterator[Breach]:
    rows = Order.objects.order_by().values("number", "goods_amount", "shipping_amount", "total")
    rows = rows.annotate(of_lines=Coalesce(Sum("lines__amount"), 0))
    wrong = rows.exclude(goods_amount=F("of_lines"), total=F("of_lines") + F("shipping_amount"))
    for row in wrong.iterator():
        yield Breach(row["number"], f"total {row['total']}, lines {row['of_lines']}, delivery {row['shipping_amount']}")


def paid_once() -> Iterator[Breach]:
    """Attention says so, now or in the past, where Stripe took another amount or took it twice."""
    rows = (
        Order.objects.filter(paid_at__isnull=False, total__gt=0).order_by().values("pk", "number", "total", "currency")
    )
    rows = rows.annotate(
        times=Count("payments"),
        sum=Coalesce(Sum("payments__amount"), 0),
        foreign=Count("payments", filter=~Q(payments__currency=F("currency"))),
    )
    wrong = list(rows.exclude(times=1, sum=F("total"), foreign=0)[:MOST])
    known = _called_for([row["pk"] for row in wrong], {Order.Attention.DOUBLE, Order.Attention.MISMATCH})
    for row in wrong:
        if row["pk"] not in known or not row["times"]:
            yield Breach(row["number"], f"total {row['total']}, {row['times']} payments of {row['sum']}")


def _called_for(orders: list[int], reasons: set[Any]) -> set[int]:
    """Those of the orders that were put on the owner's desk for one of these reasons."""
    words = {str(reason) for reason in reasons}
    events = OrderEvent.objects.filter(order__in=orders, kind="attention").values_list("order_id", "data")
    return {order for order, data in events if data.get("reason") in words}


def unpaid_without_payment() -> Iterator[Breach]:
    for number in Payment.objects.filter(order__paid_at=None).values_list("order__number", flat=True):
        yield Breach(number, "has a payment, but was never marked paid")


def states_agree() -> Iterator[Breach]:
    states = [Order.State.PAID, Order.State.SHIPPED, Order.State.DELIVERED, Order.State.REFUNDED]
    for number, state in Order.objects.filter(state__in=states, paid_at=None).values_list("number", "state"):
        yield Breach(number, f"{state} without a moment of payment")
    open_states = [Order.State.PLACED, Order.State.PENDING, Order.State.LAPSED]
    for number, state in Order.objects.filter(state__in=open_states, paid_at__isnull=False).values_list(
        "number", "state"
    ):
        yield Breach(number, f"{state} with a moment of payment")


def nothing_for_free() -> Iterator[Breach]:
    for number in Payment.objects.filter(order__total=0).values_list("order__number", flat=True):
        yield Breach(number, "a payment for an order of nothing")


def refunds_within_payment() -> Iterator[Breach]:
    rows: Any = Refund.objects.filter(state__in=refunds.COUNTED).order_by()
    rows = rows.values("order__number", "payment", "payment__amount").annotate(sum=Sum("amount"))
    for row in rows.filter(sum__gt=F("payment__amount")):
        yield Breach(row["order__number"], f"paid {row['payment__amount']}, refunds of {row['sum']}")
    for number in Payment.objects.filter(refunded__gt=F("amount")).values_list("order__number", flat=True):
        yield Breach(number, "Stripe gave back more than it took")


def refund_parts() -> Iterator[Breach]:
    rows: Any = Refund.objects.order_by().values("pk", "order__number", "amount", "shipping")
    rows = rows.annotate(parts=Coalesce(Sum("lines__amount"), 0)).filter(parts__gt=F("amount") - F("shipping"))
    for row in rows:
        yield Breach(row["order__number"], f"refund of {row['amount']}, parts {row['parts']} and {row['shipping']}")
    lines: Any = RefundLine.objects.filter(refund__state__in=refunds.COUNTED).order_by()
    lines = lines.values("line", "line__order__number", "line__amount").annotate(sum=Sum("amount"))
    for row in lines.filter(sum__gt=F("line__amount")):
        yield Breach(row["line__order__number"], f"line of {row['line__amount']}, refunds of {row['sum']}")


def refunded_agrees() -> Iterator[Breach]:
    rows = Order.objects.filter(paid_at__isnull=False).order_by().values("number", "total", "refunded")
    rows = rows.annotate(paid=Coalesce(Sum("payments__amount"), 0), back=Coalesce(Sum("payments__refunded"), 0))
    for row in rows.exclude(refunded=F("back")).iterator():
        meant = refunds.of_the_order(row["paid"], row["back"], row["total"])
        if meant != row["refunded"]:
            yield Breach(row["number"], f"says {row['refunded']} given back, its payments say {meant}")


# --- Stock ---------------------------------------------------------------------------------------


def on_hand_is_moves() -> Iterator[Breach]:
    rows = Stock.objects.order_by().values("pk", "name", "on_hand").annotate(moved=Coalesce(Sum("moves__quantity"), 0))
    for row in rows.exclude(on_hand=F("moved")):
        yield Breach(row["name"], f"{row['on_hand']} on hand, moves of {row['moved']}")


def held_within_on_hand() -> Iterator[Breach]:
    """An owner's own move may put a pool below its holds; then it stands on her desk."""
    rows = Hold.objects.filter(state__in=LIVE).order_by().values("stock", "stock__name", "stock__on_hand")
    short = list(rows.annotate(held=Sum("quantity")).filter(held__gt=F("stock__on_hand")))
    own = StockMove.objects.filter(stock__in=[row["stock"] for row in short], reason__in=OWNERS_MOVES, quantity__lt=0)
    known = set(own.values_list("stock", flat=True))
    for row in short:
        if row["stock"] not in known:
            yield Breach(row["stock__name"], f"{row['stock__on_hand']} on hand, {row['held']} promised")


def holds_of_the_living() -> Iterator[Breach]:
    reserved = Q(state=Hold.State.RESERVED) & ~Q(line__order__state__in=[Order.State.PLACED, Order.State.PENDING])
    own = Q(line__offer__kind__in=kinds.counting_themselves())
    kept = Q(state=Hold.State.KEPT) & ~Q(line__order__state=Order.State.PAID) & ~own
    rows = Hold.objects.filter(reserved | kept).values_list("line__order__number", "state", "line__order__state")
    for number, state, order_state in rows.iterator():
        yield Breach(number, f"{state} units of an order that is {order_state}")


def paid_is_promised() -> Iterator[Breach]:
    """Every unit owed is kept or was sent, pool by pool; what was paid too late stands on the desk."""
    ours = Q(holds__stock=F("offer__stocks"), holds__state__in=[Hold.State.KEPT, Hold.State.USED])
    rows: Any = OrderLine.objects.filter(order__state=Order.State.PAID, offer__stocks__isnull=False).order_by()
    rows = rows.exclude(offer__kind__in=kinds.counting_themselves())
    rows = rows.values("pk", "order", "order__number", "title", "quantity", "refunded_quantity", "offer__stocks")
    rows = rows.annotate(promised=Coalesce(Sum("holds__quantity", filter=ours), 0))
    wrong = list(rows.filter(promised__lt=F("quantity") - F("refunded_quantity"))[:MOST])
    known = _called_for([row["order"] for row in wrong], {Order.Attention.OVERSOLD})
    for row in wrong:
        if row["order"] not in known:
            yield Breach(row["order__number"], f"{row['title']}: {row['promised']} kept or sent of {row['quantity']}")


# --- Once ----------------------------------------------------------------------------------------


def one_open_attempt() -> Iterator[Breach]:
    rows = Attempt.objects.filter(state__in=[Attempt.State.OPENING, Attempt.State.OPEN]).order_by()
    yield from _twice(rows, "order__number", "open attempts")


def events_once() -> Iterator[Breach]:
    yield from _twice(StripeEvent.objects.order_by(), "event_id", "rows of one notice")


def one_payment_each() -> Iterator[Breach]:
    yield from _twice(Payment.objects.exclude(attempt=None).order_by(), "attempt__public_id", "payments of one attempt")
    yield from _twice(Payment.objects.exclude(intent_id=None).order_by(), "intent_id", "payments of one intent")
    settled = Q(state=Attempt.State.SETTLED)
    for number in Attempt.objects.filter(settled, payment=None).values_list("order__number", flat=True):
        yield Breach(number, "an attempt is settled without a payment")
    for number in Attempt.objects.filter(~settled, payment__isnull=False).values_list("order__number", flat=True):
        yield Breach(number, "a payment of an attempt that is not settled")


def subscriptions_have_lines() -> Iterator[Breach]:
    """A subscription stands behind a paid recurring line, and every such line has one."""
    rows = Subscription.objects.select_related("line__order", "line__offer")
    for row in rows.filter(Q(line__order__paid_at=None) | Q(line__offer__interval="")):
        yield Breach(row.stripe_id, "a subscription of a line that was not paid, or does not recur")
    lines = OrderLine.objects.filter(subscription=None, order__paid_at__isnull=False, order__origin=None)
    lines = lines.exclude(offer__interval="").filter(order__total__gt=0)
    for number in lines.values_list("order__number", flat=True):
        yield Breach(number, "a recurring line was paid, and nothing renews it")


def renewals_once() -> Iterator[Breach]:
    yield from _twice(Payment.objects.exclude(invoice_id=None).order_by(), "invoice_id", "payments of one invoice")
    renewed = Order.objects.filter(origin__isnull=False).order_by()
    for number in renewed.exclude(payments__invoice_id__isnull=False).values_list("number", flat=True):
        yield Breach(number, "renews a subscription without an invoice")
    for number in Order.objects.filter(payments__invoice_id__isnull=False, origin=None).values_list(
        "number", flat=True
    ):
        yield Breach(number, "an invoice's order renews nothing")


def nothing_after_the_end() -> Iterator[Breach]:
    """What Stripe took after the end stands or stood on the owner's desk."""
    reason = str(Order.Attention.AFTER_END)
    told = OrderEvent.objects.filter(order=OuterRef("pk"), kind="attention", data__reason=reason)
    late = Order.objects.filter(~Exists(told), origin__lines__subscription__ended_at__lt=F("paid_at") - SETTLED_LATE)
    for number in late.values_list("number", flat=True):
        yield Breach(number, "charged after its subscription ended")


def wishes_sent() -> Iterator[Breach]:
    rows = Subscription.objects.asked().filter(checked_at__lt=timezone.now() - timedelta(days=1))
    for stripe_id, wish in rows.values_list("stripe_id", "wish"):
        yield Breach(stripe_id, f"asked here and not at Stripe: {wish or 'plan or pause'}")


def _twice(rows: QuerySet[Any], name: str, words: str) -> Iterator[Breach]:
    for row in rows.values(name).annotate(times=Count("pk")).filter(times__gt=1):
        yield Breach(str(row[name]), f"{row['times']} {words}")


# --- Outbox --------------------------------------------------------------------------------------


def events_handled() -> Iterator[Breach]:
    rows = StripeEvent.objects.filter(handled_at=None, received_at__lt=timezone.now() - PATIENCE)
    for event_id, kind in rows.values_list("event_id", "type"):
        yield Breach(event_id, kind)


def tasks_done() -> Iterator[Breach]:
    before = timezone.now() - PATIENCE
    due = Q(run_after=None, enqueued_at__lt=before) | Q(run_after__lt=before)
    for path, args in OxTask.objects.filter(due, status=OxTask.Status.READY).values_list("task_path", "args"):
        yield Breach(path, str(args))


def tasks_not_given_up() -> Iterator[Breach]:
    for path, args in OxTask.objects.filter(status__in=GIVEN_UP).values_list("task_path", "args"):
        yield Breach(path, str(args))


def refunds_asked() -> Iterator[Breach]:
    rows = Refund.objects.filter(state=Refund.State.ASKED, made_at__lt=timezone.now() - PATIENCE)
    for number, amount in rows.values_list("order__number", "amount"):
        yield Breach(number, f"a refund of {amount} has not reached Stripe")


# --- Promises ------------------------------------------------------------------------------------


def receipts_sent() -> Iterator[Breach]:
    sent = MailSent.objects.filter(order=OuterRef("pk"), key="receipt")
    coming = _coming("store.tasks.mail", "receipt")
    owed = Order.objects.filter(~Exists(sent), paid_at__isnull=False).exclude(email="")
    rows = owed.order_by().values_list("pk", "number")
    for pk, number in rows.iterator():
        if pk not in coming:
            yield Breach(number, "paid, without a receipt")


def buyers_known() -> Iterator[Breach]:
    """Whoever Stripe's form did not ask enough stands or stood on the desk."""
    reason = str(Order.Attention.INCOMPLETE)
    told = OrderEvent.objects.filter(order=OuterRef("pk"), kind="attention", data__reason=reason)
    paid = Order.objects.filter(~Exists(told), paid_at__gte=retention.accounts_since(timezone.now()))
    paid = paid.exclude(total=0)
    for number in paid.filter(email="").values_list("number", flat=True):
        yield Breach(number, "paid, and nobody to write to")
    for number in paid.filter(needs_shipping=True, is_pickup=False, line1="").values_list("number", flat=True):
        yield Breach(number, "paid, and nowhere to send it")


def attention_is_gravest() -> Iterator[Breach]:
    open_reasons: dict[int, set[str]] = {}
    for order, reason in Concern.objects.values_list("order", "reason"):
        open_reasons.setdefault(order, set()).add(reason)
    stands = Exists(Concern.objects.filter(order=OuterRef("pk")))
    for pk, number, attention in Order.objects.filter(stands | ~Q(attention="")).values_list(
        "pk", "number", "attention"
    ):
        if attention != Order.Attention.gravest(open_reasons.get(pk, set())):
            yield Breach(
                number, f"shows {attention or 'nothing'}, open: {', '.join(sorted(open_reasons.get(pk, set())))}"
            )


def no_receipt_unpaid() -> Iterator[Breach]:
    rows = MailSent.objects.filter(key__startswith="receipt", order__paid_at=None)
    for number in rows.values_list("order__number", flat=True):
        yield Breach(number, "a receipt for what was not paid")


def withdrawals_receipted() -> Iterator[Breach]:
    coming = _coming("store.tasks.receipt_of_withdrawal")
    for pk, received in Withdrawal.objects.filter(receipt_sent_at=None).values_list("pk", "received_at"):
        if pk not in coming:
            yield Breach(f"withdrawal {pk}", f"of {received:%Y-%m-%d %H:%M} UTC, without a receipt")


def _coming(path: str, *rest: str) -> set[int]:
    """Ids that a task of that kind is about, waiting, or given up and then on the desk."""
    rows: Iterable[list[Any]] = OxTask.objects.filter(
        task_path=path, status__in=[*WAITING, *GIVEN_UP]
    ).values_list("args", flat=True)  # fmt: skip
    return {args[0] for args in rows if args and args[1:] == list(rest)}


def terms_frozen() -> Iterator[Breach]:
    wrong = Order.objects.filter(terms__isnull=False).exclude(terms_digest=F("terms__digest"))
    for number in wrong.values_list("number", flat=True):
        yield Breach(number, "another digest than that of the terms it was placed under")
    for version in TermsVersion.objects.filter(published_at__isnull=False):
        if version.digest != hashlib.sha256(f"{version.text_fr}\0{version.text_en}".encode()).hexdigest():
            yield Breach(str(version), "words changed after they were put in force")


INVARIANTS: list[tuple[str, str, Callable[[], Iterator[Breach]]]] = [
    ("money", "an order's total is its lines and its delivery", totals),
    ("money", "a paid order has one payment of its total", paid_once),
    ("money", "an order that was not paid has no payment", unpaid_without_payment),
    ("money", "state and moment of payment agree", states_agree),
    ("money", "an order of nothing has no payment", nothing_for_free),
    ("money", "refunds stay within their payment", refunds_within_payment),
    ("money", "the parts of refunds stay within refund and line", refund_parts),
    ("money", "an order gave back what its payments gave back", refunded_agrees),
    ("stock", "what is on hand is the sum of the moves", on_hand_is_moves),
    ("stock", "no more is promised than is on hand", held_within_on_hand),
    ("stock", "only living orders hold units", holds_of_the_living),
    ("stock", "what is paid is kept or was sent", paid_is_promised),
    ("once", "an order has one open attempt at most", one_open_attempt),
    ("once", "a notice from Stripe is kept once", events_once),
    ("once", "an attempt has one payment, and then it is settled", one_payment_each),
    ("once", "what recurs and was paid has its subscription", subscriptions_have_lines),
    ("once", "each invoice of a subscription is one order that renews it", renewals_once),
    ("money", "nothing is charged after a subscription's end", nothing_after_the_end),
    ("outbox", "what was asked of a subscription reached Stripe", wishes_sent),
    ("outbox", "no notice from Stripe waits", events_handled),
    ("outbox", "no task waits", tasks_done),
    ("outbox", "no task was given up", tasks_not_given_up),
    ("outbox", "every refund reached Stripe", refunds_asked),
    ("promises", "every paid order has its receipt", receipts_sent),
    ("promises", "who paid can be written to and sent to", buyers_known),
    ("promises", "an order shows the gravest of its open reasons", attention_is_gravest),
    ("promises", "no receipt for what was not paid", no_receipt_unpaid),
    ("promises", "every withdrawal has its receipt", withdrawals_receipted),
    ("promises", "the terms accepted are the terms kept", terms_frozen),
]
