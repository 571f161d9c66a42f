"""kill -9 at each step of an appointment: after a restart nothing is lost, promised twice or paid twice."""

import signal

import pytest

from events import prepaid
from events.models import Booking, CalendarCell, Credit, HourPack
from store import checkout, fulfilment, webhooks
from store.models import Order
from tests import factories
from tests.kills import hours
from tests.kills.test_kills import LEASE, clean, notice_of, recover, run, steps
from tests.rig.sound import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

HELD = ["time held"]
BOOKED = ["time booked"]
MOVED = ["time moving", "time moved"]
CANCELLED = ["time ending", "time ended"]
GRANTED = ["hours granted"]
USED = ["hour used"]
RETURNED = ["hour returned"]
KILLED = -signal.SIGKILL


def paid_unseen(sandbox, cart):
    """Its order, paid at the stand-in, of which only the notice is stored."""
    order = factories.order(cart)
    session_id = checkout.open_attempt(order.attempts.get()).session_id
    sandbox.outcome(session_id, "paid")
    webhooks.keep(notice_of(sandbox, session_id))
    return order


def an_hour():
    return factories.slot_basket(factories.service(price=9000))


def credited(sandbox):
    """Five hours that somebody with an account paid at the stand-in."""
    person = factories.person()
    order = factories.paid(sandbox, factories.basket(factories.pack().offer), user=person, email=person.email)
    fulfilment.fulfil(order.pk)
    return Credit.objects.get(line__order=order)


@pytest.mark.parametrize("step", steps(HELD))
def test_killed_while_holding(sandbox, step):
    cart = an_hour()
    assert run(sandbox, step, "order", str(cart.pk)) == KILLED
    assert not CalendarCell.objects.exists()
    order = paid_unseen(sandbox, cart)
    recover()
    clean(sandbox, order)
    assert Booking.objects.live().count() == 1


@pytest.mark.parametrize("step", steps(BOOKED))
def test_killed_while_booking(sandbox, step):
    order = paid_unseen(sandbox, an_hour())
    assert run(sandbox, step, "work", LEASE) == KILLED
    recover()
    clean(sandbox, order)
    assert Booking.objects.live().count() == 1


@pytest.mark.parametrize("step", steps(MOVED))
def test_killed_while_moving(sandbox, step):
    booking = factories.booking()
    assert run(sandbox, step, "move hour", str(booking.pk)) == KILLED
    assert breaches() == []
    hours.move(str(booking.pk))
    booking.refresh_from_db()
    assert (booking.starts_at, booking.sequence) == (factories.slot(hour=15), 1)
    assert breaches() == []


@pytest.mark.parametrize("step", steps(CANCELLED))
def test_killed_while_cancelling(sandbox, step):
    order = paid_unseen(sandbox, an_hour())
    recover()
    booking = Booking.objects.get(line__order=order)
    assert run(sandbox, step, "cancel hour", str(booking.pk)) == KILLED
    hours.cancel(str(booking.pk))
    recover()
    clean(sandbox, order)
    assert order.state == Order.State.REFUNDED
    assert [row["amount"] for row in sandbox.api("/v1/refunds?limit=100")["data"]] == [9000]
    assert not CalendarCell.objects.exists()


@pytest.mark.parametrize("step", steps(GRANTED))
def test_killed_while_granting(sandbox, step):
    order = paid_unseen(sandbox, factories.basket(factories.pack().offer))
    assert run(sandbox, step, "work", LEASE) == KILLED
    recover()
    clean(sandbox, order)
    credit = Credit.objects.get(line__order=order)
    assert (credit.left, credit.moves.count()) == (5, 1)
    assert prepaid.grant(HourPack.objects.get(), credit.line) == credit


@pytest.mark.parametrize("step", steps(USED))
def test_killed_while_using_an_hour(sandbox, step):
    credit = credited(sandbox)
    assert run(sandbox, step, "hour on credit", str(credit.pk)) == KILLED
    assert breaches() == []
    hours.on_credit(str(credit.pk))
    credit.refresh_from_db()
    assert (credit.left, Booking.objects.live().count()) == (4, 1)
    assert breaches() == []


@pytest.mark.parametrize("step", steps(RETURNED))
def test_killed_while_giving_an_hour_back(sandbox, step):
    credit = credited(sandbox)
    booking = Booking.objects.get(line__order=factories.hour_on_credit(credit))
    assert run(sandbox, step, "cancel hour", str(booking.pk)) == KILLED
    assert breaches() == []
    hours.cancel(str(booking.pk))
    credit.refresh_from_db()
    assert (credit.left, CalendarCell.objects.count()) == (5, 0)
    assert breaches() == []
