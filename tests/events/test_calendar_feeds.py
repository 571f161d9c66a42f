"""Calendar files: one entry for ever, right on both sides of a change of clocks, readable by a strict parser."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from events import admission, calendar, structured
from events.models import CalendarKey, Event, EventPage, Seat, Ticket
from store import fulfilment
from store.models import Offer
from tests import factories
from tests.factories.pages import markup

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 10, 24, 17, 0, tzinfo=UTC)  # 19:00 in Paris, the evening before the clocks go back


@pytest.fixture
def page(db) -> EventPage:
    event = factories.event(
        starts_at=START, ends_at=START + timedelta(hours=8), capacity=20,
        venue_name="L’atelier, 2e cour; au fond", venue_address="12 rue des Lilas", venue_city="Montreuil",
    )  # fmt: skip
    factories.ticket(event)
    words = "Des lames, des pierres, des mains. " * 6
    return factories.event_page(event, title="Soirée lames à l’atelier", summary=words[:240], live=False)


def seat_at(event: Event) -> Seat:
    """Somebody's seat, whenever the event is."""
    order = factories.order(factories.basket(factories.goods().offer))
    return Seat.objects.create(
        event=event, ticket=event.tickets.get(), line=order.lines.get(), number=1, email="a@example.org"
    )


def admitted(ticket: Ticket, quantity: int) -> list[Seat]:
    """Free seats of one guest."""
    order = factories.order(factories.basket(Offer.objects.get(pk=ticket.offer_id), quantity=quantity))
    fulfilment.fulfil(order.pk)
    return list(Seat.objects.filter(line__order=order).order_by("number"))


def invitation(event: Event) -> bytes:
    """The file in a guest's mail."""
    event.refresh_from_db()
    seat = Seat.objects.filter(event=event).first() or seat_at(event)
    seat.event = event
    return calendar.of_seat(seat).content


def read(content: bytes) -> icalendar.Calendar:
    """As strict as RFC 5545 wants it: lines of at most 75 octets that end in CRLF, one calendar, each zone told."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    found = icalendar.Calendar.from_ical(content)
    assert not found.errors
    told = {str(zone["tzid"]) for zone in found.walk("VTIMEZONE")}
    moments = [row[name].params for row in found.walk("VEVENT") for name in ("dtstart", "dtend")]
    used = {params["TZID"] for params in moments if "TZID" in params}
    assert used <= told
    for row in found.walk("VEVENT"):
        assert not row.errors
        assert all(name in row for name in ("uid", "dtstamp", "dtstart", "dtend", "sequence", "status", "summary"))
    return found


def only(content: bytes) -> icalendar.Event:
    (row,) = read(content).walk("VEVENT")
    return row


def test_an_evening_over_the_change_of_clocks_lasts_as_long_as_it_lasts(page: EventPage) -> None:
    row = only(invitation(page.event))

    assert row.decoded("dtstart").astimezone(UTC) == START
    assert row.decoded("dtend").astimezone(UTC) - row.decoded("dtstart").astimezone(UTC) == timedelta(hours=8)
    assert row["dtstart"].to_ical() == b"20261024T190000"
    assert row["dtend"].to_ical() == b"20261025T010000Z"  # two o'clock comes twice that night: this is the second time


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Montreal", "Indian/Reunion", "UTC"])
def test_whoever_reads_it_elsewhere_sees_the_same_moment(page: EventPage, zone: str) -> None:
    Event.objects.filter(pk=page.event_id).update(zone_name=zone)
    page.event.refresh_from_db()
    row = only(invitation(page.event))

    assert row.decoded("dtstart").astimezone(UTC) == START
    assert structured.of(page, None, page.url)["startDate"] == START.astimezone(ZoneInfo(zone)).isoformat()


def test_after_three_changes_there_is_one_entry_and_the_last_word_counts(page: EventPage) -> None:
    """A reader's calendar: the entry of a UID is replaced by one of a higher sequence."""
    held: dict[str, icalendar.Event] = {}
    event = page.event
    for days in (0, 7, 14):
        event.starts_at, event.ends_at = START + timedelta(days=days), START + timedelta(days=days, hours=8)
        event.sequence += bool(days)
        event.save()
        row = only(invitation(event))
        before = held.get(str(row["uid"]))
        assert before is None or row["sequence"] > before["sequence"]
        held[str(row["uid"])] = row
    event.state, event.sequence = Event.State.CANCELLED, event.sequence + 1
    event.save()
    last = invitation(event)
    held[str(only(last)["uid"])] = only(last)

    assert read(last)["method"] == "CANCEL"
    assert [(str(row["status"]), row["sequence"]) for row in held.values()] == [("CANCELLED", 3)]
    assert row.decoded("dtstart") == (START + timedelta(days=14)).astimezone(PARIS)


def test_who_does_not_come_any_more_loses_the_entry(page: EventPage) -> None:
    seat = seat_at(page.event)
    came = only(calendar.of_seat(seat).content)
    seat.state = Seat.State.CANCELLED
    went = calendar.of_seat(seat).content

    assert read(went)["method"] == "CANCEL"
    assert only(went)["uid"] == came["uid"]
    assert only(went)["sequence"] > came["sequence"]


def test_who_gives_up_one_of_two_seats_keeps_the_entry_and_who_comes_again_is_believed(db) -> None:
    ticket = factories.ticket()
    seats = admitted(ticket, 2)
    said = [calendar.of_seat(seats[0], is_mail=True).content]
    for seat in seats:
        admission.give_up(seat)
        said.append(calendar.of_seat(Seat.objects.get(pk=seat.pk), is_mail=True).content)
    (again,) = admitted(ticket, 1)
    said.append(calendar.of_seat(again, is_mail=True).content)

    assert [str(read(one)["method"]) for one in said] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST"]
    sequences = [only(one)["sequence"] for one in said]
    assert sequences == sorted(set(sequences))
    assert len({str(only(one)["uid"]) for one in said}) == 1
    assert seats[1].token in str(only(said[1])["url"])


def test_who_takes_a_seat_in_somebody_elses_address_is_led_to_none_of_theirs(db, client: Client) -> None:
    """The page of a seat hands its file to whoever ordered it; only the mail goes to the address."""
    ticket = factories.ticket(factories.event(kind="online", online_url="https://example.org/salle"))
    (theirs,), (typed,) = admitted(ticket, 1), admitted(ticket, 1)
    assert theirs.email == typed.email
    client.post(reverse("events:leave", args=[typed.token]))
    shown = client.get(reverse("events:seat-calendar", args=[typed.token])).content

    assert str(read(shown)["method"]) == "CANCEL"
    assert theirs.token not in shown.decode().replace("\r\n ", "")
    assert "example.org/salle" not in shown.decode().replace("\r\n ", "")
    typed.refresh_from_db()
    assert theirs.token in calendar.of_seat(typed, is_mail=True).content.decode().replace("\r\n ", "")


def test_a_persons_own_calendar_has_their_seats_and_an_address_that_can_be_changed(page: EventPage) -> None:
    user = factories.person()
    seat = seat_at(page.event)
    Seat.objects.filter(pk=seat.pk).update(user=user)
    seat_at_another = factories.event()
    key = CalendarKey.objects.create(user=user)
    old, client = reverse("events:calendar-mine", args=[key.token]), Client()

    assert str(only(calendar.of_person(key, at=START))["uid"]) == calendar.uid(page.event)
    assert str(seat_at_another.uid) not in calendar.of_person(key, at=START).decode()
    assert client.get(old).headers["Content-Type"].startswith("text/calendar")
    client.force_login(user)
    client.post(reverse("events:calendar-new-key"))
    assert client.get(old).status_code == 404


def test_mail_and_feed_name_the_same_entry(page: EventPage) -> None:
    page.save_revision().publish()
    feed = calendar.of_all(page.event.shop, "fr", at=START)

    assert only(feed)["uid"] == only(invitation(page.event))["uid"]
    assert read(feed)["method"] == "PUBLISH"
    assert "ATTENDEE" not in feed.decode()


def test_the_link_of_an_online_event_is_for_its_guests(page: EventPage) -> None:
    Event.objects.filter(pk=page.event_id).update(kind="online", online_url="https://meet.example.org/secret")
    page.save_revision().publish()
    page.refresh_from_db()

    assert b"meet.example.org" in invitation(page.event)
    assert b"meet.example.org" not in calendar.of_all(page.event.shop, "fr", at=START)
    assert "meet.example.org" not in str(structured.of(page, None, page.url))


def test_the_markup_tells_date_place_and_state(page: EventPage) -> None:
    event = page.event
    found = structured.of(page, None, "/agenda/lames/")

    assert found["startDate"] == "2026-10-24T19:00:00+02:00"
    assert found["endDate"] == "2026-10-25T02:00:00+01:00"
    assert found["eventStatus"].endswith("EventScheduled")
    assert found["location"]["address"]["addressLocality"] == "Montreuil"
    event.state, event.was_at = Event.State.MOVED, START
    assert structured.of(page, None, "/agenda/lames/")["previousStartDate"] == "2026-10-24T19:00:00+02:00"
    event.state = Event.State.CANCELLED
    assert structured.of(page, None, "/agenda/lames/")["eventStatus"].endswith("EventCancelled")


def test_the_markup_names_each_ticket_its_price_and_since_when(db) -> None:
    event = factories.ticket(factories.event(zone_name="Europe/Paris")).event
    factories.ticket(event, price=1200, offer={"sale_from": START - timedelta(days=30)})
    graph = markup(Client().get(factories.event_page(event).url))
    found = graph["Event"]
    paid = next(row for row in found["offers"] if row["price"] == "12.00")

    assert paid["validFrom"] == "2026-09-24T19:00:00+02:00"
    assert len(found["offers"]) == 2
    assert all(row["validFrom"] and row["availability"] and "itemCondition" not in row for row in found["offers"])
    assert found["organizer"]["@id"] == graph["OnlineStore"]["@id"]
