"""Mails that one wants: in the account, and by the link of a mail, where no sign-in is asked (RFC 8058)."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from members import mailing
from members.models import Refusal
from store.views.tracking import discreet


@require_POST
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """The boxes of the account's page: ticked is wanted."""
    user: Any = request.user
    mine = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    mailing.choose([user.email, *mine], request.POST.getlist("wanted"))
    return redirect("account")


@csrf_exempt  # mail programs send this by themselves; the signed address is the key
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """Looking changes nothing: scanners open every link. One POST refuses, another takes it back."""
    try:
        mark, kind = mailing.read(signed)
    except mailing.BadLink as error:
        raise Http404 from error
    if request.method == "POST" and request.POST.get("again"):
        mailing.want_again(mark, kind)
    elif request.method == "POST":
        mailing.refuse(mark, kind)
    is_refused = Refusal.objects.filter(digest=mark, kind=kind).exists()
    label = Refusal.Kind(kind).label
    shown = render(request, "members/unsubscribe.html", {"label": label, "is_refused": is_refused})
    return discreet(shown, "same-origin")
