"""One worker at a time sends a mail: it takes a claim before, and ends it with what records the sending (ADR 0011).

The only writer of MailClaim. A refused mail gives its claim back at once. A worker that is killed leaves it: only when
it has run out may another send, under the same Message-ID. So a mail is sent at least once, and twice only when the
kill fell between the mail server's yes and our record of it.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from store.models import MailClaim

# Longer than a mail server can keep us: a dozen answers of at most 20 s each (MAILERS), and the two documents.
LEASE = timedelta(minutes=5)
FORGOTTEN = timedelta(days=1)


class BeingSent(Exception):
    """Another worker has that mail in hand; `until` (UTC) it must have ended or died."""

    def __init__(self, reference: str, until: datetime) -> None:
        super().__init__(f"{reference} until {until:%H:%M:%S}")
        self.reference = reference
        self.until = until


def once(
    reference: str, *, was_sent: Callable[[], bool], send: Callable[[], None], record: Callable[[], object]
) -> bool:
    """Send and record, unless that was done. Whether this call sent. Raises BeingSent, and what `send` raises.

    `was_sent` is asked while the claim is held: who had it before us has recorded by then, or never will.
    """
    claim = take(reference)
    if was_sent():
        _let_go(claim)
        return False
    try:
        send()
    except Exception:
        _let_go(claim)
        raise
    with transaction.atomic():
        record()
        _let_go(claim)
    return True


def take(reference: str) -> MailClaim:
    """The claim on that mail, committed before anything is sent. Raises BeingSent while another holds it."""
    now = timezone.now()
    mine = {"holder": uuid.uuid4(), "until": now + LEASE}
    claim = MailClaim(reference=reference, **mine)
    with transaction.atomic(durable=True):
        MailClaim.objects.bulk_create([claim], ignore_conflicts=True)
        rows = MailClaim.objects.filter(reference=reference)
        is_first = rows.filter(holder=claim.holder).exists()
        if not is_first and not rows.filter(until__lte=now).update(**mine):
            raise BeingSent(reference, rows.values_list("until", flat=True).first() or now)
    return claim


def sweep() -> None:
    """Forget what nobody came back for: a mail that had lost its reason when its killed worker's task ran again."""
    MailClaim.objects.filter(until__lt=timezone.now() - FORGOTTEN).delete()


def _let_go(claim: MailClaim) -> None:
    """Ours only: one that ran out may be another's by now."""
    MailClaim.objects.filter(reference=claim.reference, holder=claim.holder).delete()
