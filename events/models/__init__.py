"""Meetups: what takes place, its pages, its tickets, who sits and who waits. Coaching: who receives when, and whom."""

from events.models.busy import BusySource, BusyTime
from events.models.calendar_key import CalendarKey
from events.models.coaching import Booking, Calendar, CalendarCell, DayException, Service, Weekday, WeeklyHours
from events.models.credit import Credit, CreditMove, HourPack
from events.models.date_change import DateChange
from events.models.event import Event
from events.models.pages import AgendaLine, EventIndexPage, EventPage
from events.models.seat import CheckIn, Seat, WaitingEntry, new_token
from events.models.service_page import ServicePage
from events.models.ticket import Ticket

__all__ = [
    "AgendaLine", "Booking", "BusySource", "BusyTime", "Calendar", "CalendarCell", "CalendarKey", "CheckIn", "Credit", "CreditMove", "DateChange", "DayException", "Event", "EventIndexPage",
    "EventPage", "HourPack", "Seat", "Service", "ServicePage", "Ticket", "WaitingEntry", "Weekday", "WeeklyHours", "new_token",
]  # fmt: skip
