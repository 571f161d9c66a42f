"""kill -9 at each step from order to refund: after a restart and reconcile nothing is lost, charged or sent twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_ox.models import OxTask

from store import checkout, gateway, orders, reconciling, refunds, renewals, subscriptions, webhooks
from store.models import Cart, MailClaim, MailSent, Offer, Order, Parcel, Payment, Subscription
from tests import factories
from tests.rig.processes import ROOT
from tests.rig.sound import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

LEASE = "1.5"
WEB = ["placing", "committed", "session opened"]
NOTICE = ["notice storing", "notice stored"]
SUBSCRIBED = ["subscribed"]
WORKER = ["settling", "units kept", "settled", "fulfilling", "fulfilled", "mail before", "mail behind"]
MAIL = ["mail claimed", "mail taken"]
REFUND = ["refund before", "refund called", "refund applied"]
WISH = ["end asked", "end called"]
STOP = ["stop asked", "stop called"]
RENEWAL = ["renewal placing", "renewed"]
LATE = ["late noted", "mail claimed", "mail taken"]
DISPUTE = ["disputed", "dispute stopping", "dispute handled"]
VERBS = ["cancel", "resume", "change", "pause", "unpause"]
IN_TEST = {
    "time booked", "time moving", "time ending", "hours granted", "hour used", "hour returned",
    "subscribed", "end called", "renewed", "session opened", "settled", "mail taken", "refund called", "stop called",
    "dispute stopping", "late noted", "card given", "club forgotten",
}  # fmt: skip


def steps(names: list[str]) -> list[object]:
    """A few of them in each run, all of them in the soak."""
    return [name if name in IN_TEST else pytest.param(name, marks=pytest.mark.soak) for name in names]


def run(sandbox, step: str, part: str, argument: str) -> int:
    """The child's end; -9 where it was killed."""
    env = {**os.environ, "KILL_DATABASE": str(connection.settings_dict["NAME"]), "KILL_STRIPE": sandbox.base}
    command = [sys.executable, "-m", "tests.kills.dying", step, part, argument]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False, timeout=180)
    if done.returncode not in {0, -signal.SIGKILL}:
        raise AssertionError(done.stderr.decode()[-3000:])
    return done.returncode


def work() -> None:
    """A worker until nothing is due; a dead one's lease is over by then."""
    time.sleep(float(LEASE) + 0.2)
    drain()


def drain() -> None:
    """A worker until nothing is due."""
    with suppress(SystemExit):
        call_command("ox_worker", batch=True, interval=0.1, lock_timeout=float(LEASE))


def recover() -> None:
    """What the next processes do: the worker takes up what a dead one left, and reconcile asks Stripe."""
    reconciling.run(everything=True)
    work()
    reconciling.run(everything=True)
    work()


def clean(sandbox, order: Order) -> None:
    """One charge, one payment, one parcel, one receipt; every invariant holds."""
    order.refresh_from_db()
    assert order.state in {Order.State.PAID, Order.State.REFUNDED}
    assert Payment.objects.filter(order=order).count() == 1
    charges = [row for row in sandbox.api("/v1/charges?limit=100")["data"] if row["paid"]]
    assert [row["amount"] for row in charges] == [order.total]
    keys = Counter(MailSent.objects.filter(order=order).values_list("key", flat=True))
    assert keys["receipt"] == 1
    assert breaches() == []


def begun(sandbox) -> tuple[Order, str]:
    """An order with an open session, paid at the stand-in, of which we know nothing yet."""
    order = factories.order()
    checkout.open_attempt(order.attempts.get())
    session_id = order.attempts.get().session_id
    assert session_id
    sandbox.outcome(session_id, "paid")
    return order, session_id


def notice_of(sandbox, session_id: str) -> gateway.Notice:
    """The stand-in's word on the session, as our webhook would have read it."""
    event = next(
        row for row in sandbox.notices("checkout.session.completed") if row["data"]["object"]["id"] == session_id
    )
    return gateway.Notice(event["id"], event["type"], session_id, event["livemode"], event)


@pytest.mark.parametrize("step", steps(WEB))
def test_killed_while_ordering(sandbox, step):
    cart = factories.basket()
    assert run(sandbox, step, "order", str(cart.pk)) == -signal.SIGKILL
    order = Order.objects.first() or factories.order(Cart.objects.get())
    assert factories.order(Cart.objects.get()) == order
    reconciling.run(everything=True)
    attempt = order.attempts.get()
    assert attempt.session_id
    assert len(sandbox.api("/v1/checkout/sessions?limit=100")["data"]) == 1
    sandbox.outcome(attempt.session_id, "paid")
    recover()
    clean(sandbox, order)


@pytest.mark.parametrize("step", steps(NOTICE))
def test_killed_while_taking_a_notice(sandbox, step):
    order, session_id = begun(sandbox)
    assert run(sandbox, step, "notice", session_id) == -signal.SIGKILL
    recover()
    clean(sandbox, order)


@pytest.mark.parametrize("step", steps(WORKER))
def test_killed_while_working(sandbox, step):
    order, session_id = begun(sandbox)
    webhooks.keep(notice_of(sandbox, session_id))
    assert run(sandbox, step, "work", LEASE) == -signal.SIGKILL
    recover()
    clean(sandbox, order)
    assert Parcel.objects.filter(order=order).count() == 1


@pytest.mark.parametrize("step", steps(MAIL))
def test_killed_while_sending(sandbox, step):
    """The claim of the dead keeps others off until it runs out; then the mail goes, and is written down once."""
    order, session_id = begun(sandbox)
    webhooks.keep(notice_of(sandbox, session_id))
    assert run(sandbox, step, "work", LEASE) == -signal.SIGKILL
    recover()
    dead = MailClaim.objects.get()
    assert not MailSent.objects.filter(order=order, key=dead.reference.partition(".")[0]).exists()
    past = timezone.now()
    MailClaim.objects.update(until=past)
    OxTask.objects.filter(run_after=dead.until).update(run_after=past)
    recover()
    clean(sandbox, order)
    assert not MailClaim.objects.exists()


@pytest.mark.parametrize("step", steps(REFUND))
def test_killed_while_refunding(sandbox, step):
    order, session_id = begun(sandbox)
    orders.settle(session_id)
    work()
    order.refresh_from_db()
    refund = refunds.start(order, refunds.everything(order))
    assert run(sandbox, step, "refund", str(refund.pk)) == -signal.SIGKILL
    recover()
    clean(sandbox, order)
    assert order.state == Order.State.REFUNDED
    given = [row["amount"] for row in sandbox.api("/v1/refunds?limit=100")["data"]]
    assert given == [order.total]


def joined(sandbox) -> tuple[Order, str]:
    """An order of a yearly plan, paid at the stand-in, of which we know nothing yet."""
    order = factories.order(factories.basket(factories.plan(interval="year").offer))
    session = checkout.open_attempt(order.attempts.get()).session_id
    sandbox.outcome(session, "paid")
    return order, session


@pytest.mark.parametrize("step", steps(SUBSCRIBED))
def test_killed_while_subscribing(sandbox, step):
    order, session_id = joined(sandbox)
    webhooks.keep(notice_of(sandbox, session_id))
    assert run(sandbox, step, "work", LEASE) == -signal.SIGKILL
    recover()
    clean(sandbox, order)
    assert Subscription.objects.get().line.order == order


def member(sandbox) -> Subscription:
    """A yearly subscription that is paid and known."""
    _order, session_id = joined(sandbox)
    orders.settle(session_id)
    work()
    return Subscription.objects.get()


def ask(row: Subscription, verb: str) -> Offer:
    """Ask it of the subscription; what undoes something has it done before. Returns the offer that is asked for."""
    other = factories.plan(row.offer.sellable.tier, interval="year", price=9900).offer
    if verb in {"resume", "unpause"}:
        ask(row, {"resume": "cancel", "unpause": "pause"}[verb])
        subscriptions.send(row.pk)
    if verb == "change":
        subscriptions.change(row, other)
    elif verb == "pause":
        subscriptions.pause(row, row.period_end + timedelta(days=30))
    else:
        getattr(subscriptions, verb)(row)
    return other


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("step", steps(WISH))
def test_killed_while_asking(sandbox, step, verb):
    row = member(sandbox)
    other = ask(row, verb)
    assert run(sandbox, step, "wish", str(row.pk)) == -signal.SIGKILL
    recover()
    row.refresh_from_db()
    said = gateway.read_subscription(row.stripe_id)
    assert row.is_asked is False
    assert row.cancel_at_period_end is said.cancel_at_period_end is (verb == "cancel")
    assert (row.paused_until is not None) is said.is_paused is (verb == "pause")
    assert (row.next_offer_id, said.offer_id) == ((other.pk, other.pk) if verb == "change" else (None, None))
    assert breaches() == []


@pytest.mark.parametrize("step", steps(STOP))
def test_killed_while_ending_at_once(sandbox, step):
    row = member(sandbox)
    subscriptions.cancel_now(row)
    assert run(sandbox, step, "wish", str(row.pk)) == -signal.SIGKILL
    recover()
    row.refresh_from_db()
    assert (row.status, row.wish) == ("canceled", "")
    assert gateway.read_subscription(row.stripe_id).ended_at is not None
    assert breaches() == []


def late(sandbox) -> tuple[Subscription, str]:
    """A renewal that the bank refused, and its invoice."""
    row = member(sandbox)
    sandbox.control("POST", f"subscriptions/{row.stripe_id}/card", card="4000000000000341")
    sandbox.control("POST", "clock", set=int(row.period_end.timestamp()) + 7200)
    return row, sandbox.api(f"/v1/subscriptions/{row.stripe_id}")["latest_invoice"]


@pytest.mark.parametrize("step", steps(LATE))
def test_killed_while_telling_of_a_failure(sandbox, step):
    row, invoice = late(sandbox)
    if step in MAIL:
        webhooks.invoice(invoice)
    part, argument = ("work", LEASE) if step in MAIL else ("invoice", invoice)
    assert run(sandbox, step, part, argument) == -signal.SIGKILL
    webhooks.invoice(invoice)
    MailClaim.objects.update(until=timezone.now())
    OxTask.objects.update(run_after=timezone.now())
    recover()
    row.refresh_from_db()
    assert row.status == "past_due"
    assert row.line.order.mails.filter(key=f"late:{invoice}").count() == 1
    assert breaches() == []


def renewed(sandbox) -> Order:
    """The first renewal's order."""
    row = member(sandbox)
    sandbox.control("POST", "clock", set=int(row.period_end.timestamp()) + 7200)
    renewals.bring(row)
    work()
    return Order.objects.get(origin=row.line.order)


@pytest.mark.parametrize("step", steps(REFUND))
def test_killed_while_refunding_a_renewal(sandbox, step):
    renewal = renewed(sandbox)
    refund = refunds.start(renewal, refunds.everything(renewal))
    assert run(sandbox, step, "refund", str(refund.pk)) == -signal.SIGKILL
    recover()
    renewal.refresh_from_db()
    row = Subscription.objects.get()
    given = [one["amount"] for one in sandbox.api("/v1/refunds?limit=100")["data"]]
    assert (renewal.state, row.status, given) == (Order.State.REFUNDED, "canceled", [renewal.total])
    assert breaches() == []


@pytest.mark.parametrize("step", steps(DISPUTE))
def test_killed_while_a_renewal_is_charged_back(sandbox, step):
    renewal = renewed(sandbox)
    intent = renewal.payments.get().intent_id
    charge = sandbox.api(f"/v1/payment_intents/{intent}")["latest_charge"]
    dispute = sandbox.control("POST", f"charges/{charge}/dispute")["id"]
    sandbox.control("POST", f"disputes/{dispute}/lose")
    assert run(sandbox, step, "dispute", dispute) == -signal.SIGKILL
    webhooks.dispute(dispute)
    recover()
    row = Subscription.objects.get()
    lost = renewal.concerns.filter(reason=Order.Attention.DISPUTE_LOST)
    assert (row.status, lost.count()) == ("canceled", 1)
    assert gateway.read_subscription(row.stripe_id).ended_at is not None
    assert breaches() == []


@pytest.mark.parametrize("step", steps(RENEWAL))
def test_killed_while_renewing(sandbox, step):
    order, session_id = joined(sandbox)
    orders.settle(session_id)
    work()
    row = Subscription.objects.get()
    sandbox.control("POST", "clock", set=int(row.period_end.timestamp()) + 3600)
    assert run(sandbox, step, "renewal", str(row.pk)) == -signal.SIGKILL
    Subscription.objects.update(checked_at=row.checked_at - 2 * subscriptions.DAY)
    recover()
    renewal = Order.objects.get(origin=order)
    assert (renewal.payments.count(), renewal.mails.filter(key="receipt").count()) == (1, 1)
    assert breaches() == []
