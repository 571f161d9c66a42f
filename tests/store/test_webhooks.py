"""Notices from Stripe: one effect or none, in any order and number."""

import itertools
import json
import time

import pytest
from django.urls import reverse

from store import checkout, fulfilment, gateway, orders, refunds, webhooks
from store.models import MailSent, Order, Parcel, Payment, StripeEvent
from tests import factories
from tests.rig.standin import signed

pytestmark = pytest.mark.django_db


def knock(client, body: bytes, signature: str) -> int:
    return client.post(
        reverse("webhook"), body, content_type="application/json", headers={"Stripe-Signature": signature}
    ).status_code


def open_order(**given) -> tuple[Order, str]:
    order = factories.order(factories.basket(factories.offer(**given)))
    attempt = order.attempts.get()
    return order, checkout.open_attempt(attempt).session_id


def completed(sandbox, session_id: str) -> dict:
    return next(
        event for event in sandbox.notices("checkout.session.completed") if event["data"]["object"]["id"] == session_id
    )


def test_notice_settles_the_order(client, sandbox, work):
    order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    assert knock(client, *signed(completed(sandbox, session_id))) == 200
    work()
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert StripeEvent.objects.get().outcome == "done"


def test_duplicates_have_one_effect(client, sandbox, work):
    order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    body, signature = signed(completed(sandbox, session_id))
    assert {knock(client, body, signature) for _again in range(20)} == {200}
    work()
    work()
    counts = [model.objects.count() for model in (StripeEvent, Payment, Parcel)]
    assert counts == [1, 1, 1]
    assert MailSent.objects.filter(order=order, key="receipt").count() == 1


def test_a_nul_in_a_notice_is_left_out_and_the_notice_kept(client, sandbox):
    """PostgreSQL keeps none: a notice refused for it would be sent again and again."""
    _order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    notice = completed(sandbox, session_id)
    body, signature = signed({**notice, "request": {"id": None, "idempotency\0key": ["a\0b"]}})
    assert knock(client, body, signature) == 200
    assert StripeEvent.objects.get().body["request"] == {"id": None, "idempotencykey": ["ab"]}


def test_every_order_of_a_flow_ends_alike(sandbox, work):
    ends = set()
    for permutation in itertools.permutations(["async_pending", "async_succeed", "late"]):
        order, session_id = open_order()
        sandbox.outcome(session_id, "async_pending")
        sandbox.outcome(session_id, "async_succeed")
        for _step in permutation:
            webhooks.session(session_id)
        order.refresh_from_db()
        ends.add((order.state, order.payments.count(), order.attention))
    assert ends == {(Order.State.PAID, 1, "")}


@pytest.mark.parametrize(
    "damage",
    [
        lambda body, signature: (body + b" ", signature),
        lambda body, signature: (body.replace(b"completed", b"complete_"), signature),
        lambda body, signature: (body, ""),
        lambda body, signature: (body, signature.replace("v1=", "v1=0")),
        lambda body, signature: (b"\xff\xfe", signature),
    ],
)
def test_damaged_or_unsigned_notices_are_refused(client, sandbox, damage):
    order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    assert knock(client, *damage(*signed(completed(sandbox, session_id)))) == 400
    order.refresh_from_db()
    assert (order.state, StripeEvent.objects.count()) == (Order.State.PLACED, 0)


def test_forged_and_stale_notices_are_refused(client, sandbox):
    _order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    event = completed(sandbox, session_id)
    assert knock(client, *signed(event, secret="whsec_other")) == 400
    assert knock(client, *signed(event, at=time.time() - 360)) == 400
    assert StripeEvent.objects.count() == 0


def test_second_secret_is_accepted_during_rotation(client, sandbox, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_tests"]
    _order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    assert knock(client, *signed(completed(sandbox, session_id))) == 200


def test_notice_of_the_other_mode_is_kept_and_ignored(client, sandbox, work):
    order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    event = {**completed(sandbox, session_id), "livemode": True}
    assert knock(client, *signed(event)) == 200
    work()
    order.refresh_from_db()
    assert (order.state, StripeEvent.objects.get().outcome) == (Order.State.PLACED, "other_mode")


def test_unknown_type_is_kept(client, sandbox, work):
    _order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    event = {**completed(sandbox, session_id), "type": "something.new"}
    assert knock(client, *signed(event)) == 200
    work()
    assert StripeEvent.objects.get().outcome == "unknown"


def test_another_amount_is_paid_but_held_back(sandbox, work):
    order, session_id = open_order()
    sandbox.control("POST", f"sessions/{session_id}/amount", amount_total=100)
    sandbox.outcome(session_id, "paid")
    orders.settle(session_id)
    work()
    order.refresh_from_db()
    assert (order.attention, Parcel.objects.count()) == (Order.Attention.MISMATCH, 0)


def disputed(sandbox, work) -> tuple[Order, str]:
    order = factories.paid(sandbox)
    work()
    charge = gateway.client().v1.payment_intents.retrieve(order.payments.get().intent_id).latest_charge
    found = sandbox.control("POST", f"charges/{charge}/dispute")["id"]
    webhooks.dispute(found)
    work()
    order.refresh_from_db()
    assert (order.attention, fulfilment.ship(order.parcels.get())) == ("dispute", False)
    return order, found


@pytest.mark.parametrize(("verb", "attention", "leaves"), [("win", "", True), ("lose", "dispute_lost", False)])
def test_a_closed_dispute_is_heard(client, sandbox, work, mailoutbox, verb, attention, leaves):
    order, found = disputed(sandbox, work)
    sandbox.control("POST", f"disputes/{found}/{verb}")
    mailoutbox.clear()
    (event,) = sandbox.notices("charge.dispute.closed")
    assert knock(client, *signed(event)) == 200
    work()
    for _again in range(2):
        assert webhooks.dispute(found) == "done"
    work()
    order.refresh_from_db()
    assert order.attention == attention
    assert order.events.filter(kind="dispute_closed").count() == 1
    assert len(mailoutbox) == (0 if leaves else 1)
    assert fulfilment.ship(order.parcels.get()) is leaves


def test_a_withdrawn_warning_that_was_never_heard_of_stops_nothing(sandbox, work, monkeypatch):
    order = factories.paid(sandbox)
    intent = order.payments.get().intent_id
    monkeypatch.setattr(gateway, "read_dispute", lambda _id: gateway.DisputeState(intent, "warning_closed"))
    webhooks.dispute("du_1")
    order.refresh_from_db()
    assert order.attention == ""


def test_one_of_two_disputes_won_keeps_the_stop(sandbox, work, monkeypatch):
    order = factories.paid(sandbox)
    intent, stands = order.payments.get().intent_id, {"du_1": "needs_response", "du_2": "needs_response"}
    monkeypatch.setattr(gateway, "read_dispute", lambda key: gateway.DisputeState(intent, stands[key]))
    for key in stands:
        webhooks.dispute(key)
    for key, attention in (("du_1", "dispute"), ("du_2", "")):
        stands[key] = "won"
        webhooks.dispute(key)
        order.refresh_from_db()
        assert order.attention == attention


def test_notice_without_our_reference_is_not_ours(client, sandbox, work):
    _order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    event = completed(sandbox, session_id)
    order_ids = set(Order.objects.values_list("state", flat=True))
    Payment.objects.all().delete()
    checkout.Attempt.objects.update(session_id="cs_other", public_id="00000000-0000-4000-8000-000000000000")
    knock(client, *signed(event))
    work()
    assert StripeEvent.objects.get().outcome == "not_ours"
    assert set(Order.objects.values_list("state", flat=True)) == order_ids


def test_stored_notice_holds_no_personal_data(client, sandbox):
    order, session_id = open_order()
    sandbox.outcome(session_id, "paid")
    knock(client, *signed(completed(sandbox, session_id)))
    assert order.email not in json.dumps(StripeEvent.objects.get().body)


def test_webhook_takes_only_posts_of_a_sane_size(client):
    assert client.get(reverse("webhook")).status_code == 405
    assert knock(client, b"x" * (1024 * 1024 + 1), "t=1,v1=0") == 413


def test_a_prevented_dispute_lifts_the_stop(client, sandbox, work, mailoutbox):
    """The networks settled it: no money moved, the parcel leaves, nothing is lost."""
    order, found = disputed(sandbox, work)
    sandbox.control("POST", f"disputes/{found}/prevent")
    (event,) = sandbox.notices("charge.dispute.closed")
    assert knock(client, *signed(event)) == 200
    work()
    assert webhooks.dispute(found) == "done"
    order.refresh_from_db()
    assert (order.attention, order.events.get(kind="dispute_closed").data["status"]) == ("", "prevented")
    assert fulfilment.ship(order.parcels.get()) is True


def test_a_dispute_heard_of_by_its_update_alone_stops(client, sandbox, work):
    order = factories.paid(sandbox)
    work()
    charge = gateway.client().v1.payment_intents.retrieve(order.payments.get().intent_id).latest_charge
    found = sandbox.control("POST", f"charges/{charge}/dispute")["id"]
    gateway.client().v1.disputes.update(found, {"metadata": {"a": "1"}})
    (event,) = sandbox.notices("charge.dispute.updated")
    for _time in range(2):
        assert knock(client, *signed(event)) == 200
        work()
    order.refresh_from_db()
    assert (order.attention, order.concerns.count()) == ("dispute", 1)


def test_an_early_warning_keeps_the_parcel_until_the_owner_decides(client, sandbox, work, mailoutbox):
    order = factories.paid(sandbox)
    work()
    mailoutbox.clear()
    charge = gateway.client().v1.payment_intents.retrieve(order.payments.get().intent_id).latest_charge
    warning = sandbox.control("POST", f"charges/{charge}/warn")["id"]
    (event,) = sandbox.notices("radar.early_fraud_warning.created")
    assert knock(client, *signed(event)) == 200
    work()
    assert webhooks.early_fraud(warning) == "done"
    work()
    order.refresh_from_db()
    assert (order.attention, order.concerns.count(), len(mailoutbox)) == ("early_fraud", 1, 1)
    assert fulfilment.ship(order.parcels.get()) is False
    orders.resolve(order, "early_fraud", by=None, honour=True)
    assert fulfilment.ship(order.parcels.get()) is True


def test_an_early_warning_of_what_was_given_back_is_none(sandbox, work):
    order = factories.paid(sandbox)
    work()
    charge = gateway.client().v1.payment_intents.retrieve(order.payments.get().intent_id).latest_charge
    refunds.start(order, refunds.everything(order))
    work()
    assert webhooks.early_fraud(sandbox.control("POST", f"charges/{charge}/warn")["id"]) == "not_ours"


def test_every_notice_that_is_subscribed_to_is_handled():
    assert set(gateway.EVENTS) == set(webhooks.HANDLERS)
