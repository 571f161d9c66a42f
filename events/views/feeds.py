"""Calendars that programs ask for: of all events, and a person's own by a secret address."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from core.models import Shop
from events import calendar, chairs
from events.models import CalendarKey, Event
from events.views.files import TYPE


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All that is on; the same bytes for everybody."""
    content = calendar.of_all(Shop.objects.current(), translation.get_language() or "fr")
    response = HttpResponse(content, content_type=TYPE)
    response.is_public = True  # type: ignore[attr-defined]
    return response


@require_safe
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """The chairs of an event as they stand now; the same bytes for everybody."""
    event = get_object_or_404(Event.objects.for_shop(Shop.objects.current()).filter(pages__live=True).distinct(), pk=pk)
    response = render(request, "events/chairs.html", {"chairs": chairs.of(event)})
    response.is_public = True  # type: ignore[attr-defined]
    return response


@require_safe
def mine(_request: HttpRequest, token: str) -> HttpResponse:
    """One person's seats; an address that was changed is not there any more."""
    key = get_object_or_404(CalendarKey.objects.select_related("user"), token=token, user__is_active=True)
    response = HttpResponse(calendar.of_person(key), content_type=TYPE)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@login_required
def new_key(request: HttpRequest) -> HttpResponse:
    """A new secret address: calendars that had the old one learn nothing more."""
    person: Any = request.user
    key, is_made = CalendarKey.objects.get_or_create(user=person)
    if not is_made:
        key.renew()
    return redirect("account")
