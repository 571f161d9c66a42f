"""Calendar files (RFC 5545): one UID for ever and a rising SEQUENCE, so that what changed moves and is not doubled."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import head as heads
from core import here
from core.mail import Attachment
from core.models import Shop
from events import links
from events.models import Booking, CalendarKey, Event, EventPage, Seat
from store.models import OrderLine

PRODUCT = "-//Comptoir//Agenda//FR"
REFRESH = timedelta(hours=1)
KEPT = timedelta(days=90)
"""How long feeds show what is over."""
OVER = (Seat.State.CANCELLED, Seat.State.TRANSFERRED)


def uid(row: Event | Booking) -> str:
    """For ever the same, whatever becomes of the event or appointment."""
    return f"{row.uid}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}"


def begin(row: Event | Booking, zone: ZoneInfo) -> icalendar.Event:
    """A VEVENT that names the event or appointment, and says when it is and when it was last changed."""
    made = icalendar.Event()
    made.add("uid", uid(row))
    made.add("dtstamp", row.changed_at.astimezone(UTC))
    made.add("last-modified", row.changed_at.astimezone(UTC))
    made.add("dtstart", moment(row.starts_at.astimezone(zone)))
    made.add("dtend", moment(row.ends_at.astimezone(zone)))
    return made


def book(entries: Iterable[icalendar.Event], *, method: str = "PUBLISH", name: str = "") -> bytes:
    """These entries with the rules of their zones; a feed has a `name` and says how often to ask."""
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    if name:
        made.add("x-wr-calname", name)
        made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", icalendar.vDuration(REFRESH))
    for row in entries:
        made.add_component(row)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def entry(
    event: Event, title: str, url: str, *, words: str = "", is_inside: bool = False, gone: int = 0
) -> icalendar.Event:
    """One VEVENT. `is_inside`: for who has a seat and may know the link of an online event; who has none any more is not.

    `gone`: how many seats this guest had and has no more. Each raises the sequence, so that who gave up and comes again
    is believed.
    """
    made = begin(event, event.zone)
    is_off = bool(gone) and not is_inside
    made.add("sequence", event.sequence + 2 * gone - is_off)
    made.add("summary", title)
    made.add("status", "CANCELLED" if is_off or event.is_cancelled else "CONFIRMED")
    made.add("location", place(event, is_inside=is_inside))
    made.add("url", url)
    made.add("description", "\n\n".join(part for part in (words, event.online_url if is_inside else "", url) if part))
    return made


def moment(local: datetime) -> datetime:
    """By the clocks of the place; in UTC where their hour comes a second time, which a calendar cannot tell otherwise."""
    return local.astimezone(UTC) if local.fold else local


def place(event: Event, *, is_inside: bool = False) -> str:
    """Where, in one line; the link of an online event only for who has a seat."""
    if event.is_online:
        return event.online_url if is_inside and event.online_url else _("Online")
    town = f"{event.venue_postcode} {event.venue_city}".strip()
    return ", ".join(part for part in (event.venue_name, event.venue_address, town) if part)


def of_seat(seat: Seat, *, is_mail: bool = False) -> Attachment:
    """A guest's file: puts the entry in, moves it, or takes it out; it leads to the seat's own page.

    Who has another seat there keeps the entry, which then leads to that one: in a mail, any seat of the address that it
    goes to; on a page only those of the same order, for whoever typed an address has not proved that it is theirs.
    """
    event, locale = seat.event, seat.locale
    theirs = Seat.objects.filter(event=event, email__iexact=seat.email).exclude(pk=seat.pk).exclude(email="")
    if not is_mail:
        theirs = theirs.filter(line__order=seat.line.order_id)
    gone = theirs.filter(state__in=OVER).count() + (not seat.is_valid)
    other = None if seat.is_valid else theirs.taken().order_by("pk").first()
    is_off = event.is_cancelled or not (seat.is_valid or other)
    with override(locale):
        made = entry(event, links.title(event, locale), links.seat(other or seat), is_inside=not is_off, gone=gone)
        between(made, event.shop, seat.email)
        content = book([made], method="CANCEL" if is_off else "REQUEST")
    return Attachment(f"{event.local_start:%Y-%m-%d}{'-x' if is_off else ''}.ics", content, "text/calendar")


def between(made: icalendar.Event, shop: Shop, guest: str) -> None:
    """From the shop to its guest: mail programs then move or cancel the entry that they have."""
    organizer = icalendar.vCalAddress(f"mailto:{shop.email or settings.DEFAULT_FROM_EMAIL}")
    organizer.params["CN"] = icalendar.vText(shop.name)
    attendee = icalendar.vCalAddress(f"mailto:{guest}")
    attendee.params["PARTSTAT"] = icalendar.vText("ACCEPTED")
    attendee.params["RSVP"] = icalendar.vText("FALSE")
    made["organizer"] = organizer
    made.add("attendee", attendee, encode=False)


def files_of(line: OrderLine) -> list[Attachment]:
    """What goes with the receipt of a line of seats: one file, however many they are."""
    seat = line.seats.select_related("event__shop").filter(state=Seat.State.VALID).first()
    return [of_seat(seat, is_mail=True)] if seat else []


def of_all(shop: Shop, locale: str, at: datetime | None = None) -> bytes:
    """All that is on and was lately, as told in that language; three queries for any number."""
    since = (at or timezone.now()) - KEPT
    rows = EventPage.objects.live().public().filter(event__shop=shop, event__ends_at__gt=since)
    best: dict[int, EventPage] = {}
    for page in rows.defer("body").select_related("event", "locale").order_by("event__starts_at", "pk"):
        if page.event_id not in best or page.locale.language_code == locale:
            best[page.event_id] = page
    found = sorted(best.values(), key=lambda page: (page.event.starts_at, page.event_id))
    roots: Any = here.Roots()
    entries = [
        entry(page.event, page.title, heads.absolute(page.get_url(roots) or ""), words=page.summary) for page in found
    ]
    return book(entries, name=f"{shop.name}, {_('agenda')}")


def of_person(key: CalendarKey, at: datetime | None = None) -> bytes:
    """One person's seats and appointments, the cancelled ones as cancelled, so that they go from the calendar too."""
    from events import appointments  # noqa: PLC0415 - it makes its entries with what stands here

    since = (at or timezone.now()) - KEPT
    seats = Seat.objects.for_user(key.user).filter(event__ends_at__gt=since).select_related("event", "event__shop")
    best: dict[int, Seat] = {}
    gone: Counter[int] = Counter()
    for seat in seats.prefetch_related("event__pages__locale").order_by("event__starts_at", "pk"):
        gone[seat.event_id] += seat.state in OVER
        if seat.event_id not in best or seat.is_valid:
            best[seat.event_id] = seat
    hours = appointments.entries_of(key.user, since)
    return book(
        [*(_of_mine(seat, gone[seat.event_id]) for seat in best.values()), *hours], name=_("My seats and appointments")
    )


def _of_mine(seat: Seat, gone: int) -> icalendar.Event:
    return entry(seat.event, links.title(seat.event, seat.locale), links.seat(seat), is_inside=seat.is_valid, gone=gone)
