"""How a membership stands, reckoned anew from all that was paid and given: never from what was written down before.

A subscription pays for its own periods. What was paid once, or given in months, runs on the days that no subscription pays
for: it begins when it was made or where the one before it ends, waits while a subscription runs, and goes on after it.
What was given for good has no end. What was paid back counts for nothing, but what it paid for until then stays past.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from members.models import Grant, Membership
from store.models import Subscription

State, Status = Membership.State, Subscription.Status
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Standing:
    """`renews`: a living subscription that goes on stands behind it. `by`: the one that opens doors for longest."""

    state: str
    renews: bool
    is_late: bool
    ends_at: datetime | None
    by: Subscription | None


def reckon(membership: Membership, read: Mapping[int, Subscription]) -> Standing:
    """How it stands now. `read`: {line: its subscription as it was read last}, over what is stored."""
    now = timezone.now()
    rows = list(membership.grants.select_related("line__offer", "line__subscription"))
    paying = {row.pk: _subscription(row, read) for row in rows if row.line and row.line.offer.interval}
    standing = [row for row in rows if row.revoked_at is None]
    alive = [paying[row.pk] for row in standing if row.pk in paying]
    opened = [found for found in alive if found.is_open(now)]
    by = max(opened, key=lambda found: found.open_until or now, default=None)
    ends_at = _end(
        [row for row in standing if row.pk not in paying],
        sorted(_span(row, paying[row.pk]) for row in rows if row.pk in paying),
        (by and by.open_until) or now,
    )
    renews = any(not found.ended_at and not found.cancel_at_period_end for found in opened)
    is_late = by is not None and by.status == Status.PAST_DUE
    if ends_at is None or ends_at > now:
        return Standing(State.ACTIVE, renews, is_late, ends_at, by)
    if any(found.status == Status.PAUSED and not found.ended_at for found in alive):
        return Standing(State.PAUSED, False, False, membership.ends_at, None)
    return Standing(State.ENDED, False, False, min(membership.ends_at or now, now), None)


def _subscription(row: Grant, read: Mapping[int, Subscription]) -> Subscription:
    """What pays for it; where nothing is known of it yet, its first period."""
    line = row.line
    assert line is not None  # noqa: S101 - only what is paid for again and again comes here
    found: Subscription | None = read.get(line.pk) or getattr(line, "subscription", None)
    if found is None:
        period = relativedelta(months=1 if line.offer.interval == "month" else 12)
        found = Subscription(status=Status.ACTIVE, period_start=row.made_at, period_end=row.made_at + period)
    return found


def _span(row: Grant, found: Subscription) -> Span:
    """From when until when it paid, or pays."""
    until = found.open_until or found.period_start
    return row.made_at, min(until, row.revoked_at) if row.revoked_at else until


def _end(rows: Iterable[Grant], spans: list[Span], paid: datetime) -> datetime | None:
    """The end of all: `paid` by a subscription, or the last of what was paid once or given. None: never."""
    ends_at, last = paid, None
    for row in sorted(rows, key=lambda row: row.made_at):
        if not row.months:
            return None
        last = _stretched(max(last or row.made_at, row.made_at), row.months, spans)
        ends_at = max(ends_at, last)
    return ends_at


def _stretched(begins: datetime, months: int, spans: list[Span]) -> datetime:
    """The end of a term that begins then; it waits on the days that the spans, in order, pay for."""
    left: relativedelta | timedelta = relativedelta(months=months)
    ends: datetime = begins + left
    for start, stop in spans:
        if start < ends and stop > max(start, begins):
            left = ends - start if start > begins else left
            begins, ends = stop, stop + left
    return ends
