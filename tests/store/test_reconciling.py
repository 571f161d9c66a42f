"""Comparing with Stripe: one row that fails keeps no other from its turn."""

import pytest
from django.core.management import CommandError, call_command

from store import orders, reconciling, tasks
from store.models import Attempt, Order
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "lea@example.org lives in 12 rue des Lilas"


@pytest.fixture
def broken(sandbox, monkeypatch) -> Order:
    """The older of two orders whose sessions Stripe ended, which our own code stumbles over; the newer is returned."""
    from store import checkout

    first, second = (factories.order(factories.basket(factories.offer())).attempts.get() for _turn in range(2))
    for attempt in (first, second):
        sandbox.outcome(checkout.open_attempt(attempt).session_id, "expire")
    settle = orders.settle_attempt

    def stumble(attempt_id, said, **fields):
        if attempt_id == first.pk:
            raise ZeroDivisionError(SECRET)
        return settle(attempt_id, said, **fields)

    monkeypatch.setattr(orders, "settle_attempt", stumble)
    return second.order


def test_row_that_fails_does_not_end_the_pass(broken, caplog):
    result = reconciling.run(everything=True)
    broken.refresh_from_db()
    assert (result.looked, result.repaired, result.failed) == (2, 1, 1)
    assert broken.state == Order.State.LAPSED
    (record,) = [row for row in caplog.records if row.name == "store.reconciling"]
    assert ("ZeroDivisionError" in record.getMessage(), "stumble" in record.getMessage()) == (True, True)
    assert SECRET not in caplog.text


def test_command_ends_with_an_error_after_all_rows(broken):
    with pytest.raises(CommandError, match="1 could not be looked at"):
        call_command("reconcile")
    broken.refresh_from_db()
    assert broken.state == Order.State.LAPSED


def test_task_fails_after_all_rows(broken, monkeypatch):
    monkeypatch.setattr(reconciling, "FRESH", -reconciling.FRESH)
    with pytest.raises(RuntimeError, match="1 rows could not"):
        tasks.reconcile.func()
    assert Attempt.objects.unsettled().count() == 1
