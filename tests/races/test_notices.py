"""The same notice many times at once, and both doors at once: one effect."""

import pytest
from django.test import Client

from store import checkout, orders, refunds
from store.models import MailSent, Order, Parcel, Payment, Refund, StripeEvent
from tests import factories
from tests.races.crowd import together
from tests.rig.standin import signed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def paid_session(sandbox) -> tuple[Order, str]:
    order = factories.order()
    session_id = checkout.open_attempt(order.attempts.get()).session_id
    sandbox.outcome(session_id, "paid")
    return order, session_id


def test_twenty_parallel_duplicates_have_one_effect(sandbox, work):
    order, session_id = paid_session(sandbox)
    body, signature = signed(sandbox.notices("checkout.session.completed")[-1])

    def knock(_number: int) -> int:
        return (
            Client()
            .post("/stripe/webhook/", body, content_type="application/json", headers={"Stripe-Signature": signature})
            .status_code
        )

    assert together(20, knock) == [200] * 20
    work()
    counts = [model.objects.count() for model in (StripeEvent, Payment, Parcel)]
    assert counts == [1, 1, 1]
    assert MailSent.objects.filter(order=order, key="receipt").count() == 1
    assert session_id


def test_webhook_and_return_page_at_once_settle_once(sandbox, work):
    order, session_id = paid_session(sandbox)
    answers = together(16, lambda _number: orders.settle(session_id))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    work()
    order.refresh_from_db()
    assert (order.state, Payment.objects.count(), Parcel.objects.count()) == (Order.State.PAID, 1, 1)
    assert [event.kind for event in order.events.all()].count("paid") == 1


def test_eight_refunds_at_once_never_exceed_the_payment(sandbox, work):
    order, session_id = paid_session(sandbox)
    orders.settle(session_id)
    work()
    order.refresh_from_db()
    line = order.lines.get()
    half = line.amount // 2

    def give(_number: int) -> Refund | None:
        return refunds.start(order, refunds.Wanted(gestures={line.pk: half}))

    answers = together(8, give)
    made = [answer for answer in answers if isinstance(answer, Refund)]
    refused = [answer for answer in answers if isinstance(answer, refunds.TooMuch)]
    assert (len(made), len(refused)) == (2, 6)
    work()
    payment = order.payments.get()
    payment.refresh_from_db()
    assert payment.refunded == 2 * half
