"""Who may read and do what. Staff pass only with a second factor."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from wagtail.models import Page

STRONG = {"mfa"}


def may_read(_user: object, page: Page) -> bool:
    """Whether this person may read the page: live pages are for everybody; restrictions are Wagtail's own."""
    return bool(page.live)


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") in STRONG for record in records)


class StaffSecondFactor:
    """Under /cms/ a person who works here needs a second factor, unless STAFF_SECOND_FACTOR is off (demo)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.STAFF_SECOND_FACTOR and request.path.startswith("/cms/") and request.user.is_authenticated:
            if not is_mfa_enabled(request.user):
                return redirect("mfa_activate_totp")
            if not passed_second_factor(request):
                return redirect(f"/compte/reauthenticate/?{urlencode({'next': request.path})}")
        return self.get_response(request)
