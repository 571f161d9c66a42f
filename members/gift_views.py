"""The page behind the link of a gift: what was given, and one button to take it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members import gifts
from members.models import Membership


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gift(request: HttpRequest, signed: str) -> HttpResponse:
    """Whoever holds the link may look; who is signed in may take it, once."""
    try:
        row = gifts.read(signed)
    except gifts.OverLink:
        return page(request, None, status=410)
    except gifts.BadLink as error:
        raise Http404 from error
    if request.method != "POST" or not request.user.is_authenticated:
        return page(request, row)
    return _take(request, row)


def page(request: HttpRequest, row: Membership | None, *, error: str = "", status: int = 200) -> HttpResponse:
    """None: the link is too old."""
    mine = row is not None and row.user_id is not None and row.user_id == request.user.pk
    context = {
        "row": row,
        "tier": row.tier.title(request.LANGUAGE_CODE) if row else "",
        "words": row.tier.words(request.LANGUAGE_CODE) if row else "",
        "is_mine": mine,
        "error": error,
    }
    shown = render(request, "members/gift.html", context, status=status)
    shown.headers["Referrer-Policy"] = "same-origin"
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown


def _take(request: HttpRequest, row: Membership) -> HttpResponse:
    try:
        is_taken = gifts.take(row, request.user)  # type: ignore[arg-type]
    except gifts.NotProved:
        return page(
            request, row, error=_("Confirm your e-mail address first, then come back to this link."), status=422
        )
    except gifts.AlreadyIn:
        words = _("You belong to it already: this gift would be lost on you. Somebody else may take it by this link.")
        return page(request, row, error=words, status=422)
    if not is_taken:
        row.refresh_from_db()
        return page(request, row, status=410)
    messages.success(request, _("It is yours: here is your card."))
    return redirect("members:card")
