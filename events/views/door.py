"""The door's page for phones: it works without a net once it is open, and tells us later what happened."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET, require_POST

from core.models import Shop
from events import door, walkins
from events.forms_door import WalkInForm
from events.models import Event
from members import access, card, passes

RIGHT = "events.change_seat"
CAMERA = "camera=(self), microphone=(), geolocation=(), browsing-topics=()"
SCRIPTS = ("js/door.js", "js/ask.js", "js/vendor/qr.js")

View = Callable[..., HttpResponse]


def guarded(view: View) -> View:
    """For who works here, with a second factor as under /cms/; to everybody else it is not there."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(RIGHT):
            raise Http404
        detour = access.to_second_factor(request)
        return redirect(detour) if detour else view(request, *args, **kwargs)

    return inner


def _event(pk: int) -> Event:
    return get_object_or_404(Event.objects.for_shop(Shop.objects.current()).select_related("shop"), pk=pk)


@require_GET
@guarded
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The shell; the roster comes as data, and stays on the phone until the day after."""
    event = _event(pk)
    response = render(
        request,
        "events/door.html",
        {"event": event, "form": WalkInForm(event=event), "key": json.dumps(passes.public_jwk())},
    )
    response.headers["Permissions-Policy"] = CAMERA
    return response


@require_GET
@guarded
def roster(_request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody with a seat."""
    event = _event(pk)
    told = {"seats": door.roster(event), "revoked": card.revoked()}
    return JsonResponse({"event": event.pk, "ends": event.ends_at.isoformat(), **told})


@require_POST
@guarded
def sync(request: HttpRequest, pk: int) -> HttpResponse:
    """What the phone noted; the answer is the roster as all phones together know it."""
    event = _event(pk)
    try:
        if b"\\u0000" in request.body:
            raise ValueError("no database keeps a NUL")
        said = json.loads(request.body)
        marks = [read_mark(row) for row in said["marks"][: door.MOST]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": "unreadable"}, status=400)
    done = door.sync(event, marks, device=str(said.get("device", ""))[:64], by=request.user)
    return JsonResponse({"done": done, "seats": door.roster(event), "revoked": card.revoked()})


def read_mark(row: dict[str, Any]) -> door.Mark:
    """One mark as a phone sends it; raises ValueError and KeyError for what is none."""
    at = datetime.fromisoformat(str(row["at"]))
    if row["what"] not in {"in", "out"} or not row["key"]:
        raise ValueError(row["what"])
    return door.Mark(str(row["key"])[:64], int(row["seat"]), at if at.tzinfo else at.replace(tzinfo=UTC), row["what"])


@require_POST
@guarded
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody without a seat: a free one lets them in at once, a paid one by a link that their phone opens."""
    event = _event(pk)
    form = WalkInForm(request.POST, event=event)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    found = walkins.take(event, form.cleaned_data, locale=request.LANGUAGE_CODE, by=request.user)
    return JsonResponse({**found, "seats": door.roster(event)}, status=409 if found.get("error") else 200)


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Keeps the door's page and its scripts on the phone; says nothing of anybody."""
    kept = [static(name) for name in SCRIPTS]
    return render(request, "events/door_worker.js", {"kept": json.dumps(kept)}, content_type="text/javascript")
