"""The directory, one's own profile, and introductions: for members only; to everybody else they are not there."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import limits
from core.paging import paginate
from members import access, meeting
from members.forms import AskForm, ProfileForm
from members.models import Block, Introduction, Profile

PER_PAGE = 24
View = Callable[..., HttpResponse]


def for_members(view: View) -> View:
    """404 for who does not belong: not even that it is there is told."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not access.is_member(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return inner


@require_GET
@for_members
def directory(request: HttpRequest) -> HttpResponse:
    """Members who opted in, by name; a search looks at what they show only."""
    user: Any = request.user
    words = request.GET.get("q", "").strip()[:80]
    found = Profile.objects.listed_for(user).defer("portrait")
    if words:
        shown = Q(name__icontains=words)
        for field in ("words", "town", "trade"):
            shown |= Q(**{f"{field}__icontains": words, "shown__icontains": f'"{field}"'})
        found = found.filter(shown)
    listing = paginate(request, found, PER_PAGE)
    own = Profile.objects.filter(user=user).first()
    rows = [row.public() for row in listing.object_list]
    return render(request, "members/directory.html", {"listing": listing, "rows": rows, "words": words, "own": own})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def profile(request: HttpRequest) -> HttpResponse:
    """What I show, and how it looks to others."""
    user: Any = request.user
    own = Profile.objects.filter(user=user).first() or Profile(
        user=user, name=user.get_full_name() or user.get_short_name()
    )
    form = ProfileForm(request.POST or None, request.FILES or None, instance=own)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("members:profile")
    context = {"form": form, "seen": own.public() if own.pk else None}
    return render(request, "members/profile.html", context, status=422 if form.errors else 200)


@require_GET
@for_members
def portrait(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A picture that its owner shows."""
    user: Any = request.user
    seen = Profile.objects.filter(pk__in=Profile.objects.listed_for(user).values("pk")) | Profile.objects.filter(
        user=user
    )
    row = get_object_or_404(seen, key=key)
    if not row.portrait or ("portrait" not in row.shown and row.user_id != user.pk):
        raise Http404
    return HttpResponse(bytes(row.portrait), content_type="image/jpeg")


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def ask(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask to meet somebody of the directory."""
    user: Any = request.user
    row = get_object_or_404(Profile.objects.listed_for(user), key=key)
    form = AskForm(request.POST or None)
    said = ""
    if request.method == "POST" and form.is_valid():
        said = _ask(user, row, form.cleaned_data["words"])
        if not said:
            return redirect("members:introductions")
    status = 409 if said else 422 if form.errors else 200
    return render(request, "members/ask.html", {"form": form, "row": row.public(), "said": said}, status=status)


def _ask(user: Any, row: Profile, words: str) -> str:
    """Why it could not be asked, in words; empty: it was."""
    try:
        meeting.ask(user, row, words)
    except meeting.AlreadyAsked:
        return _("One of you has asked before.")
    except meeting.CannotMeet:
        return _("This member is not in the directory any more.")
    except limits.TooMany:
        return _("Five introductions a day are enough: try again tomorrow.")
    return ""


@require_GET
@for_members
def introductions(request: HttpRequest) -> HttpResponse:
    """Who asks me, whom I asked, whom I know by now."""
    user: Any = request.user
    rows, parted = list(Introduction.objects.of(user)), Block.objects.between(user)
    mine = [
        row for row in rows if row.asker_id == user.pk and row.state in {"asked", "refused"} and not row.is_taken_back
    ]
    for_me = [row for row in rows if row.asked_id == user.pk and row.state == "asked"]
    met = [(row, row.asked if row.asker_id == user.pk else row.asker) for row in rows if row.state == "accepted"]
    known = [{"row": row, "other": other} for row, other in met if other.pk not in parted]
    return render(request, "members/introductions.html", {"mine": mine, "for_me": for_me, "known": known})


@require_POST
@for_members
def act(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Yes, no, take back, block, report: each once, each only by whose it is."""
    user: Any = request.user
    row = get_object_or_404(Introduction.objects.of(user), key=key)
    deed = request.POST.get("deed", "")
    if deed in {"yes", "no"}:
        meeting.answer(row, by=user, is_yes=deed == "yes")
    elif deed == "withdraw":
        meeting.withdraw(row, by=user)
    elif deed == "block":
        meeting.block(user, row.asker if row.asked_id == user.pk else row.asked)
    elif deed == "report":
        meeting.report(row, by=user)
    return redirect("members:introductions")
