"""The counter's second half: Stripe's frame or page, and what became of the order."""

import contextlib
import uuid
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import dates, limits
from store import bills, checkout, fulfilment, links, orders, telling
from store.exceptions import REFUSALS, StripeRefused, StripeUnavailable
from store.models import Order
from store.views.fragments import drawer, is_fragment, stopped

MINE = "orders"
SHOWN = 5
"""Unpaid orders of one browser that its pages show, the newest."""
NO_ANSWER = (StripeUnavailable, StripeRefused, limits.TooMany)
STOPS = (*REFUSALS, *NO_ANSWER)


def guard(request: HttpRequest, email: str) -> None:
    """The same limit on every path that opens a payment. Raises TooMany."""
    keys = [f"ip:{limits.address_of(request)}", *([f"mail:{email.lower()}"] if email else [])]
    limits.spend("checkout", keys, limit=settings.CHECKOUT_LIMIT, seconds=600)


def remember(request: HttpRequest, order: Order) -> None:
    """This browser may see this order."""
    mine = request.session.get(MINE, [])
    request.session[MINE] = [*[token for token in mine if token != str(order.token)][-20:], str(order.token)]


def is_mine(request: HttpRequest, order: Order) -> bool:
    """An order of this browser, or of this person."""
    owned = str(order.token) in request.session.get(MINE, [])
    return owned or (request.user.is_authenticated and order.user_id == request.user.pk)


def mine(request: HttpRequest, token: uuid.UUID) -> Order:
    """An order of this browser or this person; 404 for anybody else's."""
    order = get_object_or_404(Order.objects.select_related("shop"), token=token)
    if not is_mine(request, order):
        raise Http404
    return order


def pay(request: HttpRequest, order: Order, *, hosted: bool) -> HttpResponse:
    """Stripe's frame under the folded recap, or Stripe's own page. Raises StripeUnavailable and StripeRefused."""
    attempt = order.attempts.unsettled().order_by("-number").first()
    if attempt is None:
        return done(request, order)
    attempt, said = checkout.open_for_buyer(attempt)
    if said.status != "open":
        orders.settle_attempt(attempt.pk, said)
        order.refresh_from_db()
        return done(request, order)
    if attempt.is_hosted != hosted:
        following = checkout.another(order, hosted=hosted)
        order.refresh_from_db()
        return pay(request, order, hosted=hosted) if following else done(request, order)
    if hosted:
        return redirect(said.url) if said.url else done(request, order)
    return render(
        request, "store/counter/pay.html",
        {
            "order": order, "order_for": ", ".join(filter(None, [order.email, *order.address_lines()])), "order_what": what(order),
            "client_secret": said.client_secret, "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
            "stripe_js": settings.STRIPE_JS_URL,
        },
    )  # fmt: skip


def done(request: HttpRequest, order: Order) -> HttpResponse:
    """Paid, on its way, or over: in place for our script, else the order's own page."""
    if is_fragment(request):
        return drawer(request, "done", told(order))
    return redirect("store:thanks", token=order.token)


def told(order: Order) -> dict[str, Any]:
    """What the confirmation shows; a kind that shows what it gives has given it by then, so that a seat is seen at once."""
    given = telling.given(order)
    if given and order.state == Order.State.PAID:
        fulfilment.fulfil(order.pk)
    promise = _("Expected by %(day)s.") % {"day": dates.words(order.promised_on, "l j F")} if order.promised_on else ""
    return {
        "order": order,
        "bill": bills.for_order(order),
        "promise": promise,
        "order_url": links.order_url(order),
        "given": given,
    }


def what(order: Order) -> str:
    """What is paid for, on one line."""
    return ", ".join(
        f"{line.title} ({line.quantity})" if line.quantity > 1 else line.title for line in order.lines.all()
    )


def unpaid(request: HttpRequest) -> QuerySet[Order]:
    """This browser's orders that wait for their payment, newest first; no query where it has none."""
    mine = request.session.get(MINE, [])
    found = Order.objects.filter(token__in=mine, state=Order.State.PLACED) if mine else Order.objects.none()
    return found.order_by("-placed_at")


def waiting(request: HttpRequest) -> dict[str, Any]:
    """For what is personal on a page: this browser's unpaid orders, newest first, each as a fragment for its offers."""
    found = list(unpaid(request).prefetch_related("lines")[:SHOWN])
    return {"waiting": [_waits(request, order) for order in found]} if found else {}


def _waits(request: HttpRequest, order: Order) -> dict[str, Any]:
    html = render_to_string("store/counter/waiting.html", {"order": order}, request)
    return {"offers": [line.offer_id for line in order.lines.all()], "html": html}


@require_POST
def hosted(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Pay the same order on Stripe's own page."""
    return again(request, mine(request, token), hosted=True)


def again(request: HttpRequest, order: Order, *, hosted: bool) -> HttpResponse:
    """Another look at the payment of an order, or a word why not."""
    try:
        guard(request, order.email)
        return pay(request, order, hosted=hosted)
    except STOPS as error:
        return stopped(request, error)


@require_POST
def abandon(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """The counter was closed: the units are free again, unless it proves paid."""
    order = mine(request, token)
    try:
        checkout.abandon(order)
    except (StripeUnavailable, StripeRefused) as error:
        return HttpResponse(status=202) if is_fragment(request) else stopped(request, error)
    order.refresh_from_db()
    return HttpResponse(status=204) if is_fragment(request) and not order.paid_at else done(request, order)


@require_GET
def status(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """What became of the payment: the same room as the webhook's."""
    order = mine(request, token)
    attempt = order.attempts.exclude(session_id=None).order_by("-number").first()
    if attempt and order.is_open:
        with contextlib.suppress(*NO_ANSWER):
            limits.spend("status", [limits.address_of(request)], limit=settings.CHECKOUT_LIMIT * 8, seconds=600)
            orders.settle(attempt.session_id or "")
        order.refresh_from_db()
    return drawer(request, "done", told(order))


@require_GET
def came_back(request: HttpRequest) -> HttpResponse:
    """Back from Stripe. The session's id is no login: only this browser's own order is shown."""
    session_id = request.GET.get("session_id", "")
    order = None
    if session_id.startswith("cs_"):
        try:
            limits.spend("return", [limits.address_of(request)], limit=60, seconds=600)
            order = orders.settle(session_id)
        except NO_ANSWER:
            attempt = orders.find_attempt(session_id)
            order = attempt.order if attempt else None
    if order and is_mine(request, order):
        return redirect("store:thanks", token=order.token)
    return render(request, "store/came_back.html", {"order": order}, status=200 if order else 404)


@require_GET
def thanks(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """The confirmation as a page of its own."""
    return status(request, token)


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """An order that waits for its payment: take it up again by a button, or let it go.

    Who was sent the address may pay for somebody else; whose order it is they do not learn.
    """
    order = get_object_or_404(Order.objects.select_related("shop"), token=token)
    if request.method == "GET" or order.state != Order.State.PLACED:
        context = {"order": order, "bill": bills.for_order(order), "is_mine": is_mine(request, order)}
        return render(request, "store/resume.html", context)
    return again(request, order, hosted=not (is_fragment(request) and is_mine(request, order)))
