"""A customer's own pages, behind an unguessable token: the appointment, its calendar file, moving and cancelling it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import limits
from events import appointments, coaching
from events.forms_coaching import SlotForm
from events.models import Booking
from events.views.files import download
from store.words import explain


def found(token: str) -> Booking:
    """The appointment of that token; 404 for none."""
    rows = Booking.objects.select_related("service__calendar__shop", "service__offer", "line__order")
    return get_object_or_404(rows, token=token)


def words(reason: str) -> str:
    """Why it cannot be changed; nothing where it can."""
    taken = _("This time is not free any more: please choose another.")
    known = {
        "": "",
        "ended": _("This appointment is cancelled."),
        "late": _("It is too late to change this appointment here: please write to us."),
    }
    return known.get(reason, taken)


def show(request: HttpRequest, name: str, booking: Booking, status: int = 200, **context: Any) -> HttpResponse:
    """One of the pages, with what all of them say."""
    service = booking.service
    given = {
        "booking": booking, "service": service, "title": service.title(request.LANGUAGE_CODE),
        "when": appointments.when(service, booking.starts_at), "moment": booking.local_start, **context,
    }  # fmt: skip
    return render(request, f"events/{name}.html", given, status=status)


@require_GET
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """When, where, and what can still be changed."""
    row = found(token)
    return show(
        request,
        "booking",
        row,
        facts=appointments.facts(row.service),
        may_change=not coaching.may_change(row),
        page=row.service.page_in(request.LANGUAGE_CODE),
    )


@require_GET
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The entry for the customer's calendar."""
    return download(appointments.of_booking(found(token)))


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Another time: GET shows what is free, POST takes it."""
    row = found(token)
    form = SlotForm(request.POST if request.method == "POST" else None, sellable=row.service, mine=row)
    error = words(coaching.may_change(row))
    if request.method == "POST" and not error and form.is_valid() and form.moment:
        try:
            limits.spend("booking-move", [f"booking:{row.pk}"], limit=10, seconds=3600)
            coaching.move(row, form.moment, early=form.request)
        except limits.TooMany as refusal:
            error = explain(refusal)
        except coaching.NoChange as refusal:
            error = words(refusal.reason)
        else:
            return redirect("events:booking", token=token)
    return show(request, "booking_move", row, 422 if request.method == "POST" else 200, form=form, error=error)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST does it. A link scanner cancels nobody's appointment."""
    row = found(token)
    if request.method == "POST":
        try:
            coaching.cancel(row)
        except coaching.NoChange as refusal:
            return show(request, "booking_cancel", row, 409, error=words(refusal.reason))
        return redirect("events:booking", token=token)
    return show(request, "booking_cancel", row, error=words(coaching.may_change(row)))
