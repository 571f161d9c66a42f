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
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(locale=wanted)
    return redirect("account")
