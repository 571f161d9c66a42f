"""What is done later for accounts."""

import json
from typing import Any

from django.tasks import task

from core import mail
from core.models import Shop
from members import sealing
from store.tasks import or_later

PURPOSE = "letter"


def write(template: str, *, to: str, locale: str, words: dict[str, Any]) -> None:
    """Have a mail about an account sent; in the queue it is sealed, so that no table names who it is for."""
    letter = {"template": template, "to": to, "locale": locale, "words": words}
    send_letter.enqueue(sealing.seal(PURPOSE, json.dumps(letter)))


@task
def send_letter(sealed: str) -> None:
    """Send one mail about an account; its words are sealed, because codes and links in them open the account."""
    letter = json.loads(sealing.unseal(PURPOSE, sealed))
    context = {**letter["words"], "shop": Shop.objects.current()}
    mail.send_template(letter["template"], to=letter["to"], locale=letter["locale"], context=context)


@task
def tell_member(kind: str, membership_id: int) -> None:
    """Send a member one mail of that kind ("welcome", "gift")."""
    from members import letters  # noqa: PLC0415 - verbs enqueue tasks, tasks call verbs

    letters.to_member(kind, membership_id)


@task
def confirm_end(termination_id: int) -> None:
    """Confirm the end of a contract on a durable medium, once."""
    from members import letters  # noqa: PLC0415

    or_later(confirm_end, letters.confirm_end, termination_id)


@task
def by_the_clock() -> None:
    """What ended by the clock is marked as ended."""
    from members import joining  # noqa: PLC0415

    joining.sweep()


@task
def tell_introduction(kind: str, introduction_id: int) -> None:
    """Tell of an introduction that was asked for or accepted."""
    from members import letters  # noqa: PLC0415

    letters.introduction(kind, introduction_id)
