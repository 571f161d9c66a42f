"""Which times are free, and who gets them. The only writer of CalendarCell and Booking.

A time is a detail of the line ("slot"); what is scarce are the quarters of an hour of a calendar. All that a line needs
of them, what is kept free before and after included, is inserted in one transaction or not at all.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from events import prepaid, tasks
from events.busy import Taken
from events.models.coaching import GRID, Booking, Calendar, CalendarCell, DayException, Service, WeeklyHours
from store import refunds
from store.exceptions import CannotBeSold, OutOfStock
from store.models import Order, OrderLine, Refund
from store.rights import begins_early

Window = tuple[datetime, datetime]

MARGIN = timedelta(days=2)


class NoChange(Exception):
    """The owner's rule allows it no more, or the law not yet; `reason`: ended, late, not_offered, taken, early."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def moment_of(details: Mapping[str, Any]) -> datetime | None:
    """The time that a line was chosen for (UTC)."""
    try:
        found = parse_datetime(str(details.get("slot") or ""))
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None


def said(moment: datetime) -> str:
    """The same as a line keeps it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def span(service: Service, starts_at: datetime) -> Window:
    """From when to when the calendar is taken, on the grid."""
    first = starts_at - timedelta(minutes=service.buffer_before)
    last = starts_at + timedelta(minutes=service.minutes + service.buffer_after)
    return _floor(first), _floor(last + GRID - timedelta(microseconds=1))


def cells(first: datetime, last: datetime) -> list[datetime]:
    """The quarters of an hour of a span, in order."""
    return [first + GRID * number for number in range(int((last - first) / GRID))]


def _floor(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % GRID.total_seconds())


def free_slots(
    service: Service, since: datetime, until: datetime, at: datetime | None = None, *, mine: Booking | None = None
) -> list[datetime]:
    """Beginnings (UTC, in order) in [since, until) that can be booked at `at`; four queries, however long.

    `mine`: an appointment to be moved; its own time is as good as free, but for where it begins now.
    """
    at = at or timezone.now()
    asked = list(_offered(service, since, until, at))
    if not asked:
        return []
    first, last = span(service, asked[0])[0], span(service, asked[-1])[1]
    rows = CalendarCell.objects.filter(calendar=service.calendar_id, starts_at__gte=first, starts_at__lt=last)
    taken = set(rows.exclude(line=mine.line_id if mine else 0).values_list("starts_at", flat=True))
    free = [start for start in asked if taken.isdisjoint(cells(*span(service, start)))]
    return [start for start in free if not mine or start != mine.starts_at]


def is_offered(service: Service, starts_at: datetime, at: datetime | None = None) -> bool:
    """Whether hours and rules allow it; says nothing of who has taken it."""
    return starts_at in _offered(service, starts_at, starts_at + GRID, at or timezone.now())


def _offered(service: Service, since: datetime, until: datetime, at: datetime) -> Iterator[datetime]:
    since = max(since, at + timedelta(hours=service.notice_hours))
    until = min(until, at + timedelta(days=service.horizon_days))
    if since >= until:
        return
    known, taken = set(), Taken(service.calendar, since - MARGIN, until + MARGIN)
    for first, last in _windows(service.calendar, since, until):
        start = first
        while start + service.length <= last:
            if since <= start < until and start not in known and not taken.touches(*span(service, start)):
                known.add(start)
                yield start
            start += timedelta(minutes=service.step)


def _windows(calendar: Calendar, since: datetime, until: datetime) -> list[Window]:
    """The opening hours (UTC, in order) of all dates that [since, until) touches by the calendar's clock."""
    first, last = since.astimezone(calendar.zone).date(), until.astimezone(calendar.zone).date()
    weekly: dict[int, list[tuple[time, time]]] = {}
    for hours in WeeklyHours.objects.filter(calendar=calendar):
        weekly.setdefault(hours.weekday, []).append((hours.starts, hours.ends))
    days: dict[date, list[tuple[time, time]]] = {}
    for row in DayException.objects.filter(calendar=calendar, date__gte=first, date__lte=last):
        days.setdefault(row.date, [])
        if row.is_open and row.starts and row.ends:
            days[row.date].append((row.starts, row.ends))
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for starts, ends in days.get(day, weekly.get(day.weekday(), [])):
            found.append(_window(calendar, day, starts, ends))
    return sorted(found)


def _window(calendar: Calendar, day: date, starts: time, ends: time) -> Window:
    """The two instants. Where the clocks change, an hour that comes twice begins at its first and ends at its first; an
    hour that does not exist begins after the gap and ends before it.
    """
    first = datetime.combine(day, starts, calendar.zone).astimezone(UTC)
    last = min(datetime.combine(day, ends, calendar.zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, last


def check_line(service: Service, quantity: int, details: Mapping[str, Any]) -> None:
    """Raise CannotBeSold for a time that is not offered, or for more than one person's."""
    start = moment_of(details)
    if quantity != 1:
        raise CannotBeSold(service.offer, "too_many")
    if start is None or not is_offered(service, start):
        raise CannotBeSold(service.offer, "closed", _("This time is not offered any more: please choose another."))


@transaction.atomic
def hold(service: Service, line: OrderLine) -> None:
    """Take all quarters of an hour of the line's time; raises OutOfStock where one is taken. May run twice."""
    start = moment_of(line.details)
    if start is None:
        raise CannotBeSold(service.offer, "closed")
    if not line.cells.exists():
        prepaid.take(service, line)
        _take(service, line, set(cells(*span(service, start))), is_kept=False)


def _take(service: Service, line: OrderLine, wanted: set[datetime], *, is_kept: bool) -> None:
    """Insert them, in order and behind the calendar's lock, so that two buyers wait for each other and never in a ring."""
    Calendar.objects.select_for_update().get(pk=service.calendar_id)
    rows = [
        CalendarCell(calendar_id=service.calendar_id, starts_at=start, line=line, is_kept=is_kept)
        for start in sorted(wanted)
    ]
    try:
        with transaction.atomic():
            CalendarCell.objects.bulk_create(rows)
    except IntegrityError as error:
        raise OutOfStock(service.offer, 0) from error


@transaction.atomic
def book(service: Service, line: OrderLine) -> Booking | None:
    """Make the appointment of a paid line, once; None where its time is not held. May run twice."""
    start = moment_of(line.details)
    found = Booking.objects.filter(line=line).first()
    if found or start is None or not line.cells.exists():
        return found
    order, (first, last) = line.order, span(service, start)
    made, _is_new = Booking.objects.get_or_create(
        line=line,
        defaults={
            "service": service, "starts_at": start, "ends_at": start + service.length, "covers_from": first,
            "covers_until": last, "user_id": order.user_id, "name": order.name, "email": order.email,
            "locale": order.locale,
        },
    )  # fmt: skip
    return made


@transaction.atomic
def revoke(line: OrderLine) -> None:
    """Paid back: the appointment is off and its time free. May run twice."""
    if line.quantity > line.refunded_quantity:
        return
    _end(Booking.objects.filter(line=line).first())
    release(line)


def release(line: OrderLine) -> None:
    """Nobody needs its time any more: it is free, and an hour that was paid in advance comes back. May run twice."""
    line.cells.all().delete()
    prepaid.give_back(line)


def _end(booking: Booking | None) -> None:
    if booking and booking.is_live:
        booking.state = Booking.State.CANCELLED
        _sequence(booking, "state")


def _sequence(booking: Booking, *changed: str) -> None:
    booking.sequence += 1
    booking.changed_at = timezone.now()
    booking.save(update_fields=[*changed, "sequence", "changed_at"])
    tasks.booking_mail.enqueue(booking.pk, f"{booking.state}:{booking.sequence}")


def may_change(booking: Booking, at: datetime | None = None) -> str:
    """Why its customer cannot move or cancel it now ("ended", "late"); empty: they can."""
    if not booking.is_live:
        return "ended"
    return "late" if booking.change_until <= (at or timezone.now()) else ""


@transaction.atomic
def move(booking: Booking, starts_at: datetime, *, by: Any = None, early: str = "") -> Booking:
    """Another time: the new quarters of an hour are taken before the old ones are free. Raises NoChange. May run twice.

    The customer chooses among what is offered, and asks for it in words (`early`) where it begins before the days to
    withdraw are over; the owner (`by`) any time to come that nobody has.
    """
    fresh = _locked(booking)
    if fresh.is_live and fresh.starts_at == starts_at:
        return fresh
    reason = _owners_refusal(fresh, starts_at) if by else _refusal(fresh, starts_at)
    needs_words = is_early(fresh, starts_at)
    if reason or (needs_words and not early):
        raise NoChange(reason or "early")
    if needs_words:
        _ask_early(fresh.line.order, early)
    _shift(fresh, starts_at, by)
    return fresh


def _refusal(booking: Booking, starts_at: datetime) -> str:
    return may_change(booking) or ("" if is_offered(booking.service, starts_at) else "not_offered")


def _owners_refusal(booking: Booking, starts_at: datetime) -> str:
    if not booking.is_live:
        return "ended"
    return "not_offered" if starts_at <= timezone.now() or starts_at != _floor(starts_at) else ""


def is_early(booking: Booking, starts_at: datetime) -> bool:
    """Whether it would begin before the days to withdraw are over, and nobody asked for that yet (C. conso L221-25)."""
    order = booking.line.order
    is_asked = "early" in order.consents or not booking.line.unit_amount
    details = {"slot": said(starts_at)}
    return not is_asked and begins_early(booking.service, details, order.placed_at)


def _ask_early(order: Order, words: str) -> None:
    order.consents = {**order.consents, "early": {"words": words, "at": timezone.now().isoformat()}}
    order.save(update_fields=["consents"])


def _shift(booking: Booking, starts_at: datetime, by: Any) -> None:
    service, (first, last) = booking.service, span(booking.service, starts_at)
    own, wanted = set(booking.line.cells.values_list("starts_at", flat=True)), set(cells(first, last))
    try:
        _take(service, booking.line, wanted - own, is_kept=True)
    except OutOfStock as error:
        raise NoChange("taken") from error
    booking.line.cells.filter(starts_at__in=own - wanted).delete()
    booking.starts_at, booking.ends_at = starts_at, starts_at + service.length
    booking.covers_from, booking.covers_until = first, last
    _sequence(booking, "starts_at", "ends_at", "covers_from", "covers_until")
    line = booking.line
    line.details = {**line.details, "slot": said(starts_at)}  # order page, papers and `begins_at` follow
    line.save(update_fields=["details"])
    line.order.record("booking_moved", by=by, starts_at=said(starts_at))


@transaction.atomic
def cancel(booking: Booking, *, by: Any = None, reason: str = "") -> Refund | None:
    """It does not take place: the time is free and the price goes back. Raises NoChange. May run twice.

    The customer may until the owner's hour; the owner (`by`) at any time.
    """
    fresh = _locked(booking)
    if not fresh.is_live:
        return None
    late = "" if by else may_change(fresh)
    if late:
        raise NoChange(late)
    order = fresh.line.order
    _end(fresh)
    release(fresh.line)
    refund = refunds.start(order, refunds.Wanted(units={fresh.line_id: 1}), reason=reason, by=by)
    locked = Order.objects.locked().get(pk=order.pk)
    if locked.is_free and all(row.refunded_quantity == row.quantity for row in locked.lines.all()):
        locked.move(Order.State.CANCELLED, by=by, reason="bookings")
    order.record("booking_cancelled", by=by)
    return refund


def _locked(booking: Booking) -> Booking:
    """The row as it stands, behind its order's lock."""
    Order.objects.locked().get(pk=booking.line.order_id)
    return Booking.objects.select_related("service__calendar", "service__offer", "line__order").get(pk=booking.pk)
