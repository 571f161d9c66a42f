"""Many workers on one mail: it goes once."""

import time

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django_ox.models import OxTask

from store import claims, mail, tasks
from store.models import MailClaim, MailSent, Withdrawal
from tests.races.crowd import together
from tests.store import letters

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def slow(monkeypatch):
    """A mail server that takes its time, so that everybody is at it together."""
    send = EmailMultiAlternatives.send

    def wait(message, *args, **kwargs):
        time.sleep(0.3)
        return send(message, *args, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", wait)


@pytest.mark.parametrize("workers", [2, 8])
def test_workers_on_one_mail_send_it_once(slow, workers):
    order = letters.paid()

    answers = together(workers, lambda _number: mail.to_buyer(order.pk, "receipt"))

    busy = [answer for answer in answers if isinstance(answer, claims.BeingSent)]
    assert [answer for answer in answers if answer is not None and answer not in busy] == []
    assert len(outgoing.outbox) == 1
    assert (MailSent.objects.filter(order=order).count(), MailClaim.objects.count()) == (1, 0)


def test_workers_on_one_dead_claim_take_it_up_once(slow):
    order = letters.paid()
    claim = claims.take(f"receipt.{order.token}")
    MailClaim.objects.update(until=claim.until - claims.LEASE)

    together(4, lambda _number: mail.to_buyer(order.pk, "receipt"))

    assert len(outgoing.outbox) == 1
    assert (MailSent.objects.filter(order=order).count(), MailClaim.objects.count()) == (1, 0)


def test_two_tasks_of_one_withdrawal_send_one_receipt(slow):
    order = letters.paid()
    row = Withdrawal.objects.create(
        shop=order.shop, name="Léa", email="lea@example.org", contract=order.number, received_at=timezone.now()
    )
    OxTask.objects.all().delete()

    answers = together(2, lambda _number: tasks.receipt_of_withdrawal.call(row.pk))

    assert answers == [None, None]
    assert [message.to for message in outgoing.outbox].count(["lea@example.org"]) == 1
    row.refresh_from_db()
    assert row.receipt_sent_at
