"""What a member pays again and again: how it stands, what may be asked of it, and once more before it counts."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import limits
from members import changing
from store import gateway, parting, standing, words
from store.exceptions import CannotBeSold, StripeRefused, StripeUnavailable
from store.models import Subscription

IN_AN_HOUR = 20
HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def renewing(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's own only. A POST asks; with `confirm` it counts."""
    row = get_object_or_404(changing.of(request.user), pk=pk)
    if request.method != "POST":
        return page(request, row)
    try:
        keys = [f"ip:{limits.address_of(request)}", f"user:{request.user.pk}"]
        limits.spend("subscription", keys, limit=IN_AN_HOUR, seconds=HOUR)
        return _asked(request, row)
    except limits.TooMany as error:
        return page(request, row, error=words.explain(error), status=429)
    except (StripeUnavailable, StripeRefused) as error:
        return page(request, row, error=words.explain(error), status=503)


def page(request: HttpRequest, row: Subscription, *, error: str = "", status: int = 200) -> HttpResponse:
    """How it stands, and what can be asked."""
    locale = request.LANGUAGE_CODE
    context = {
        "row": row,
        "title": standing.title(row, locale),
        "lines": standing.lines(row, locale),
        "error": error,
        "is_free": parting.is_free_to_leave(row),
        "has_other_rhythm": changing.has_other_rhythm(row),
        **changing.choices(row, request.user),
    }
    return render(request, "members/renewing.html", context, status=status)


def _asked(request: HttpRequest, row: Subscription) -> HttpResponse:
    """Stripe's page for the card, a question, or the deed."""
    do, value = request.POST.get("do", ""), request.POST.get("value", "")
    here = reverse("members:renewing", args=[row.pk])
    if do == "card" and row.customer:
        return redirect(gateway.portal(row.customer, f"{settings.BASE_URL}{here}"))
    what = changing.wanted(row, request.user, do, value)
    if what is None:
        return page(request, row, error=_("This cannot be asked any more: look at how it stands."), status=422)
    if "confirm" not in request.POST:
        context = {"row": row, "wanted": what, "do": do, "value": value}
        return render(request, "members/renewing_confirm.html", context)
    return _done(request, row, what)


def _done(request: HttpRequest, row: Subscription, what: Any) -> HttpResponse:
    try:
        changing.ask(row, what)
    except CannotBeSold as error:
        return page(request, row, error=words.explain(error), status=409)
    messages.success(request, _("It is noted. A mail says it in full."))
    return redirect("members:renewing", row.pk)
