"""One's own data: take it along, or have it forgotten."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from core import limits
from home import privacy
from store.privacy import PaymentRuns

A_DAY = 5


@require_POST
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """All that is known of the person, as one file."""
    try:
        limits.spend("export", [f"user:{request.user.pk}"], limit=A_DAY, seconds=86400)
    except limits.TooMany:
        return render(request, "429.html", status=429)
    response = HttpResponse(privacy.archive(request.user), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="data.zip"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """What goes and what stays, then the deed."""
    user = request.user
    if request.method == "POST" and request.POST.get("sure"):
        try:
            privacy.erase(user)
        except privacy.MayNotGo:
            return render(request, "home/erase.html", {"may_not": True}, status=409)
        except PaymentRuns:
            return render(request, "home/erase.html", {"waits": True}, status=409)
        logout(request)
        return render(request, "home/erased.html")
    status = 422 if request.method == "POST" else 200
    context = {"kept": privacy.kept_because(user), "may_not": user.is_staff, "unsure": status == 422}
    return render(request, "home/erase.html", context, status=status)
