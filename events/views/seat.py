"""A guest's own pages, behind an unguessable token: the seat, its calendar file, giving it up, handing it on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core import limits
from events import admission, calendar, cards, links, moving, showing
from events.forms import HandOnForm, OtherDateForm
from events.models import Seat
from events.views import words
from events.views.files import download
from store.exceptions import OutOfStock


def found(token: str) -> Seat:
    """The seat of that token; 404 for none."""
    rows = Seat.objects.select_related("event__shop", "ticket__offer", "line__order", "line__offer")
    return get_object_or_404(rows, token=token)


def show(request: HttpRequest, name: str, seat: Seat, status: int = 200, **context: Any) -> HttpResponse:
    """One of the pages, with what all of them say."""
    locale = request.LANGUAGE_CODE
    page = links.page_of(seat.event, locale)
    given = {
        "seat": seat, "event": seat.event, "page": page, "title": links.title(seat.event, locale), "when": cards.when(seat.event),
        "where": calendar.place(seat.event), "date": cards.big_date(seat.event), "moment": seat.event.local_start, **context,
    }  # fmt: skip
    return render(request, f"events/{name}.html", given, status=status)


@require_GET
def seat(request: HttpRequest, token: str) -> HttpResponse:
    """The seat for the day: code, address, door, host."""
    row = found(token)
    return show(request, "seat", row, **showing.seat(row))


@require_GET
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The entry for the guest's calendar."""
    return download(calendar.of_seat(found(token)))


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """ "I'm not coming": GET asks, POST does it. A link scanner gives up nobody's seat."""
    row = found(token)
    if request.method == "POST":
        try:
            admission.give_up(row)
        except admission.TooLate as error:
            return show(request, "leave", row, 409, error=words.too_late(error.reason, row))
        return redirect("events:seat", token=token)
    reason = admission.may_cancel(row)
    return show(request, "leave", row, error=words.too_late(reason, row), rule=words.rule(row))


@require_http_methods(["GET", "POST"])
def hand_on(request: HttpRequest, token: str) -> HttpResponse:
    """Give the seat to somebody else."""
    row = found(token)
    form = HandOnForm(request.POST or None)
    reason = moving.may_hand_on(row)
    if request.method == "POST" and not reason and form.is_valid():
        try:
            limits.spend("hand-on", [f"ip:{limits.address_of(request)}", f"seat:{row.line_id}"], limit=10, seconds=3600)
            moving.to_person(row, **form.cleaned_data)
        except (limits.TooMany, admission.TooLate):
            return show(request, "hand_on", row, 409, form=form, error=words.too_late("deadline", row))
        return redirect("events:seat", token=token)
    status = 422 if request.method == "POST" else 200
    return show(request, "hand_on", row, status, form=form, error=words.too_late(reason, row))


@require_http_methods(["GET", "POST"])
def other_date(request: HttpRequest, token: str) -> HttpResponse:
    """Take the seat to another date."""
    row = found(token)
    form = OtherDateForm(request.POST or None, seat=row)
    reason = moving.may_hand_on(row)
    error = words.too_late(reason, row)
    if request.method == "POST" and not reason and form.is_valid():
        try:
            made = moving.to_date(row, form.cleaned_data["ticket"])
        except (admission.TooLate, moving.CostsMore, OutOfStock):
            error = words.full()
        else:
            return redirect("events:seat", token=made.token)
    status = 422 if request.method == "POST" else 200
    return show(request, "other_date", row, status, form=form, error=error, dates=showing.dates(form))
