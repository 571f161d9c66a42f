"""Addresses of seats, waiting lists, calendars and the door; translated, French in the catalogue."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from events.views import booking, door, feeds, seat, waiting

app_name = "events"
urlpatterns = [
    path(_("seat/offline.js"), seat.worker, name="seat-worker"),
    path(_("seat/<str:token>/"), seat.seat, name="seat"),
    path(_("seat/<str:token>/calendar.ics"), seat.calendar_file, name="seat-calendar"),
    path(_("seat/<str:token>/not-coming/"), seat.leave, name="leave"),
    path(_("seat/<str:token>/hand-on/"), seat.hand_on, name="hand-on"),
    path(_("seat/<str:token>/other-date/"), seat.other_date, name="other-date"),
    path(_("seat/<str:token>/other-date/<int:pk>/"), seat.other_date_pay, name="other-date-pay"),
    path(_("appointment/<str:token>/"), booking.booking, name="booking"),
    path(_("appointment/<str:token>/calendar.ics"), booking.calendar_file, name="booking-calendar"),
    path(_("appointment/<str:token>/move/"), booking.move, name="booking-move"),
    path(_("appointment/<str:token>/cancel/"), booking.cancel, name="booking-cancel"),
    path(_("waiting-list/<int:pk>/"), waiting.join, name="wait"),
    path(_("waiting-list/place/<str:token>/"), waiting.waiting, name="waiting"),
    path(_("waiting-list/place/<str:token>/take/"), waiting.claim, name="claim"),
    path(_("events/<int:pk>/chairs/"), feeds.room, name="chairs"),
    path(_("events.ics"), feeds.everything, name="calendar"),
    path(_("my-seats/new-address/"), feeds.new_key, name="calendar-new-key"),
    path(_("my-seats/<str:token>.ics"), feeds.mine, name="calendar-mine"),
    path(_("door/worker.js"), door.worker, name="door-worker"),
    path(_("door/<int:pk>/"), door.page, name="door"),
    path(_("door/<int:pk>/roster/"), door.roster, name="door-roster"),
    path(_("door/<int:pk>/sync/"), door.sync, name="door-sync"),
    path(_("door/<int:pk>/walk-in/"), door.walk_in, name="door-walk-in"),
]
