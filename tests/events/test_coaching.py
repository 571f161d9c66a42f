"""Appointments: which times are free, each promised once, moved and cancelled by the rule."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import coaching
from events.models import Booking, CalendarCell, DayException, Service, WeeklyHours
from store import promises
from store.exceptions import CannotBeSold, OutOfStock
from store.models import Offer, OrderLine
from tests import factories
from tests.store.sellable_contract import SellableContract

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")


class TestService(SellableContract):
    def offer(self) -> Offer:
        return Offer.objects.get(pk=factories.service().offer_id)

    def details(self):
        return {"slot": coaching.said(factories.slot())}

    def given(self, line: OrderLine) -> int:
        return Booking.objects.live().filter(line=line).count()

    def test_release_frees_it_for_the_next(self):
        """What costs nothing is kept at once; so this one has a price."""
        service = factories.service(price=9000)
        promises.release(factories.order(factories.slot_basket(service)))
        assert factories.order(factories.slot_basket(service), email="b@example.org").state == "placed"


def starts(service: Service, day: date, at: datetime) -> list[str]:
    """What the clock of the place reads at the free beginnings of a date."""
    first = datetime.combine(day, time(0), PARIS)
    found = coaching.free_slots(service, first, first + timedelta(days=1, hours=1), at)
    return [f"{row.astimezone(PARIS):%H:%M%z}" for row in found if row.astimezone(PARIS).date() == day]


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 10, 25), ["01:00+0200", "02:00+0200", "02:00+0100", "03:00+0100"]),
        (date(2027, 3, 28), ["01:00+0100", "03:00+0200"]),
        (date(2026, 11, 1), ["01:00+0100", "02:00+0100", "03:00+0100"]),
    ],
)
def test_hours_follow_the_clock_of_the_place(day, hours):
    service = factories.service(
        factories.calendar(starts=time(1), ends=time(4)), step=60, notice_hours=0, horizon_days=3, buffer_after=0
    )
    assert starts(service, day, datetime.combine(day, time(12), UTC) - timedelta(days=2)) == hours


def test_exceptions_stand_instead_of_the_week():
    service = factories.service(step=60, notice_hours=0)
    at = datetime(2026, 11, 2, tzinfo=UTC)
    closed, short = date(2026, 11, 10), date(2026, 11, 11)
    DayException.objects.create(calendar=service.calendar, date=closed)
    DayException.objects.create(calendar=service.calendar, date=short, is_open=True, starts=time(9), ends=time(11))
    assert starts(service, closed, at) == []
    assert starts(service, short, at) == ["09:00+0100", "10:00+0100"]


def test_notice_and_horizon_bound_what_is_offered():
    service = factories.service(notice_hours=30, horizon_days=5)
    at = timezone.now()
    found = coaching.free_slots(service, at - timedelta(days=3), at + timedelta(days=90), at)
    assert found[0] >= at + timedelta(hours=30)
    assert found[-1] < at + timedelta(days=5)


def test_free_times_take_four_queries_however_long(django_assert_num_queries):
    service = factories.service(horizon_days=300)
    at = timezone.now()
    for days in (10, 250):
        with django_assert_num_queries(4):
            coaching.free_slots(service, at, at + timedelta(days=days), at)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    zone=st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    begins=st.integers(0, 90),
    quarters=st.integers(1, 40),
    minutes=st.sampled_from([15, 30, 45, 60, 90]),
    before=st.sampled_from([0, 15, 30]),
)
def test_every_offered_time_is_inside_the_hours_and_on_the_grid(db, day, zone, begins, quarters, minutes, before):
    calendar = factories.calendar(zone_name=zone)
    calendar.hours.all().delete()
    ends = min(begins + quarters, 95)
    opens, closes = time(begins // 4, begins % 4 * 15), time(ends // 4, ends % 4 * 15)
    WeeklyHours.objects.create(calendar=calendar, weekday=day.weekday(), starts=opens, ends=closes)
    service = factories.service(calendar, minutes=minutes, step=15, buffer_before=before, notice_hours=0)
    at = datetime.combine(day, time(0), UTC) - timedelta(days=3)
    found = coaching.free_slots(service, at, at + timedelta(days=6), at)
    assert found == sorted(set(found))
    for start in found:
        first, last = start.astimezone(calendar.zone), (start + service.length).astimezone(calendar.zone)
        assert (first.date(), last.date()) == (day, day)
        assert opens <= first.time()
        assert last.time() <= closes
        covered = coaching.cells(*coaching.span(service, start))
        assert all(not cell.timestamp() % 900 for cell in covered)
        assert covered[0] <= start - timedelta(minutes=before)
        assert len(covered) == (minutes + before + service.buffer_after) // 15


def test_a_booked_hour_and_what_is_kept_free_are_gone():
    service = factories.service(step=15, buffer_before=15, buffer_after=30)
    at = factories.slot()
    booking = factories.booking(service, at)
    assert CalendarCell.objects.filter(line=booking.line, is_kept=True).count() == 7
    other = factories.service(service.calendar, minutes=30, step=15, buffer_after=0)
    around = coaching.free_slots(other, at - timedelta(hours=1), at + timedelta(hours=2))
    assert at - timedelta(minutes=45) in around
    assert at - timedelta(minutes=30) not in around
    assert at + timedelta(minutes=75) not in around
    assert at + timedelta(minutes=90) in around


def test_a_time_that_is_taken_is_out_of_stock():
    service = factories.service()
    late = factories.slot_basket(service, factories.slot(minute=30))
    factories.booking(service)
    with pytest.raises(OutOfStock):
        factories.order(late, email="b@example.org")


@pytest.mark.parametrize("said", ["", "gibberish", "2026-12-05T03:00:00Z", "9999-99-99T00:00:00Z"])
def test_what_is_not_offered_is_refused(said):
    service = factories.service()
    with pytest.raises(CannotBeSold):
        service.check_line(1, {"slot": said})


def test_two_people_at_one_time_are_refused():
    with pytest.raises(CannotBeSold):
        factories.service().check_line(2, {"slot": coaching.said(factories.slot())})


def test_an_unpaid_time_is_free_again_and_a_paid_one_is_not():
    service = factories.service(price=9000)
    order = factories.order(factories.slot_basket(service))
    line = order.lines.get()
    assert service.has_hold(line)
    promises.release(order)
    assert not service.has_hold(line)
    promises.hold([line], ask_at=timezone.now())
    promises.keep(order)
    promises.release(order)
    assert service.has_hold(line)


def test_moved_takes_the_new_before_it_frees_the_old():
    booking = factories.booking()
    later = booking.starts_at + timedelta(minutes=30)
    for _time in range(2):
        moved = coaching.move(booking, later)
    assert (moved.starts_at, moved.sequence) == (later, 1)
    held = list(moved.line.cells.values_list("starts_at", flat=True))
    assert held == coaching.cells(moved.covers_from, moved.covers_until)


def test_moved_onto_somebody_else_stays_where_it_was():
    service = factories.service()
    booking = factories.booking(service)
    other = factories.booking(service, factories.slot(hour=15), email="b@example.org")
    with pytest.raises(coaching.NoChange) as caught:
        coaching.move(booking, other.starts_at)
    assert caught.value.reason == "taken"
    booking.refresh_from_db()
    assert list(booking.line.cells.values_list("starts_at", flat=True)) == coaching.cells(
        booking.covers_from, booking.covers_until
    )


def test_cancelled_twice_is_cancelled_once_and_frees_the_time():
    booking = factories.booking()
    for _time in range(2):
        coaching.cancel(booking)
    booking.refresh_from_db()
    assert (booking.state, booking.sequence) == ("cancelled", 1)
    assert not booking.line.cells.exists()
    assert booking.line.order.refresh_from_db() is None
    assert booking.line.order.state == "cancelled"
    factories.booking(booking.service, booking.starts_at, email="b@example.org")


def test_too_late_is_the_owners_alone():
    booking = factories.booking(factories.service(change_hours=24 * 30, horizon_days=60))
    for verb in (coaching.cancel, lambda row: coaching.move(row, factories.slot(hour=15))):
        with pytest.raises(coaching.NoChange) as caught:
            verb(booking)
        assert caught.value.reason == "late"
    coaching.cancel(booking, by=factories.owner())
    booking.refresh_from_db()
    assert not booking.is_live


def test_paid_hour_is_paid_back_when_cancelled(sandbox):
    service = factories.service(price=9000)
    order = factories.paid(sandbox, factories.slot_basket(service))
    coaching.book(service, order.lines.get())
    refund = coaching.cancel(Booking.objects.get(line__order=order))
    assert refund is not None
    assert refund.amount == 9000
