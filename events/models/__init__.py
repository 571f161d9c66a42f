"""Meetups: what takes place, its pages, its tickets, who sits and who waits."""

from events.models.calendar_key import CalendarKey
from events.models.event import Event
from events.models.pages import AgendaLine, EventIndexPage, EventPage
from events.models.seat import CheckIn, Seat, WaitingEntry, new_token
from events.models.ticket import Ticket

__all__ = [
    "AgendaLine", "CalendarKey", "CheckIn", "Event", "EventIndexPage", "EventPage", "Seat", "Ticket", "WaitingEntry", "new_token",
]  # fmt: skip
