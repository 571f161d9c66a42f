"""Each invariant is clean after a real sale, and says so when it is broken."""

import itertools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_ox.models import OxTask

from core.models import TermsVersion
from store import refunds, stock, verify
from store.models import (
    Attempt,
    Concern,
    Hold,
    MailSent,
    Offer,
    Order,
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
from tests import factories

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(hours=2)
COUNT = itertools.count(1)


def broken() -> set[str]:
    """The names of the invariants that do not hold."""
    return {check.name for check in verify.checks() if check.breaches}


@pytest.fixture
def sale(sandbox: Any, work: Callable[[], list[Any]]) -> Order:
    """Two units paid; parcel made and receipt sent."""
    order = factories.paid(sandbox, factories.basket(quantity=2))
    work()
    return order


def test_checks_are_clean_after_a_sale(sale: Order) -> None:
    assert broken() == set()


def test_checks_are_clean_after_refund_of_a_part(sale: Order, work: Callable[[], list[Any]]) -> None:
    line = sale.lines.get()
    refunds.start(sale, refunds.Wanted(units={line.pk: 1}, shipping=100))
    work()

    assert broken() == set()
    assert Order.objects.get(pk=sale.pk).refunded == 2100


def test_checks_allow_a_pool_that_the_owner_counted_down(sale: Order) -> None:
    stock.count(Stock.objects.get(), 1)

    assert broken() == set()


def attempt_of(order: Order, **fields: Any) -> Attempt:
    number = next(COUNT) + 100
    given = {
        "number": number, "amount": order.total, "currency": "EUR", "params": {}, "idempotency_key": f"key-{number}",
        "expires_at": timezone.now(), "state": Attempt.State.SETTLED,
    }  # fmt: skip
    return Attempt.objects.create(order=order, **{**given, **fields})


def second_payment(order: Order) -> None:
    Payment.objects.create(order=order, attempt=attempt_of(order), amount=order.total, currency="EUR", intent_id="pi_2")


def free_with_payment(order: Order) -> None:
    OrderLine.objects.filter(order=order).update(unit_amount=0, amount=0)
    Order.objects.filter(pk=order.pk).update(goods_amount=0, shipping_amount=0, total=0)


def too_many_refunds(order: Order) -> None:
    for _time in range(2):
        Refund.objects.create(order=order, payment=order.payments.get(), amount=order.total, state=Refund.State.PENDING)


def refund_with_large_parts(order: Order) -> None:
    refund = Refund.objects.create(order=order, payment=order.payments.get(), amount=100, state=Refund.State.PENDING)
    RefundLine.objects.create(refund=refund, line=order.lines.get(), amount=200)


def event(**fields: Any) -> None:
    row = StripeEvent.objects.create(event_id=f"evt_{next(COUNT)}", type="refund.created", body={})
    StripeEvent.objects.filter(pk=row.pk).update(**fields)


def task(status: str, path: str = "store.tasks.reconcile", **fields: Any) -> None:
    OxTask.objects.create(task_path=path, backend_name="default", status=status, **{"enqueued_at": LONG_AGO, **fields})


def old_refund(order: Order) -> None:
    row = Refund.objects.create(order=order, payment=order.payments.get(), amount=100)
    Refund.objects.filter(pk=row.pk).update(made_at=LONG_AGO)


def bare_hold(order: Order, state: str) -> None:
    other = factories.order()
    Order.objects.filter(pk=other.pk).update(state=Order.State.LAPSED)
    Hold.objects.filter(line__order=other).update(state=state)


def never_paid(order: Order) -> None:
    MailSent.objects.filter(order=order).delete()
    Order.objects.filter(pk=order.pk).update(paid_at=None)


def receipt_of_nothing(order: Order) -> None:
    MailSent.objects.create(order=factories.order(), key="receipt")


def withdrawal(order: Order) -> None:
    Withdrawal.objects.create(
        shop=order.shop,
        name="Léa",
        email="lea@example.org",
        contract="?",
        received_at=LONG_AGO,
        digest="",
        token=uuid.uuid4(),
    )


def oversell(order: Order) -> None:
    StockMove.objects.create(stock=Stock.objects.get(), quantity=-9, reason=StockMove.Reason.SHIPPED)
    Stock.objects.update(on_hand=1)


def bare_recurring(order: Order) -> None:
    Offer.objects.filter(order_lines__order=order).update(interval="year")


def subscribed(order: Order, **fields: Any) -> Subscription:
    line = order.lines.get()
    given = {
        "stripe_id": f"sub_{next(COUNT)}",
        "period_start": LONG_AGO,
        "period_end": timezone.now(),
        "status": "active",
    }
    return Subscription.objects.create(shop=order.shop, line=line, offer=line.offer, **{**given, **fields})


def renewed(order: Order, invoice_id: str | None = "in_1", **fields: Any) -> None:
    subscribed(order, **fields)
    other = factories.order()
    Order.objects.filter(pk=other.pk).update(origin=order, paid_at=timezone.now(), state=Order.State.PAID)
    attempt = None if invoice_id else attempt_of(other)
    Payment.objects.create(order=other, attempt=attempt, invoice_id=invoice_id, amount=other.total, currency="EUR")


BREAKS: dict[str, list[Callable[[Order], Any]]] = {
    "an order's total is its lines and its delivery": [
        lambda order: OrderLine.objects.filter(order=order).update(quantity=1, amount=2000),
    ],
    "a paid order has one payment of its total": [
        second_payment,
        lambda order: Payment.objects.update(amount=1),
        lambda order: Payment.objects.update(currency="USD"),
        lambda order: Payment.objects.all().delete(),
    ],
    "an order that was not paid has no payment": [never_paid],
    "state and moment of payment agree": [
        never_paid,
        lambda order: Order.objects.filter(pk=order.pk).update(state=Order.State.LAPSED),
    ],
    "an order of nothing has no payment": [free_with_payment],
    "refunds stay within their payment": [too_many_refunds],
    "the parts of refunds stay within refund and line": [refund_with_large_parts],
    "an order gave back what its payments gave back": [
        lambda order: Order.objects.filter(pk=order.pk).update(refunded=5),
        lambda order: Payment.objects.update(refunded=5),
    ],
    "what is on hand is the sum of the moves": [lambda order: Stock.objects.update(on_hand=7)],
    "no more is promised than is on hand": [oversell],
    "only living orders hold units": [
        lambda order: bare_hold(order, Hold.State.RESERVED),
        lambda order: bare_hold(order, Hold.State.KEPT),
    ],
    "what is paid is kept or was sent": [
        lambda order: Hold.objects.update(state=Hold.State.RELEASED),
        lambda order: Hold.objects.update(quantity=1),
    ],
    "an attempt has one payment, and then it is settled": [
        attempt_of,
        lambda order: Attempt.objects.update(state=Attempt.State.EXPIRED),
    ],
    "what recurs and was paid has its subscription": [
        bare_recurring,
        lambda order: subscribed(order, stripe_id="sub_x"),
    ],
    "each invoice of a subscription is one order that renews it": [
        lambda order: renewed(order, invoice_id=None),
        lambda order: Payment.objects.update(invoice_id="in_x"),
    ],
    "nothing is charged after a subscription's end": [
        lambda order: renewed(order, ended_at=LONG_AGO - timedelta(days=30)),
    ],
    "what was asked of a subscription reached Stripe": [
        lambda order: subscribed(order, wish="end", checked_at=LONG_AGO - timedelta(days=2)),
    ],
    "no notice from Stripe waits": [lambda order: event(received_at=LONG_AGO)],
    "no task waits": [
        lambda order: task(OxTask.Status.READY),
        lambda order: task(OxTask.Status.READY, run_after=LONG_AGO, enqueued_at=timezone.now()),
    ],
    "no task was given up": [lambda order: task(OxTask.Status.FAILED), lambda order: task(OxTask.Status.LOST)],
    "every refund reached Stripe": [old_refund],
    "every paid order has its receipt": [lambda order: MailSent.objects.filter(key="receipt").delete()],
    "who paid can be written to and sent to": [
        lambda order: Order.objects.filter(pk=order.pk).update(email=""),
        lambda order: Order.objects.filter(pk=order.pk).update(line1=""),
    ],
    "an order shows the gravest of its open reasons": [
        lambda order: Order.objects.filter(pk=order.pk).update(attention="dispute"),
        lambda order: Concern.objects.create(order=order, reason="dispute"),
    ],
    "no receipt for what was not paid": [receipt_of_nothing],
    "every withdrawal has its receipt": [withdrawal],
    "the terms accepted are the terms kept": [
        lambda order: Order.objects.filter(pk=order.pk).update(terms_digest="0" * 64),
        lambda order: TermsVersion.objects.update(text_fr="<p>Tout est permis.</p>"),
    ],
}
HELD_BY_THE_DATABASE = {"an order has one open attempt at most", "a notice from Stripe is kept once"}
CASES = [(name, act) for name, acts in BREAKS.items() for act in acts]


def test_every_invariant_is_broken_here_or_held_by_the_database() -> None:
    assert set(BREAKS) | HELD_BY_THE_DATABASE == {name for _group, name, _find in verify.INVARIANTS}


@pytest.mark.parametrize(("name", "act"), CASES, ids=[f"{name[:40]}-{n}" for n, (name, _act) in enumerate(CASES)])
def test_checks_name_what_is_broken(sale: Order, name: str, act: Callable[[Order], Any]) -> None:
    act(sale)

    assert name in broken()


def test_checks_allow_what_stands_or_stood_on_the_desk(sale: Order) -> None:
    second_payment(sale)
    Hold.objects.update(state=Hold.State.RELEASED)
    sale.call_for(Order.Attention.DOUBLE)
    sale.call_for(Order.Attention.OVERSOLD, lines=[sale.lines.get().pk])

    assert broken() == set()


def test_checks_allow_a_buyer_that_stripes_form_did_not_ask_enough(sale: Order) -> None:
    MailSent.objects.filter(key="receipt").delete()
    Order.objects.filter(pk=sale.pk).update(email="", line1="")
    sale.call_for(Order.Attention.INCOMPLETE)

    assert broken() == set()


def test_receipt_that_a_task_will_send_is_no_breach(sale: Order) -> None:
    MailSent.objects.filter(key="receipt").delete()
    task(OxTask.Status.READY, "store.tasks.mail", args=[sale.pk, "receipt"], enqueued_at=timezone.now())

    assert broken() == set()


def test_notice_or_task_of_a_moment_ago_is_no_breach(sale: Order) -> None:
    event(received_at=timezone.now())
    task(OxTask.Status.READY, enqueued_at=timezone.now())
    task(OxTask.Status.READY, run_after=timezone.now() + timedelta(hours=1))

    assert broken() == set()


def test_checks_cost_the_same_for_many_orders(sandbox: Any, work: Any, django_assert_max_num_queries: Any) -> None:
    shared = factories.offer(units=50)
    for _time in range(3):
        factories.paid(sandbox, factories.basket(shared))
    work()

    with django_assert_max_num_queries(50):
        assert broken() == set()
