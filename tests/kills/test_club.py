"""kill -9 at each step of joining and of being forgotten: nobody belongs twice, pays on or stays behind in half."""

import signal

import pytest

from home import privacy
from members.models import Membership, User
from store import checkout, gateway, webhooks
from store.models import Order, Subscription
from tests import factories
from tests.kills import club
from tests.kills.test_kills import LEASE, clean, drain, notice_of, recover, run, steps
from tests.rig.sound import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

JOINED = ["card given"]
PAID_BACK = ["card taken back"]
FORGOTTEN = ["payments ended", "club forgotten", "person erased"]
KILLED = -signal.SIGKILL


def paid_unseen(sandbox, **of):
    """A card of somebody with an account, paid at the stand-in, of which only the notice is stored."""
    person = factories.person()
    order = factories.order(factories.basket(factories.plan(**of).offer), user=person, email=person.email)
    session_id = checkout.open_attempt(order.attempts.get()).session_id
    sandbox.outcome(session_id, "paid")
    webhooks.keep(notice_of(sandbox, session_id))
    return order


@pytest.mark.parametrize("step", steps(JOINED))
def test_killed_while_joining(sandbox, step):
    order = paid_unseen(sandbox)
    assert run(sandbox, step, "work", LEASE) == KILLED
    recover()
    clean(sandbox, order)
    assert Membership.objects.in_force().get().grants.count() == 1


@pytest.mark.parametrize("step", steps(PAID_BACK))
def test_killed_while_a_card_is_paid_back(sandbox, step):
    order = paid_unseen(sandbox)
    drain()
    assert run(sandbox, step, "pay back", str(order.pk)) == KILLED
    assert Membership.objects.in_force().exists()
    club.pay_back(str(order.pk))
    recover()
    clean(sandbox, order)
    assert order.state == Order.State.REFUNDED
    assert not Membership.objects.in_force().exists()


@pytest.mark.parametrize("step", steps(FORGOTTEN))
def test_killed_while_a_member_is_forgotten(sandbox, step):
    order = paid_unseen(sandbox, interval="year")
    drain()
    assert run(sandbox, step, "erase", str(order.user_id)) == KILLED
    for person in User.objects.filter(pk=order.user_id):
        privacy.erase(person)
    recover()
    assert not User.objects.filter(pk=order.user_id).exists()
    assert gateway.read_subscription(Subscription.objects.get().stripe_id).ended_at is not None
    assert not Membership.objects.in_force().exists()
    assert breaches() == []
