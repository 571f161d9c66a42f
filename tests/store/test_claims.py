"""One worker at a time has a mail in hand; a dead one's claim runs out."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail as outgoing
from django.utils import timezone
from django_ox.models import OxTask

from store import claims, mail, tasks, verify, withdrawal
from store.models import MailClaim, MailSent, Order, Withdrawal
from tests import factories
from tests.store import letters

pytestmark = pytest.mark.django_db
NAME = "receipt.1"


class Post:
    """A mail server and its book, to count what is asked of them."""

    def __init__(self, *, is_sent: bool = False, error: Exception | None = None) -> None:
        self.is_sent, self.error, self.handed = is_sent, error, 0

    def send(self) -> None:
        self.handed += 1
        if self.error:
            raise self.error

    def record(self) -> None:
        self.is_sent = True

    def once(self) -> bool:
        return claims.once(NAME, was_sent=lambda: self.is_sent, send=self.send, record=self.record)


def test_what_is_sent_is_recorded_and_its_claim_gone() -> None:
    post = Post()

    assert (post.once(), post.once()) == (True, False)
    assert (post.handed, MailClaim.objects.count()) == (1, 0)


def test_refused_mail_gives_its_claim_back_at_once() -> None:
    post = Post(error=SMTPServerDisconnected("down"))
    for _try in range(2):
        with pytest.raises(SMTPServerDisconnected):
            post.once()

    assert (post.handed, post.is_sent, MailClaim.objects.count()) == (2, False, 0)


def test_claim_of_another_is_respected_until_it_has_run_out() -> None:
    post, other = Post(), claims.take(NAME)

    with pytest.raises(claims.BeingSent) as busy:
        post.once()
    assert (busy.value.until, post.handed) == (other.until, 0)
    MailClaim.objects.update(until=timezone.now())

    assert post.once()
    assert MailClaim.objects.count() == 0


def test_one_who_comes_too_late_takes_no_other_s_claim_away() -> None:
    late = claims.take(NAME)
    MailClaim.objects.update(until=timezone.now())
    claims.take(NAME)

    claims._let_go(late)  # noqa: SLF001 - as at the end of its long sending

    assert MailClaim.objects.count() == 1


def test_sweep_forgets_only_what_is_long_over() -> None:
    for name, age in (("old", claims.FORGOTTEN), ("fresh", timedelta(hours=1))):
        claims.take(name)
        MailClaim.objects.filter(reference=name).update(until=timezone.now() - age)

    claims.sweep()

    assert [str(row) for row in MailClaim.objects.all()] == ["fresh"]


@pytest.mark.parametrize("kind", ["buyer", "owner", "alarm", "withdrawal"])
def test_task_that_finds_it_in_hand_looks_again_when_that_must_be_over(kind: str) -> None:
    order = letters.paid()
    order.call_for(Order.Attention.MISMATCH)
    row = Withdrawal.objects.create(
        shop=order.shop, name="Léa", email="lea@example.org", contract=order.number, received_at=timezone.now()
    )
    OxTask.objects.all().delete()
    attention = order.events.filter(kind="attention").get().pk
    name, task, about = {
        "buyer": (f"receipt.{order.token}", tasks.mail, (order.pk, "receipt")),
        "owner": (f"owner.{order.token}", tasks.tell_owner, (order.pk,)),
        "alarm": (f"alarm:{attention}.{order.token}", tasks.alarm, (order.pk,)),
        "withdrawal": (f"withdrawal.{row.token}", tasks.receipt_of_withdrawal, (row.pk,)),
    }[kind]
    claim = claims.take(name)

    task.call(*about)

    again = OxTask.objects.get()
    assert (again.task_path, tuple(again.args), again.run_after) == (task.module_path, about, claim.until)
    assert outgoing.outbox == []


def test_verify_names_what_a_dead_worker_owes() -> None:
    """A claim proves nothing: only what the mail server took counts as sent."""
    order = letters.paid()
    OxTask.objects.all().delete()
    claims.take(f"receipt.{order.token}")

    assert [breach.what for breach in verify.receipts_sent()] == [order.number]
    MailClaim.objects.update(until=timezone.now())
    mail.to_buyer(order.pk, "receipt")
    assert MailSent.objects.filter(order=order, key="receipt").count() == 1
    assert list(verify.receipts_sent()) == []


def test_receipt_of_a_withdrawal_goes_once() -> None:
    shop = factories.open_shop()
    row = Withdrawal.objects.create(
        shop=shop, name="Léa", email="lea@example.org", contract="?", received_at=timezone.now()
    )
    withdrawal.send_receipt(row.pk)
    row.refresh_from_db()

    assert mail.receipt_of_withdrawal(row) is False
    assert [message.to for message in outgoing.outbox] == [["lea@example.org"], [shop.email]]
