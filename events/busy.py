"""When the owner is busy elsewhere: reads her other calendars and keeps the hours, never the words. The only writer of
BusySource and BusyTime.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import icalendar
from dateutil.rrule import rruleset, rrulestr
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from events import fetching
from events.fetching import NotFetched
from events.models import BusySource, BusyTime, Calendar

Span = tuple[datetime, datetime]

AHEAD = timedelta(days=400)
LONGEST = timedelta(days=60)
MOST = 5000
STALE = timedelta(minutes=30)
PATIENCE = 15.0
RULES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}


class NotUnderstood(ValueError):
    """The file is no calendar."""


def address_of(said: str) -> str:
    """As it is kept; raises fetching.NotFetched for one that may not be asked."""
    found = said.strip().replace("webcal://", "https://", 1)
    fetching.checked(found)
    return found


@transaction.atomic
def follow_only(calendar: Calendar, addresses: Iterable[str]) -> None:
    """These addresses and no others; hours of one that is not among them are free at once. May run twice."""
    wanted = [address_of(said) for said in addresses]
    for gone in calendar.busy_sources.exclude(address__in=wanted):
        forget(gone)
    for address in wanted:
        follow(calendar, address)


def follow(calendar: Calendar, address: str) -> BusySource:
    """Read that address from now on; raises fetching.NotFetched for one that may not be asked. May run twice."""
    found, is_new = BusySource.objects.get_or_create(calendar=calendar, address=address_of(address))
    if is_new:
        _later(found.pk)
    return found


def forget(source: BusySource) -> None:
    """Do not ask it any more; its hours are free at once."""
    source.delete()


def due(at: datetime) -> int:
    """Have all sources read that were not asked for half an hour; returns how many."""
    rows = [row.pk for row in BusySource.objects.all() if row.tried_at is None or row.tried_at <= at - STALE]
    for pk in rows:
        _later(pk)
    return len(rows)


def _later(pk: int) -> None:
    from events import tasks  # noqa: PLC0415 - verbs enqueue tasks, tasks call verbs

    tasks.read_busy.enqueue(pk)


def read(source_id: int) -> None:
    """Ask one source and keep what it says; a failure keeps what it said before. May run twice."""
    source = BusySource.objects.select_related("calendar").filter(pk=source_id).first()
    if source is None:
        return
    now = timezone.now()
    try:
        found = merged(spans(fetching.fetch(source.address), source.calendar.zone, now))
    except NotFetched as error:
        BusySource.objects.filter(pk=source_id).update(tried_at=now, failure=error.reason)
    except NotUnderstood:
        BusySource.objects.filter(pk=source_id).update(tried_at=now, failure="no_calendar")
    else:
        _keep(source_id, found, now)


@transaction.atomic
def _keep(source_id: int, found: list[Span], now: datetime) -> None:
    source = BusySource.objects.select_for_update().filter(pk=source_id).first()
    if source is None or (source.read_at and source.read_at > now):
        return
    source.times.all().delete()
    BusyTime.objects.bulk_create(BusyTime(source=source, starts_at=first, ends_at=last) for first, last in found)
    source.read_at = source.tried_at = now
    source.failure = ""
    source.save(update_fields=["read_at", "tried_at", "failure"])


class Taken:
    """The busy stretches of a calendar within a span, asked for in one query."""

    def __init__(self, calendar: Calendar, since: datetime, until: datetime) -> None:
        rows = BusyTime.objects.filter(source__calendar=calendar, ends_at__gt=since, starts_at__lt=until)
        self.spans = merged(rows.order_by("starts_at").values_list("starts_at", "ends_at"))
        self.firsts = [first for first, _last in self.spans]

    def touches(self, first: datetime, last: datetime) -> bool:
        """Whether any moment of [first, last) is busy."""
        before = bisect_left(self.firsts, last)
        return before > 0 and self.spans[before - 1][1] > first


def merged(found: Iterable[Span]) -> list[Span]:
    """In order, with none that touches another."""
    made: list[Span] = []
    for first, last in sorted(found):
        if made and first <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], last))
        else:
            made.append((first, last))
    return made


def spans(content: bytes, zone: tzinfo, at: datetime) -> list[Span]:
    """What a calendar file says is taken (UTC) from `at` on; hours without a zone are those of `zone`. Raises NotUnderstood."""
    try:
        entries = list(islice(icalendar.Calendar.from_ical(content).walk("VEVENT"), MOST))
        return list(islice(_all(entries, zone, at), MOST))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, IndexError) as error:
        raise NotUnderstood from error


def _all(entries: list[Any], zone: tzinfo, at: datetime) -> Iterator[Span]:
    ours = f"@{urlsplit(settings.BASE_URL).hostname or 'localhost'}"
    until = at + AHEAD
    apart = {(_uid(entry), _utc(entry["RECURRENCE-ID"].dt, zone)) for entry in entries if "RECURRENCE-ID" in entry}
    end = monotonic() + PATIENCE
    for entry in entries:
        if monotonic() > end:
            raise NotUnderstood
        if not _is_busy(entry) or _uid(entry).endswith(ours):
            continue
        length = _length(entry, zone)
        for first in _beginnings(entry, zone, at - length, until):
            moved = "RECURRENCE-ID" not in entry and (_uid(entry), first) in apart
            if timedelta() < length and first < until and first + length > at and not moved:
                yield first, first + length


def _uid(entry: Any) -> str:
    return str(entry.get("UID", ""))


def _is_busy(entry: Any) -> bool:
    said = str(entry.get("TRANSP", "")).upper(), str(entry.get("STATUS", "")).upper()
    return "DTSTART" in entry and said[0] != "TRANSPARENT" and said[1] != "CANCELLED"


def _local(moment: date, zone: tzinfo) -> datetime:
    """With a zone, in any case."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _utc(moment: date, zone: tzinfo) -> datetime:
    return _local(moment, zone).astimezone(UTC)


def _length(entry: Any, zone: tzinfo) -> timedelta:
    start = entry["DTSTART"].dt
    if "DTEND" in entry:
        found = _utc(entry["DTEND"].dt, zone) - _utc(start, zone)
    elif "DURATION" in entry:
        found = entry["DURATION"].dt
    else:
        found = timedelta() if isinstance(start, datetime) else timedelta(days=1)
    return min(found, LONGEST)


def _beginnings(entry: Any, zone: tzinfo, since: datetime, until: datetime) -> Iterator[datetime]:
    """All beginnings (UTC) of an entry in [since, until]; repeated by the clock on the wall, as people repeat."""
    start = _local(entry["DTSTART"].dt, zone)
    home = start.tzinfo or zone
    if "RECURRENCE-ID" in entry or not {"RRULE", "RDATE"} & set(entry):
        yield start.astimezone(UTC)
        return
    rules = rruleset()
    wall = start.replace(tzinfo=None)
    rules.rdate(wall)
    repeated = _many(entry.get("RRULE"))
    if len(repeated) > 1:
        raise NotUnderstood
    for rule in repeated:
        rules.rrule(_rule(rule, wall, home, until))
    for moment in _dates(entry.get("RDATE")):
        rules.rdate(_local(moment, home).astimezone(home).replace(tzinfo=None))
    for moment in _dates(entry.get("EXDATE")):
        rules.exdate(_local(moment, home).astimezone(home).replace(tzinfo=None))
    first, last = (edge.astimezone(home).replace(tzinfo=None) for edge in (since, until))
    for found in islice(rules.xafter(first, inc=True), MOST):
        if found > last:
            return
        yield found.replace(tzinfo=home).astimezone(UTC)


def _rule(rule: Any, wall: datetime, home: tzinfo, until: datetime) -> Any:
    """A rule that ends; raises NotUnderstood for one that repeats within a day, as no appointment does.

    One that never comes true is followed to the year 9999, which takes seconds: hence one rule an entry, and PATIENCE.
    """
    if str(rule["FREQ"][0]).upper() not in RULES:
        raise NotUnderstood
    said: Any = icalendar.vRecur(rule)
    end = until.astimezone(home).replace(tzinfo=None)
    for moment in said.pop("UNTIL", []):
        last = moment if isinstance(moment, datetime) else datetime.combine(moment, time.max.replace(microsecond=0))
        end = min(end, last.astimezone(home).replace(tzinfo=None) if last.tzinfo else last)
    if "COUNT" not in said:
        said["UNTIL"] = [end]
    return rrulestr(said.to_ical().decode(), dtstart=wall)


def _many(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found] if found is not None else []


def _dates(found: Any) -> Iterator[date]:
    for row in _many(found):
        for one in row.dts:
            yield one.dt[0] if isinstance(one.dt, tuple) else one.dt
