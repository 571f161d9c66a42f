"""What a person changes in their account, beside what allauth does."""

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from members.models import User


@require_POST
@login_required
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of one's mails."""
    person, wanted = request.user, request.POST.get("language", "")
    if isinstance(person, User) and wanted in dict(settings.LANGUAGES):
        person.locale = wanted
        person.save(update_fields=["locale"])
    return redirect("account")


@require_POST
@login_required
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """Sign out one device; this one too."""
    row = get_object_or_404(UserSession, user=request.user, pk=key)
    if row.is_current():
        logout(request)
        return redirect("account_login")
    get_adapter().end_sessions([row])
    return redirect("usersessions_list")
