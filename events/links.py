"""Whole addresses of a guest's pages, for mails, calendars and codes. The tokens in them are all the key there is."""

from core import visible
from events.models import Booking, Event, EventPage, Seat, WaitingEntry
from store.links import absolute


def seat(row: Seat) -> str:
    return absolute("events:seat", row.token, locale=row.locale)


def leave(row: Seat) -> str:
    """ "I'm not coming": a page with a button."""
    return absolute("events:leave", row.token, locale=row.locale)


def hand_on(row: Seat) -> str:
    return absolute("events:hand-on", row.token, locale=row.locale)


def other_date(row: Seat) -> str:
    return absolute("events:other-date", row.token, locale=row.locale)


def calendar(row: Seat) -> str:
    return absolute("events:seat-calendar", row.token, locale=row.locale)


def waiting(row: WaitingEntry) -> str:
    return absolute("events:waiting", row.token, locale=row.locale)


def claim(row: WaitingEntry) -> str:
    return absolute("events:claim", row.token, locale=row.locale)


def title(event: Event, locale: str) -> str:
    """What it is called in that language: its page's title, else the owner's name for it."""
    page = page_of(event, locale)
    return page.title if page else event.name


def page_of(event: Event, locale: str) -> EventPage | None:
    """Its live page in that language, else in any; no query where a list has read `event__pages__locale` before."""
    is_read = "pages" in getattr(event, "_prefetched_objects_cache", {})
    return visible.in_language(event.pages.all() if is_read else event.pages.select_related("locale"), locale)


def booking(row: Booking) -> str:
    return absolute("events:booking", row.token, locale=row.locale)
