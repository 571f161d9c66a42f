"""Each step of a purchase killed, ten times over."""

import pytest

from tests.kills import test_kills as kills

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.soak]
TIMES = range(10)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.WEB)
def test_ordering(sandbox, step, run):
    kills.test_killed_while_ordering(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.NOTICE)
def test_notice(sandbox, step, run):
    kills.test_killed_while_taking_a_notice(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.WORKER)
def test_worker(sandbox, step, run):
    kills.test_killed_while_working(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.MAIL)
def test_mail(sandbox, step, run):
    kills.test_killed_while_sending(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.REFUND)
def test_refund(sandbox, step, run):
    kills.test_killed_while_refunding(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.SUBSCRIBED)
def test_subscribing(sandbox, step, run):
    kills.test_killed_while_subscribing(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("verb", kills.VERBS)
@pytest.mark.parametrize("step", kills.WISH)
def test_asking(sandbox, step, verb, run):
    kills.test_killed_while_asking(sandbox, step, verb)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.STOP)
def test_ending(sandbox, step, run):
    kills.test_killed_while_ending_at_once(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.LATE)
def test_late(sandbox, step, run):
    kills.test_killed_while_telling_of_a_failure(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.RENEWAL)
def test_renewing(sandbox, step, run):
    kills.test_killed_while_renewing(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.REFUND)
def test_renewal_refund(sandbox, step, run):
    kills.test_killed_while_refunding_a_renewal(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.DISPUTE)
def test_chargeback(sandbox, step, run):
    kills.test_killed_while_a_renewal_is_charged_back(sandbox, step)
