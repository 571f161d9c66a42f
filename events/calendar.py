"""The calendar entry of an event: one UID for ever, a rising SEQUENCE, so that what changed moves and is not doubled."""

from collections.abc import Sequence
from datetime import UTC
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.mail import Attachment
from events import links
from events.models import Event, Seat
from store.models import OrderLine

PRODUCT = "-//Comptoir//Agenda//FR"


def uid(event: Event) -> str:
    """For ever the same, whatever becomes of the event."""
    return f"{event.uid}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}"


def file(events: Sequence[tuple[Event, str, str]], *, method: str = "PUBLISH") -> bytes:
    """An iCalendar file of these (event, title, address of its page)."""
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    for event, title, url in events:
        made.add_component(entry(event, title, url))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def entry(event: Event, title: str, url: str) -> icalendar.Event:
    """One VEVENT, in the event's own zone."""
    made = icalendar.Event()
    made.add("uid", uid(event))
    made.add("dtstamp", timezone.now().astimezone(UTC))
    made.add("last-modified", event.changed_at.astimezone(UTC))
    made.add("sequence", event.sequence)
    made.add("dtstart", event.local_start)
    made.add("dtend", event.local_end)
    made.add("summary", title)
    made.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    made.add("location", place(event))
    made.add("url", url)
    return made


def place(event: Event) -> str:
    """Where, in one line."""
    if event.is_online:
        return _("Online")
    town = f"{event.venue_postcode} {event.venue_city}".strip()
    return ", ".join(part for part in (event.venue_name, event.venue_address, town) if part)


def of_seat(seat: Seat) -> Attachment:
    """The file of one seat's event, leading to the seat's own page."""
    event, locale = seat.event, seat.locale
    is_off = event.is_cancelled or not seat.is_valid
    with override(locale):
        content = file(
            [(event, links.title(event, locale), links.seat(seat))], method="CANCEL" if is_off else "PUBLISH"
        )
    return Attachment(f"{event.local_start:%Y-%m-%d}.ics", content, "text/calendar")


def files_of(line: OrderLine) -> list[Attachment]:
    """What goes with the receipt of a line of seats: one file, however many they are."""
    seat = line.seats.select_related("event").filter(state=Seat.State.VALID).first()
    return [of_seat(seat)] if seat else []
