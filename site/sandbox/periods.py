"""Periods of subscriptions: when the next one begins."""

import calendar
from datetime import UTC, datetime, timedelta

from sandbox.store import Body

MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}


def after(start: int, interval: str, count: int, anchor: int | None = None) -> int:
    """One period later; a month's last days stay within the next month. The day of the anchor
    comes back when the month has it: 31 January, 28 February, 31 March."""
    begin = datetime.fromtimestamp(start, UTC)
    if interval in DAYS:
        return int((begin + timedelta(days=DAYS[interval] * count)).timestamp())
    months = begin.month - 1 + MONTHS[interval] * count
    year, month = begin.year + months // 12, months % 12 + 1
    wanted = datetime.fromtimestamp(anchor, UTC).day if anchor else begin.day
    day = min(wanted, calendar.monthrange(year, month)[1])
    return int(begin.replace(year=year, month=month, day=day).timestamp())


def end_of(price: Body, start: int, anchor: int | None = None) -> int:
    """When a period of that price ends which begins then."""
    rhythm = price["recurring"]
    return after(start, rhythm["interval"], rhythm["interval_count"], anchor)
