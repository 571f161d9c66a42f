"""A guest's own pages, behind an unguessable token: the seat, its calendar file, giving it up, handing it on."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from core import limits
from events import admission, calendar, cards, changing, links, moving, showing
from events.forms import HandOnForm
from events.models import DateChange, Seat
from events.views import words
from events.views.files import download
from store import cart as carts
from store import selling, wants
from store.exceptions import OutOfStock
from store.models import Cart
from store.views import counter
from store.words import explain


def found(token: str) -> Seat:
    """The seat of that token; 404 for none."""
    rows = Seat.objects.select_related("event__shop", "ticket__offer", "line__order", "line__offer")
    return get_object_or_404(rows, token=token)


def spend(name: str, request: HttpRequest, seat: Seat) -> None:
    """Ten an hour for each sender and each line of seats: a change writes to its guest. Raises limits.TooMany."""
    limits.spend(name, [f"ip:{limits.address_of(request)}", f"seat:{seat.line_id}"], limit=10, seconds=3600)


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
    return show(request, "seat", row, **showing.seat(row, request.LANGUAGE_CODE))


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Opens seats that a device has kept, where there is no net; says nothing of anybody."""
    return render(request, "events/seat_worker.js", content_type="text/javascript")


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
            spend("hand-on", request, row)
            moving.to_person(row, **form.cleaned_data)
        except limits.TooMany as error:
            return show(request, "hand_on", row, 429, form=form, error=explain(error))
        except admission.TooLate as error:
            return show(request, "hand_on", row, 409, form=form, error=words.too_late(error.reason, row))
        return redirect("events:seat", token=token)
    status = 422 if request.method == "POST" else 200
    return show(request, "hand_on", row, status, form=form, error=words.too_late(reason, row))


@require_http_methods(["GET", "POST"])
def other_date(request: HttpRequest, token: str) -> HttpResponse:
    """Take the seat to another date: at once where it costs nothing, else by way of the recap."""
    row = found(token)
    reason = moving.may_hand_on(row)
    dates = [] if reason else moving.dates_for(row)
    error, chosen = words.too_late(reason, row), _chosen(dates, request.POST.get("ticket", ""))
    if request.method == "POST" and not reason:
        error = words.full()
        try:
            spend("other-date", request, row)
            if chosen and chosen.due:
                changing.ask(row, chosen)
                return redirect("events:other-date-pay", token=token, pk=chosen.ticket.pk)
            if chosen:
                return redirect("events:seat", token=moving.to_date(row, chosen.ticket).token)
        except limits.TooMany as refusal:
            error = explain(refusal)
        except (admission.TooLate, moving.CostsMore, OutOfStock):
            pass
    status = 422 if request.method == "POST" else 200
    context = {"dates": showing.dates(dates, request.LANGUAGE_CODE), "rule": words.change_rule(row)}
    return show(request, "other_date", row, status, error=error, **context)


def _chosen(dates: list[moving.OtherDate], key: str) -> moving.OtherDate | None:
    return next((row for row in dates if str(row.ticket.pk) == key), None)


@require_http_methods(["GET", "POST"])
def other_date_pay(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The recap of another date that costs something, and its order with obligation to pay."""
    row = found(token)
    get_object_or_404(DateChange, seat=row, ticket=pk)
    chosen = _chosen(moving.dates_for(row), str(pk))
    back = reverse("events:other-date", args=[token])
    if chosen is None or not chosen.due:
        return redirect(back)
    change = changing.ask(row, chosen)
    wish, shop = changing.wish(change, chosen), selling.fresh(row.event.shop_id)

    def basket(key: uuid.UUID) -> Cart:
        key = counter.held_token(request, [wish], key)
        return carts.direct(shop, [wish], page_id=None, token=key, user=request.user)

    return counter.counter(request, shop, wants.keyed([wish]), {"back_url": back}, basket)
