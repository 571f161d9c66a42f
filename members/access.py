"""Who may read and do what. Only staff pass to the desk, and only with a second factor."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.models import Page

STRONG = {"mfa"}
ADMIN = "/cms/"
RIGHT = "wagtailadmin.access_admin"


def may_read(user: Any, page: Page) -> bool:
    """Whether this person may read all of the page: a live one, and where it is kept for an audience, as one of them."""
    return bool(page.live) and can_see(user, getattr(page, "audience", ""))


def is_member(user: Any) -> bool:
    """Whether this person belongs to the club today."""
    return bool(user.is_authenticated and "member" in user.audiences())


def can_see(user: Any, audience: str) -> bool:
    """Whether this person is one of those it is for; "" is everybody, and whoever writes here sees all."""
    if not audience:
        return True
    if not user.is_authenticated:
        return False
    return audience in user.audiences() or bool(user.has_perm(RIGHT))


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed since, with a second factor."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") in STRONG for record in records)


def to_second_factor(request: HttpRequest) -> str:
    """Where somebody who works here must go first, to set up a second factor or to give it; empty when they may pass."""
    if not settings.STAFF_SECOND_FACTOR:
        return ""
    if not is_mfa_enabled(request.user):
        return reverse("mfa_activate_totp")
    if not passed_second_factor(request):
        back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return f"{reverse('mfa_reauthenticate')}?{back}"
    return ""


class StaffOnly:
    """Under /cms/ whoever is signed in without a right there is told so; Wagtail would send them in a circle."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(ADMIN) and request.user.is_authenticated and not request.user.has_perm(RIGHT):
            raise PermissionDenied
        return self.get_response(request)


class StaffSecondFactor:
    """Under /cms/ everybody needs a second factor, whichever way they signed in.

    The switch STAFF_SECOND_FACTOR turns this off; the demo does, so that its owner can be entered with one click.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(ADMIN) and request.user.is_authenticated:
            detour = to_second_factor(request)
            if detour:
                return redirect(detour)
        return self.get_response(request)
