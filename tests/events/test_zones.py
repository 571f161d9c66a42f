"""One moment, told the same everywhere: the page, the recap, the mail, the calendar's entry and the data for machines.

On each side of both changes of clocks, in the zone of the shop and in another, whose day may be another one.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from events import cards, letters
from events.models import Event, Seat
from tests import factories
from tests.events.test_admission import free
from tests.events.test_calendar_feeds import only

pytestmark = pytest.mark.django_db
MONTHS = {"mars": 3, "octobre": 10}
WORDS = re.compile(
    r"(\d+) (mars|octobre) (\d{4}), de (\d\d):(\d\d)(?: \((\w+)\))? à [\d:]+(?: \(\w+\))?(?: \(heure de ([\w ]+)\))?"
)
TIME = re.compile(r'<time datetime="([^"]+)" data-here="[^"]+">(.*?)</time>', re.DOTALL)
TOWNS = {"Europe/Paris": "Paris", "America/Montreal": "Montreal", "Pacific/Auckland": "Auckland"}


def change(month: int) -> datetime:
    """When clocks change in Paris in that month of next year: the last Sunday, at one o'clock UTC."""
    last = datetime(timezone.now().year + 1, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


SIDES = [pytest.param(month, minutes, id=f"{month}{minutes:+}") for month in (3, 10) for minutes in (-30, 30)]


def meeting(at: datetime, zone: str, kind: str) -> Event:
    return factories.event(zone_name=zone, kind=kind, starts_at=at, ends_at=at + timedelta(hours=1), capacity=9)


def in_words(text: str, zone: str) -> tuple[datetime, str]:
    """The moment that French words tell, read as a person does, and the town whose clock they name."""
    found = WORDS.search(text)
    assert found, text
    day, month, year, hour, minute, name, town = found.groups()
    local = datetime(int(year), MONTHS[month], int(day), int(hour), int(minute), tzinfo=ZoneInfo(zone))
    second = local.replace(fold=1)
    return (second if name and f"{second:%Z}" == name else local).astimezone(UTC), town or ""


def data(html: str) -> datetime:
    """The event's startDate, as a search engine reads it."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    (row,) = [row for row in json.loads(found[1])["@graph"] if row["@type"] == "Event"]
    return datetime.fromisoformat(row["startDate"])


def clocks(html: str) -> list[tuple[datetime, str]]:
    """(moment, words) of each time that a reader elsewhere is told by their own clock."""
    return [(datetime.fromisoformat(at), re.sub(r"<[^>]+>", "", words)) for at, words in TIME.findall(html)]


@pytest.mark.parametrize("kind", ["online", "meetup"])
@pytest.mark.parametrize("zone", sorted(TOWNS))
@pytest.mark.parametrize(("month", "minutes"), SIDES)
def test_every_place_tells_the_same_instant(client: Client, month: int, minutes: int, zone: str, kind: str) -> None:
    at = change(month) + timedelta(minutes=minutes)
    event = meeting(at, zone, kind)
    page = factories.event_page(factories.ticket(event).event)
    town = TOWNS[zone] if kind == "online" or zone != "Europe/Paris" else ""
    html = client.get(page.url).content.decode()
    recap = client.get(reverse("store:buy"), {"offer": event.tickets.get().offer_id, "quantity": 1}).content.decode()
    free(event.tickets.get(), 1, email="anne@example.org")
    mail.outbox.clear()
    assert letters.to_guest(Seat.objects.get().pk, "received")
    (sent,) = mail.outbox
    (file,) = [one for one in sent.attachments if str(one[0]).endswith(".ics")]
    content = file[1] if isinstance(file[1], bytes) else file[1].encode()

    for told in (html, recap):
        ((moment, words),) = clocks(told)
        assert (moment, *in_words(words, zone)) == (at, at, town)
    assert in_words(str(sent.body), zone) == (at, town)
    assert only(content).decoded("dtstart").astimezone(UTC) == at
    assert data(html) == at


def test_both_languages_say_whose_clock_it_is() -> None:
    at = datetime(2026, 12, 30, 17, tzinfo=UTC)
    online, room = meeting(at, "Europe/Paris", "online"), meeting(at, "Europe/Paris", "meetup")

    with translation.override("en"):
        assert cards.when(online) == "Wednesday 30 December 2026, 6 p.m. to 7 p.m. (time in Paris)"
        assert cards.when(room) == "Wednesday 30 December 2026, 6 p.m. to 7 p.m."
    with translation.override("fr"):
        assert cards.when(online) == "mercredi 30 décembre 2026, de 18:00 à 19:00 (heure de Paris)"
        assert cards.hours(online) == cards.when(online)


def test_a_day_is_that_of_its_place() -> None:
    event = meeting(datetime(2026, 12, 31, 1, tzinfo=UTC), "America/Montreal", "meetup")

    with translation.override("fr"):
        assert cards.when(event) == "mercredi 30 décembre 2026, de 20:00 à 21:00 (heure de Montreal)"
        assert cards.big_date(event) == {"weekday": "mercredi", "day": "30", "month": "décembre"}
