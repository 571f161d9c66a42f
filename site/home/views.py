"""The roof's own views: health, robots, the account's home, errors, what is personal on a page."""

import unicodedata
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from home import collect, context
from store import cart, catalogue
from store.views import own_prices, paying

SECURITY_MONTHS = 11  # RFC 9116: less than a year


@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """Answers when the process and its database do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_GET
def robots(_request: HttpRequest) -> HttpResponse:
    """What search engines may look at: everything but what is personal."""
    closed = ["/cms/", "/compte/", "/live/", "/stripe/"]
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            closed += [reverse(name) for name in ("store:cart", "store:checkout", "account", "me")]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
        "",
    ]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    response.is_public = True  # type: ignore[attr-defined]
    return response


@require_GET
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116)."""
    lines = [
        f"Contact: mailto:{settings.DEFAULT_FROM_EMAIL}",
        f"Expires: {_expiry(timezone.now()):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.BASE_URL}{reverse('security-txt')}",
        "",
    ]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    response.is_public = True  # type: ignore[attr-defined]
    return response


def _expiry(now: datetime) -> datetime:
    """The first of a month, so that the file stays the same for a month."""
    years, month = divmod(now.month - 1 + SECURITY_MONTHS, 12)
    return datetime(now.year + years, month + 1, 1, tzinfo=UTC)


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """The first letter of the shop's name on its plate."""
    name = unicodedata.normalize("NFC", catalogue.shop_here(request).name)
    letter = next((sign for sign in name if sign.isalnum()), "C").upper()
    response = render(request, "components/favicon.html", {"letter": letter[0]}, content_type="image/svg+xml")
    response.is_public = True  # type: ignore[attr-defined]
    return response


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """What is personal on a public page: name, basket's badge, a token for forms. Never stored."""
    user = request.user
    return JsonResponse(
        {
            "name": user.get_short_name() if user.is_authenticated else "",
            "basket": cart.units(request),
            "csrf": get_token(request),
            "is_staff": bool(getattr(user, "is_staff", False)),
            **paying.waiting(request),
            **own_prices.told(request),
        }
    )


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """The account's home, collected from each app's `account.panels`."""
    panels = [panel for _app, module in collect.modules("account") for panel in module.panels(request)]
    return render(request, "home/account.html", {"panels": panels})


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: whoever is signed in is told as whom, in their own language, and how to be somebody else."""
    if not request.user.is_authenticated:
        return render(request, "403.html", status=403)
    language = getattr(request.user, "locale", "") or getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    with translation.override(language):
        back = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
        words = {**context.surroundings(request), "back": back}
        response = render(request, "home/not_yours.html", words, status=403)
    response.headers["Content-Language"] = language
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 with a way on."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that needs nothing."""
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page: say so, lose nothing, offer the same form anew."""
    return render(request, "403.html", {"retry": request.get_full_path()}, status=403)
