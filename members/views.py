"""What a person changes in their account, beside what allauth does."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
