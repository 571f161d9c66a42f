"""What is done later: each task fetches by id and calls one verb. All may run twice."""

from collections.abc import Callable
from typing import Any

from django.tasks import Task, task


@task
def handle_event(event_id: int) -> None:
    """Do what a stored notice from Stripe asks for."""
    from store import webhooks  # noqa: PLC0415 - verbs enqueue tasks, tasks call verbs

    webhooks.handle(event_id)


@task
def ask(attempt_id: int) -> None:
    """The session should be over: ask Stripe what became of it."""
    from store import reconciling  # noqa: PLC0415

    reconciling.attempt(attempt_id, by="clock")


@task
def fulfil(order_id: int) -> None:
    """Give what a paid order bought."""
    from store import fulfilment  # noqa: PLC0415

    fulfilment.fulfil(order_id)


@task
def mail(order_id: int, kind: str) -> None:
    """Send the buyer one mail of that kind, once."""
    from store import mail as letters  # noqa: PLC0415

    or_later(mail, letters.to_buyer, order_id, kind)


@task
def tell_owner(order_id: int) -> None:
    """Tell the owner of a new order, unless she reads a digest."""
    from store import mail as letters  # noqa: PLC0415

    or_later(tell_owner, letters.to_owner, order_id)


@task
def alarm(order_id: int) -> None:
    """Money is stuck: tell the owner at once, whatever she chose."""
    from store import mail as letters  # noqa: PLC0415

    or_later(alarm, letters.alarm, order_id)


@task
def wish(subscription_id: int) -> None:
    """Take to Stripe what was asked of a subscription."""
    from store import subscriptions  # noqa: PLC0415

    subscriptions.send(subscription_id)


@task
def end_stray(stripe_id: str) -> None:
    """A line was subscribed to twice: the second is ended."""
    from store import gateway  # noqa: PLC0415

    gateway.end_subscription(stripe_id)


@task
def forget_customer(customer: str) -> None:
    """Have Stripe forget the cards and the address of somebody who was erased here."""
    from store import gateway  # noqa: PLC0415

    gateway.forget_customer(customer)


@task
def remind_renewals() -> None:
    """Tell of yearly terms that renew themselves."""
    from store import renewals  # noqa: PLC0415

    renewals.remind()


@task
def refund(refund_id: int) -> None:
    """Ask Stripe for a refund."""
    from store import refunds  # noqa: PLC0415

    refunds.send(refund_id)


@task
def receipt_of_withdrawal(withdrawal_id: int) -> None:
    """Send the receipt of a withdrawal, once."""
    from store import withdrawal  # noqa: PLC0415

    or_later(receipt_of_withdrawal, withdrawal.send_receipt, withdrawal_id)


@task
def reconcile() -> None:
    """Compare what is open or recent with Stripe, and repair. Fails at the end where a row did: the desk tells of it."""
    from store import reconciling  # noqa: PLC0415

    failed = reconciling.run().failed
    if failed:
        raise RuntimeError(f"{failed} rows could not be compared with Stripe; the log says where")


@task
def digest() -> None:
    """Receipts that were refused for long, then the owner's daily mail at the hour she chose."""
    from store import mail as letters  # noqa: PLC0415

    letters.catch_up()
    letters.digest()


def or_later(again: "Task[Any, Any]", send: Callable[..., object], *about: Any) -> None:
    """Another worker has that mail in hand. If it dies the mail is still owed: look again when its claim has run out."""
    from store import claims  # noqa: PLC0415

    try:
        send(*about)
    except claims.BeingSent as busy:
        again.using(run_after=busy.until).enqueue(*about)
