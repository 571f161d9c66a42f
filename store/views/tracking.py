"""The order's own page behind a signed link, its documents, and a new link for who lost it."""

import time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import limits
from store import bills, documents, links, subscriptions, tasks, telling, withdrawal
from store.aftersale_forms import FindOrderForm
from store.models import Order

EVERY = 300  # seconds in which one order's link is mailed once, however often it is asked for
PER_ADDRESS = 20
HOUR = 3600


def discreet(response: HttpResponse, referrer: str = "no-referrer") -> HttpResponse:
    """The address is the key: it leaves no trace with other sites or search engines.

    A page with a form says "same-origin": under "no-referrer" browsers hide the origin, and the form would be refused.
    """
    response.headers["Referrer-Policy"] = referrer
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@never_cache
def order(request: HttpRequest, signed: str) -> HttpResponse:
    """State, timeline, lines, parcels, documents; an old or false link leads to a new one."""
    try:
        found = links.read(signed)
    except links.ExpiredLink as error:
        return ask(request, FindOrderForm(initial={"number": error.number}), why="expired", status=410)
    except links.BadLink:
        return ask(request, FindOrderForm(), why="bad", status=404)
    return page(request, found, signed)


def page(request: HttpRequest, found: Order, signed: str, *, error: str = "", status: int = 200) -> HttpResponse:
    """The order's page; with a form on it where something recurs."""
    told = {**content(found, signed), "error": error}
    shown = render(request, "store/tracking/order.html", told, status=status)
    return discreet(shown, "same-origin" if told["subscription"] else "no-referrer")


def content(found: Order, signed: str) -> dict[str, Any]:
    """What the order's page shows."""
    right = withdrawal.deadline(found)
    return {
        "order": found,
        "signed": signed,
        "state": telling.state(found),
        "promise": telling.promise(found),
        "bill": bills.for_order(found),
        "given": telling.given(found),
        "events": telling.timeline(found),
        "parcels": telling.parcels(found),
        "pickup_hours": found.delivery_method.hours(found.locale) if found.delivery_method else "",
        "right": right,
        "is_contract": found.is_sale and (bool(found.paid_at) or found.state == Order.State.PENDING),
        "may_withdraw": right.is_open() and found.closed_at is None,
        "last_day": telling.day(right.last_day) if right.last_day else "",
        "seller": found.seller,
        "subscription": subscriptions.of_order(found),
    }


@require_safe
@never_cache
def document(request: HttpRequest, signed: str, name: str) -> HttpResponse:
    """The terms that were accepted, or the model withdrawal form, as PDF."""
    try:
        found = links.read(signed)
    except (links.ExpiredLink, links.BadLink):
        return order(request, signed)
    if name == "terms" and found.terms:
        content = documents.terms(found.terms, found.locale)
    elif name == "withdrawal":
        url = links.absolute("store:withdraw", locale=found.locale)
        content = documents.withdrawal_form(found.seller, url, found.locale)
    else:
        raise Http404
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found.number}-{name}.pdf"'
    return discreet(response)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Mail a new link. The answer, and the work behind it, are the same whether the order exists or not."""
    form = FindOrderForm(request.POST or None)
    if not form.is_valid():
        return ask(request, form, status=422 if request.POST else 200)
    number, email = form.cleaned_data["number"], form.cleaned_data["email"]
    try:
        limits.spend("find-order", [f"ip:{limits.address_of(request)}"], limit=PER_ADDRESS, seconds=HOUR)
    except limits.TooMany:
        return ask(request, form, why="too_many", status=429)
    found = Order.objects.filter(number=number, email__iexact=email).values_list("pk", flat=True).first()
    tasks.mail.enqueue(found or 0, f"link:{int(time.time()) // EVERY}")
    return render(request, "store/tracking/sent.html", {"email": email})


def ask(request: HttpRequest, form: FindOrderForm, *, why: str = "", status: int = 200) -> HttpResponse:
    """The page that asks for number and e-mail."""
    page = render(request, "store/tracking/find.html", {"form": form, "why": why}, status=status)
    return discreet(page, "same-origin")
