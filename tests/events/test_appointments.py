"""What people see of appointments: their own pages, calendar, account; the owner's screens; what must always be true."""

from datetime import time, timedelta

import icalendar
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from events import (
    account,
    adopting,
    appointments,
    calendar,
    clock,
    coaching,
    coaching_desk,
    coaching_verify,
    letters_coaching,
    privacy,
    receiving,
)
from events.models import Booking, Calendar, CalendarCell, CalendarKey, DayException, Service, WeeklyHours
from members import mailing
from store import bills, kinds
from store.models import Order, OrderLine
from tests import factories
from tests.events import test_prepaid as of_prepaid
from tests.events.test_calendar_feeds import only

pytestmark = pytest.mark.django_db


def at(name: str, booking: Booking) -> str:
    return reverse(f"events:{name}", args=[booking.token])


def test_times_are_chosen_before_the_basket(client):
    service = factories.service(factories.calendar(zone_name="America/New_York"))
    answer = client.get(reverse("store:buy"), {"offer": service.offer_id, "quantity": 1})
    page = answer.content.decode()
    assert 'type="radio"' in page
    assert "New York" in page
    assert coaching.said(factories.slot(hour=15)) in page


def test_customer_moves_and_cancels_by_the_button_alone(client):
    booking = factories.booking()
    assert client.get(at("booking", booking)).status_code == 200
    for name in ("booking-move", "booking-cancel"):
        assert client.get(at(name, booking)).status_code == 200
    later = booking.starts_at + timedelta(minutes=30)
    answer = client.post(at("booking-move", booking), {"slot": coaching.said(later)})
    assert answer.status_code == 302
    booking.refresh_from_db()
    assert booking.starts_at == later
    assert client.post(at("booking-cancel", booking)).status_code == 302
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_what_is_taken_meanwhile_or_too_late_is_said(client):
    service = factories.service()
    booking, other = (
        factories.booking(service),
        factories.booking(service, factories.slot(hour=15), email="b@example.org"),
    )
    answer = client.post(at("booking-move", booking), {"slot": coaching.said(other.starts_at)})
    assert answer.status_code == 422
    Service.objects.update(change_hours=9000)
    assert client.post(at("booking-cancel", booking)).status_code == 409
    booking.refresh_from_db()
    assert booking.is_live


def test_calendar_keeps_one_entry_after_three_changes(client):
    booking = factories.booking()
    seen = []
    for change in (None, 15, 16, "off"):
        if change == "off":
            coaching.cancel(booking)
        elif change:
            coaching.move(booking, factories.slot(hour=int(change)))
        answer = client.get(at("booking-calendar", booking))
        book = icalendar.Calendar.from_ical(answer.content)
        (entry,) = book.walk("VEVENT")
        booking.refresh_from_db()
        assert entry["dtstart"].dt == booking.starts_at
        seen.append((str(entry["uid"]), int(entry["sequence"]), str(entry["status"]), str(book["method"])))
    assert len({row[0] for row in seen}) == 1
    assert [row[1] for row in seen] == [0, 1, 2, 3]
    assert seen[-1][2:] == ("CANCELLED", "CANCEL")


def test_each_change_is_told_once_and_only_while_it_holds():
    booking = factories.booking()
    mail.outbox.clear()
    coaching.move(booking, factories.slot(hour=15))
    for kind in ("booked:1", "booked:1", "booked:0", "cancelled:1"):
        letters_coaching.to_customer(booking.pk, kind)
    coaching.cancel(booking)
    for kind in ("booked:1", "cancelled:2"):
        letters_coaching.to_customer(booking.pk, kind)
    moved, ended = mail.outbox
    assert [row.attachments[0].mimetype for row in (moved, ended)] == ["text/calendar"] * 2
    assert at("booking", booking) in moved.body
    assert booking.token not in moved.subject + ended.subject


def test_feed_and_mails_keep_one_entry_after_three_moves_and_a_cancel():
    """A reader's calendar: the entry of a UID is replaced by one of a higher sequence, wherever it came from."""
    person = factories.person()
    booking = factories.booking(user=person, email=person.email)
    key, held = CalendarKey.objects.create(user=person), {}
    for change in (12, 14, 15, 16, None):
        if change is None:
            coaching.cancel(booking)
        elif change != 12:
            coaching.move(booking, factories.slot(hour=change))
        booking.refresh_from_db()
        mailed, fed = only(appointments.of_booking(booking).content), only(calendar.of_person(key))
        assert [mailed[name] for name in ("uid", "sequence", "status")] == [
            fed[name] for name in ("uid", "sequence", "status")
        ]
        assert mailed.decoded("dtstart") == fed.decoded("dtstart") == booking.starts_at
        before = held.get(str(fed["uid"]))
        assert before is None or fed["sequence"] > before["sequence"]
        held[str(fed["uid"])] = fed
    assert [(str(row["status"]), row["sequence"]) for row in held.values()] == [("CANCELLED", 4)]


def test_reminder_goes_out_once_the_day_before_and_not_after_a_change():
    booking = factories.booking()
    mail.outbox.clear()
    assert clock.remind_of_hours() == 0
    near = timezone.now() + timedelta(hours=20)
    past = timezone.now() - timedelta(days=3)
    Booking.objects.update(starts_at=near, ends_at=near + timedelta(hours=1), changed_at=past)
    assert clock.remind_of_hours() == 1
    for kind in ("reminder:0", "reminder:0", "reminder:1"):
        letters_coaching.to_customer(booking.pk, kind)
    (message,) = mail.outbox
    assert message.to == [booking.email]
    assert at("booking", booking) in message.body
    assert clock.remind_of_hours() == 0
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    Booking.objects.update(sequence=1, changed_at=timezone.now())
    assert clock.remind_of_hours() == 0


def test_who_refused_reminders_gets_none():
    booking = factories.booking()
    mailing.choose([booking.email], [])
    mail.outbox.clear()
    assert not letters_coaching.to_customer(booking.pk, "reminder:0")
    assert mail.outbox == []


def test_owner_moves_it_anywhere_that_nobody_has(owner):
    service = factories.service()
    booking, other = (
        factories.booking(service),
        factories.booking(service, factories.slot(hour=15), email="b@example.org"),
    )
    one = reverse("meetings:appointment", args=[booking.pk])
    local = timezone.localtime(factories.slot(hour=2))
    for wrong in (timezone.localtime(other.starts_at), local.replace(minute=7), local.replace(year=2020)):
        assert owner.post(one, {"begins": f"{wrong:%Y-%m-%d %H:%M}"}).status_code == 422
    assert owner.post(one, {"begins": f"{local:%Y-%m-%d %H:%M}"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.starts_at, booking.sequence) == (factories.slot(hour=2), 1)
    assert {row.starts_at for row in booking.line.cells.all()} == set(
        coaching.cells(booking.covers_from, booking.covers_until)
    )


def test_what_the_line_tells_follows_a_move():
    booking = factories.booking()
    later = factories.slot(hour=15)
    coaching.move(booking, later)
    line = OrderLine.objects.get(pk=booking.line_id)
    assert booking.service.begins_at(line.details) == later
    assert bills.for_order(line.order)["lines"][0]["details"] == [appointments.when(booking.service, later)]


def test_a_move_into_the_days_to_withdraw_must_be_asked_for(client):
    booking = factories.booking(factories.service(price=9000), factories.slot(20))
    soon = factories.slot(5)
    with pytest.raises(coaching.NoChange) as caught:
        coaching.move(booking, soon, by=factories.owner())
    assert caught.value.reason == "early"
    assert client.post(at("booking-move", booking), {"slot": coaching.said(soon)}).status_code == 422
    assert client.post(at("booking-move", booking), {"slot": coaching.said(soon), "early": "on"}).status_code == 302
    booking.refresh_from_db()
    assert booking.starts_at == soon
    assert Order.objects.get(pk=booking.line.order_id).consents["early"]["words"]
    coaching.move(booking, factories.slot(6), by=factories.owner())


def test_receipt_carries_the_entry():
    booking = factories.booking()
    (file,) = appointments.files_of(booking.line)
    assert b"BEGIN:VTIMEZONE" in file.content


def test_card_stands_in_a_fixed_number_of_queries(django_assert_max_num_queries):
    calendar = factories.calendar()
    few = [str(factories.service(calendar).pk) for _number in range(2)]
    many = few + [str(factories.service(calendar).pk) for _number in range(10)]
    kinds.load([("service", few[0])], [], "fr")  # type: ignore[list-item] # the site's root is known from now on
    for keys in (few, many):
        with django_assert_max_num_queries(10):
            found = kinds.load([("service", key) for key in keys], [], "fr")  # type: ignore[misc]
        assert len(found) == len(keys)


def test_account_gives_and_forgets(rf):
    booking = factories.booking(email="lea@example.org")
    person = factories.person(email="lea@example.org")
    assert adopting.adopt(person, person.email) == 1
    assert adopting.adopt(person, person.email) == 0
    request = rf.get("/")
    request.user = person
    (panel,) = account.panels(request)
    assert panel.rows[0]["url"].endswith(at("booking", booking))
    assert privacy.export(person)["appointments"][0]["email"] == person.email
    privacy.erase(person)
    booking.refresh_from_db()
    assert (booking.name, booking.email, booking.user) == ("", "", None)


def test_desk_names_todays_hours():
    booking = factories.booking()
    shop = booking.service.calendar.shop
    assert list(coaching_desk.todo(shop)) == []
    now = timezone.now()
    Booking.objects.update(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(minutes=59))
    (row,) = coaching_desk.todo(shop)
    assert booking.name in row.detail


def broken() -> set[str]:
    return {name for name, find in coaching_verify.INVARIANTS if list(find())}


BREAKS = {
    "an appointment has exactly its time": lambda row: row.line.cells.first().delete(),
    "no time is taken without an owner": lambda row: Order.objects.filter(pk=row.line.order_id).update(state="lapsed"),
    "every paid time is an appointment": lambda row: row.delete(),
}


def test_every_invariant_of_hours_has_its_break():
    assert {*BREAKS, *of_prepaid.BREAKS} == {name for name, _find in coaching_verify.INVARIANTS}


@pytest.mark.parametrize("name", list(BREAKS))
def test_every_invariant_is_broken_here(name):
    booking = factories.booking()
    Order.objects.update(paid_at=timezone.now() - timedelta(hours=2))
    assert broken() == set()
    BREAKS[name](booking)
    assert name in broken()


@pytest.fixture
def owner(client):
    factories.sign_in_strongly(client, factories.owner())
    return client


def test_owner_says_when_she_receives(owner):
    factories.open_shop()
    text = "24/12/2026\n2026-12-26 9:00-12:00, 14:00-15:00"
    assert owner.get(reverse("meetings:hours")).status_code == 200
    answer = owner.post(reverse("meetings:hours"), {"day0": "9:00-12:00, 14:00-18:00", "days_off": text})
    assert answer.status_code == 302
    assert WeeklyHours.objects.filter(weekday=0, starts=time(9), ends=time(12)).exists()
    assert DayException.objects.filter(is_open=False).count() == 1
    assert DayException.objects.filter(is_open=True).count() == 2
    assert "26/12/2026 09:00-12:00, 14:00-15:00" in owner.get(reverse("meetings:hours")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"day1": "9-12"}, {"day1": "12:00-9:00"}, {"days_off": "Noël"}, {"days_off": "2026-12-24\n24/12/2026"}]
)
def test_hours_that_cannot_be_read_are_not_kept(owner, wrong):
    factories.open_shop()
    assert owner.post(reverse("meetings:hours"), wrong).status_code == 422
    assert not WeeklyHours.objects.exists()


def test_owner_makes_changes_and_takes_off_a_service(owner):
    calendar = receiving.calendar_of(factories.open_shop())
    said = {
        "name": "Conseil", "minutes": 30, "step": 30, "buffer_before": 0, "buffer_after": 15, "notice_hours": 1,
        "horizon_days": 30, "change_hours": 24, "price": "25.00", "is_on_sale": "on",
    }  # fmt: skip
    assert owner.post(reverse("meetings:new_service"), {**said, "minutes": 20}).status_code == 422
    assert owner.post(reverse("meetings:new_service"), said).status_code == 302
    service = Service.objects.get(calendar=calendar)
    one = reverse("meetings:service", args=[service.pk])
    assert "25" in owner.get(one).content.decode()
    assert owner.post(one, {**said, "name": "Avis", "is_on_sale": ""}).status_code == 302
    service.refresh_from_db()
    assert (service.name, service.offer.state) == ("Avis", "archived")
    assert "Avis" in owner.get(reverse("meetings:services")).content.decode()
    assert Calendar.objects.count() == 1


def test_owner_cancels_at_any_time(owner):
    booking = factories.booking(factories.service(change_hours=9000))
    assert booking.name in owner.get(reverse("meetings:appointments")).content.decode()
    one = reverse("meetings:appointment", args=[booking.pk])
    assert owner.get(one).status_code == 200
    assert owner.post(one).status_code == 302
    booking.refresh_from_db()
    assert not booking.is_live
    assert not CalendarCell.objects.exists()
