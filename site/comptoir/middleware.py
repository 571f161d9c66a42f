"""Headers that depend on where a page stands: public, private or the editor's."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.csp import CSP
from django.views.decorators.http import condition

Next = Callable[[HttpRequest], HttpResponseBase]
PERMISSIONS = (
    'payment=(self "https://js.stripe.com" "https://checkout.stripe.com"), camera=(), microphone=(), '
    "geolocation=(), browsing-topics=()"
)


class Headers:
    """Permissions-Policy everywhere; the relaxed CSP under /cms/ only; framing where it is needed only."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def policy_for(request: HttpRequest) -> dict[str, Any] | None:
    """The CSP that differs from the public one, or None."""
    if request.path.startswith("/cms/"):
        return dict(settings.CSP_ADMIN)
    if getattr(request, "is_preview", False):
        return {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}
    if getattr(getattr(request, "resolver_match", None), "view_name", "") == "store:return":
        return {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF, *settings.CSP_FRAME_HOSTS]}
    return None


class Cacheable:
    """Public pages may be kept and must be asked about again (ETag); all else is private and never stored.

    A page is public when its view says so by `response.is_public = True` (see core.public) and it neither
    read the session nor set a cookie: such a slip is an error while developing, and private in production.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = policy_for(request)
        if policy is not None:
            response._csp_config = policy  # type: ignore[attr-defined]  # noqa: SLF001 - Django's csp_override does this
        if policy and CSP.SELF in policy["frame-ancestors"]:
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        if getattr(response, "is_public", False) and not response.cookies:
            return self.public(request, response)
        session = getattr(request, "session", None)
        here = settings.HERE_COOKIE_NAME
        if session is not None and (session.modified or session.session_key) and here not in request.COOKIES:
            # Says only that asking /me/ is worth while; holds nothing.
            response.set_cookie(here, "1", max_age=settings.SESSION_COOKIE_AGE, secure=settings.HTTPS, samesite="Lax")
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def public(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.pop("Vary", None)
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        if isinstance(response, HttpResponse) and response.status_code == 200:
            response.headers["ETag"] = f'"{hash_of(response.content)}"'
            tag = response.headers["ETag"]
            return condition(etag_func=lambda _request: tag)(lambda _request: response)(request)
        return response


def hash_of(content: bytes) -> str:
    """A short name for these bytes."""
    return hashlib.blake2b(content, digest_size=12).hexdigest()
