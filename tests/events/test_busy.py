"""The owner's other calendars: which hours they take from what is offered, and what a bad file does (nothing)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from events import busy, coaching, coaching_desk, fetching
from events.fetching import NotFetched
from events.models import BusySource, BusyTime
from events.owner.forms_coaching import HoursForm
from tests import factories

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2027, 3, 1, tzinfo=UTC)
ADDRESS = "https://calendar.example.org/private.ics"


def file(*entries: str) -> bytes:
    """A calendar with these entries; each is the lines of one VEVENT."""
    inside = "".join(f"BEGIN:VEVENT\nUID:e{number}\n{entry}\nEND:VEVENT\n" for number, entry in enumerate(entries))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{inside}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*entries: str) -> list[str]:
    """The stretches that are taken, short."""
    found = busy.merged(busy.spans(file(*entries), PARIS, AT))
    return [f"{first:%d.%m %H:%M}-{last:%d.%m %H:%M}" for first, last in found]


@pytest.mark.parametrize(
    ("entry", "taken"),
    [
        ("DTSTART:20270310T090000Z\nDTEND:20270310T100000Z", ["10.03 09:00-10.03 10:00"]),
        ("DTSTART:20270310T090000\nDTEND:20270310T100000", ["10.03 08:00-10.03 09:00"]),
        ("DTSTART;TZID=America/New_York:20270310T090000\nDURATION:PT30M", ["10.03 14:00-10.03 14:30"]),
        ("DTSTART;VALUE=DATE:20270310", ["09.03 23:00-10.03 23:00"]),
        ("DTSTART;VALUE=DATE:20270327\nDTEND;VALUE=DATE:20270329", ["26.03 23:00-28.03 22:00"]),
        ("DTSTART:20270310T090000Z", []),
        ("DTSTART:20270310T090000Z\nDTEND:20270310T080000Z", []),
        ("DTSTART:20270210T090000Z\nDTEND:20270210T100000Z", []),
        ("DTSTART:20270310T090000Z\nDTEND:20270310T100000Z\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20270310T090000Z\nDTEND:20270310T100000Z\nSTATUS:CANCELLED", []),
    ],
)
def test_an_entry_takes_its_time(entry, taken):
    assert read(entry) == taken


def test_repeated_keeps_its_hour_on_the_wall_when_the_clocks_change():
    weekly = "DTSTART;TZID=Europe/Paris:20270320T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
    assert read(weekly) == ["20.03 09:00-20.03 10:00", "27.03 09:00-27.03 10:00", "03.04 08:00-03.04 09:00"]


@pytest.mark.parametrize("until", ["20270327T090000Z", "20270327T100000", "20270327"])
def test_repeated_ends_where_it_says(until):
    weekly = f"DTSTART;TZID=Europe/Paris:20270320T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL={until}"
    assert read(weekly) == ["20.03 09:00-20.03 10:00", "27.03 09:00-27.03 10:00"]


def test_left_out_and_moved_ones_are_where_they_are():
    daily = "DTSTART:20270310T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20270311T090000Z"
    one = "RECURRENCE-ID:20270312T090000Z\nDTSTART:20270312T150000Z\nDURATION:PT1H"
    content = file(daily, one).replace(b"UID:e1", b"UID:e0")
    found = [first.strftime("%d %H") for first, _last in busy.merged(busy.spans(content, PARIS, AT))]
    assert found == ["10 09", "12 15", "13 09"]


def test_a_rule_without_end_ends_in_a_year():
    found = busy.spans(file("DTSTART:20200101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"), PARIS, AT)
    assert (len(found), found[0][0], found[-1][0] < AT + busy.AHEAD) == (400, AT + timedelta(hours=9), True)


def test_own_appointments_are_not_heard_back(settings):
    settings.BASE_URL = "https://shop.example.org"
    content = file("DTSTART:20270310T090000Z\nDURATION:PT1H").replace(b"UID:e0", b"UID:77@shop.example.org")
    assert busy.spans(content, PARIS, AT) == []


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<html></html>", b"\xff\xfe\x00", file("DTSTART:yesterday\nDURATION:PT1H"),
        file("DTSTART:20270310T090000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY"),
        file("DTSTART:20270310T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYHOUR=99"),
        file("DTSTART:20270310T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_not_understood(content):
    with pytest.raises(busy.NotUnderstood):
        busy.spans(content, PARIS, AT)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 30))), st.integers(0, 220), st.integers(1, 30))
def test_merged_spans_touch_what_any_of_them_touches(rows, start, length):
    made = [(AT + timedelta(minutes=one), AT + timedelta(minutes=one + many)) for one, many in rows]
    first, last = AT + timedelta(minutes=start), AT + timedelta(minutes=start + length)
    taken = busy.Taken.__new__(busy.Taken)
    taken.spans = busy.merged(made)
    taken.firsts = [row[0] for row in taken.spans]
    assert taken.touches(first, last) == any(one < last and other > first for one, other in made)
    assert all(one[1] < two[0] for one, two in zip(taken.spans, taken.spans[1:], strict=False))


def source(**fields: str) -> BusySource:
    """One of a calendar that is open every day."""
    return BusySource.objects.create(calendar=factories.calendar(), address=ADDRESS, **fields)


@pytest.mark.django_db
def test_a_busy_hour_is_not_offered_buffers_included_and_is_again_when_it_moves(monkeypatch):
    of = source()
    service = factories.service(of.calendar, minutes=60, step=60, buffer_after=15)
    at = factories.slot(hour=12)
    assert coaching.is_offered(service, at)
    for minutes, offered in [(0, False), (60, False), (75, True), (-60, True)]:
        start = at + timedelta(minutes=minutes)
        said = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\nDURATION:PT1H"
        monkeypatch.setattr(fetching, "fetch", lambda address, said=said: file(said))
        busy.read(of.pk)
        assert coaching.is_offered(service, at) is offered
        assert (at in coaching.free_slots(service, at, at + timedelta(hours=1))) is offered
    assert BusyTime.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "failure"), [(NotFetched("answer"), "answer"), (b"<html>", "no_calendar")])
def test_a_failure_is_named_and_keeps_what_was_known(monkeypatch, answer, failure):
    of = source()
    BusyTime.objects.create(source=of, starts_at=AT, ends_at=AT + timedelta(hours=1))

    def fetch(address: str) -> bytes:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(fetching, "fetch", fetch)
    busy.read(of.pk)
    of.refresh_from_db()
    assert (of.failure, of.read_at, of.tried_at is None, of.times.count()) == (failure, None, False, 1)


@pytest.mark.django_db
def test_reading_what_is_gone_does_nothing():
    busy.read(0)
    assert BusyTime.objects.count() == 0


@pytest.mark.django_db
def test_followed_twice_is_one_and_forgotten_frees_its_hours():
    calendar = factories.calendar()
    first = busy.follow(calendar, " webcal://calendar.example.org/private.ics ")
    assert first == busy.follow(calendar, ADDRESS)
    busy.forget(first)
    assert BusySource.objects.count() == 0


@pytest.mark.django_db
def test_an_address_that_is_not_https_is_never_kept():
    with pytest.raises(NotFetched, match="address"):
        busy.follow(factories.calendar(), "http://calendar.example.org/private.ics")
    with pytest.raises(IntegrityError), transaction.atomic():
        BusySource.objects.create(calendar=factories.calendar(), address="http://calendar.example.org/")


@pytest.mark.django_db
def test_only_sources_not_asked_of_late_are_due():
    of = source()
    now = timezone.now()
    assert busy.due(now) == 1
    BusySource.objects.filter(pk=of.pk).update(tried_at=now - timedelta(minutes=29))
    assert busy.due(now) == 0


def form(**said: str) -> HoursForm:
    """As the owner sends it."""
    return HoursForm({"day0": "9:00-12:00", **said})


@pytest.mark.django_db
def test_the_owner_types_addresses_and_only_these_are_followed():
    calendar = factories.calendar()
    for typed in [f"{ADDRESS}\nwebcal://other.example.org/a.ics\n{ADDRESS}", ADDRESS, ""]:
        filled = form(busy=typed)
        assert filled.is_valid()
        busy.follow_only(calendar, filled.addresses)
        assert HoursForm.told(calendar)["busy"].split() == [
            line.replace("webcal", "https") for line in dict.fromkeys(typed.split())
        ]


@pytest.mark.parametrize("typed", ["http://calendar.example.org/a.ics", "hello", f"https://example.org/{'a' * 500}"])
def test_an_address_that_may_not_be_asked_is_refused_in_the_form(typed):
    assert list(form(busy=typed).errors) == ["busy"]


@pytest.mark.django_db
def test_the_desk_names_a_calendar_that_cannot_be_read():
    of = source(failure="answer")
    shop = of.calendar.shop
    assert [entry.kind for entry in coaching_desk.todo(shop)] == ["busy"]
    BusySource.objects.update(failure="")
    assert list(coaching_desk.todo(shop)) == []


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    entry = "DTSTART:20270310T090000Z\nDURATION:PT1H"
    monkeypatch.setattr(busy, "PATIENCE", -1.0)
    with pytest.raises(busy.NotUnderstood):
        busy.spans(file(entry), PARIS, AT)
