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
