"""The card, what the club would have spared, and the way out."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from core import limits, money
from core.models import Shop
from members import card as cards
from members import club, leaving, plate
from members.forms import LeaveForm
from members.models import Membership

PER_ADDRESS = 10
HOUR = 3600


@require_GET
@login_required
def card(request: HttpRequest) -> HttpResponse:
    """The person's cards in force."""
    user: Any = request.user
    return render(request, "members/card.html", {"cards": cards.of(user)})


@require_GET
@login_required
def card_image(request: HttpRequest, number: str) -> HttpResponse:
    """One of the person's cards as a picture to keep in the phone."""
    user: Any = request.user
    rows = Membership.objects.for_user(user).in_force().select_related("tier__shop", "user")
    row = get_object_or_404(rows, number=number)
    picture = plate.png(row, row.tier.shop.name, request.LANGUAGE_CODE)
    name = pgettext("file name", "card")
    disposition = {"Content-Disposition": f'attachment; filename="{name}-{row.number}.png"'}
    return HttpResponse(picture, content_type="image/png", headers=disposition)


@require_GET
def saved(request: HttpRequest) -> HttpResponse:
    """What the club's prices would have spared this person in a year; nothing for who is unknown or belongs."""
    user: Any = request.user
    if not user.is_authenticated or user.audiences():
        return JsonResponse({"words": ""})
    shop = Shop.objects.current()
    spared = club.saved(user)
    words = _("In the last twelve months the club would have saved you %(sum)s.") % {
        "sum": money.text(spared, shop.currency)
    }
    return JsonResponse({"words": words if spared else ""})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Step one: which contract. Step two: the notice. Then what becomes of it, on the page and by mail."""
    form = LeaveForm(request.POST or None, initial=filled_in(request))
    if request.method != "POST" or "change" in request.POST or not form.is_valid():
        status = 422 if request.method == "POST" and "change" not in request.POST else 200
        return render(request, "members/leave.html", {"form": form}, status=status)
    if "confirm" not in request.POST:
        return render(request, "members/leave_confirm.html", {"form": form, "token": uuid.uuid4()})
    try:
        limits.spend("leave", [limits.address_of(request)], limit=PER_ADDRESS, seconds=HOUR)
    except limits.TooMany:
        return render(request, "429.html", status=429)
    said = leaving.Notice(**form.cleaned_data, locale=request.LANGUAGE_CODE)
    row = leaving.declare(Shop.objects.current(), said, read_token(request))
    return render(request, "members/left.html", {"notice": row})


def read_token(request: HttpRequest) -> uuid.UUID:
    """That of the confirmation: sent twice it is one notice."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def filled_in(request: HttpRequest) -> dict[str, str]:
    """A signed-in member types nothing."""
    user: Any = request.user
    row = Membership.objects.for_user(user).in_force().first() if user.is_authenticated else None
    return {"name": row.name or str(user), "contract": row.number, "email": user.email} if row else {}
