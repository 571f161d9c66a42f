"""Addresses of seats and waiting lists; translated, French in the catalogue."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from events.views import seat, waiting

app_name = "events"
urlpatterns = [
    path(_("seat/<str:token>/"), seat.seat, name="seat"),
    path(_("seat/<str:token>/calendar.ics"), seat.calendar_file, name="seat-calendar"),
    path(_("seat/<str:token>/not-coming/"), seat.leave, name="leave"),
    path(_("seat/<str:token>/hand-on/"), seat.hand_on, name="hand-on"),
    path(_("seat/<str:token>/other-date/"), seat.other_date, name="other-date"),
    path(_("waiting-list/<int:pk>/"), waiting.join, name="wait"),
    path(_("waiting-list/place/<str:token>/"), waiting.waiting, name="waiting"),
    path(_("waiting-list/place/<str:token>/take/"), waiting.claim, name="claim"),
]
