"""The meetings' part of the register of personal data; a test fails for a field that no row names."""

from core.personal import goes, plain
from events.models import Booking, CalendarKey, CheckIn, Credit, CreditMove, DateChange, Seat, WaitingEntry

REGISTER = [
    goes(Seat, "holder email answers user", told="seats"),
    plain(Seat, "event ticket line state locale token replaces"),
    plain(DateChange, "offer seat ticket line made"),
    goes(WaitingEntry, "name email", told="waiting_lists"),
    plain(WaitingEntry, "event ticket locale token state told line"),
    plain(CheckIn, "seat key device by"),
    goes(Booking, "name email user", told="appointments"),
    plain(Booking, "line service state token locale uid"),
    goes(Credit, "email user", told="hours_in_advance"),
    plain(Credit, "line service"),
    plain(CreditMove, "credit line reason"),
    goes(CalendarKey, "user token", told="calendar"),
]
