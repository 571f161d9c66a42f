"""What the meetings show on a person's account page."""

from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import appointments, cards, links, prepaid
from events.models import Booking, CalendarKey, Credit, Seat
from store.account import Panel
from store.links import absolute

SHOWN = 50


def panels(request: HttpRequest) -> list[Panel]:
    """The person's seats, the next first; nothing where they never had one."""
    found = (
        Seat.objects.for_user(request.user)
        .select_related("event", "line__order", "replaced_by")
        .prefetch_related("event__pages__locale")
    )
    given = Q(state=Seat.State.TRANSFERRED) & ~Q(replaced_by__email__iexact=F("email"))
    shown = found.filter(Q(state=Seat.State.VALID) | given).order_by("-event__starts_at", "number")
    rows = [_row(seat) for seat in shown[:SHOWN]]
    seats = [Panel(_("Seats"), "events/account_seats.html", rows, _calendar(request))] if rows else []
    return [*seats, *_appointments(request, "" if rows else "_calendar"), *_hours(request)]


def _calendar(request: HttpRequest) -> str:
    """The secret address of the person's own calendar, where they asked for one."""
    person: Any = request.user
    key = CalendarKey.objects.filter(user=person).first()
    locale = (get_language() or "fr").split("-")[0]
    return absolute("events:calendar-mine", key.token, locale=locale) if key else ""


def _appointments(request: HttpRequest, with_calendar: str) -> list[Panel]:
    """The person's appointments, the latest first; `with_calendar`: they have no seats, which lead to it."""
    found = Booking.objects.for_user(request.user).live().select_related("service__calendar")
    rows = [
        {"title": row.service.title(row.locale), "when": appointments.when(row.service, row.starts_at), "url": links.booking(row)}
        for row in found.order_by("-starts_at")[:SHOWN]
    ]  # fmt: skip
    link = _calendar(request) if with_calendar and rows else ""
    return [Panel(_("Appointments"), f"events/account_bookings{with_calendar}.html", rows, link)] if rows else []


def _hours(request: HttpRequest) -> list[Panel]:
    """What is left of what the person paid in advance, the first to end first."""
    found = Credit.objects.usable().filter(user=request.user).select_related("service__calendar")  # type: ignore[misc]
    rows = [prepaid.told(row) for row in found.order_by("expires_at", "pk")[:SHOWN]]
    return [Panel(_("Paid in advance"), "events/account_hours.html", rows)] if rows else []


def _row(seat: Seat) -> dict[str, Any]:
    return {
        "title": links.title(seat.event, seat.locale), "when": cards.when(seat.event), "url": links.seat(seat),
        "reference": seat.reference, "holder": seat.holder, "is_over": seat.event.is_over(), "is_cancelled": seat.event.is_cancelled,
        "given_to": "" if seat.is_valid else seat.replaced_by.holder,
    }  # fmt: skip
