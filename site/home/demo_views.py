"""The demo's own pages: the mailbox, and a strip to enter as reader or owner. Never routed in production.

Like all pages they speak the language of their path: /_demo/ and /en/_demo/.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from core import head as heads
from home import demo_letters, demo_load
from home.demo_load import club, house
from store import stock
from store.models import Stock

CARDS = [("4242 4242 4242 4242", "paid"), ("4000 0000 0000 0002", "declined"), ("4000 0025 0000 3155", "3-D Secure")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FRAMED: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}
# A mail brings its own styles and may run nothing; its links open in the whole window.
MAIL: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": ["allow-top-navigation-by-user-activation", "allow-popups"],
}
View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """Who may enter without a password may do so in the demo only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """All mails that the shop sent."""
    return render(request, "home/mailbox.html", {"letters": demo_letters.all_letters(), "home_url": home(request)})


@require_GET
@csp_override(FRAMED)
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: text, HTML and enclosures."""
    return render(request, "home/letter.html", {"letter": _find(key)})


@require_GET
@csp_override(MAIL)
def letter_html(_request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of one mail, for the frame on its page."""
    html = _find(key).html.replace("<head>", '<head><base target="_top">', 1)
    response = HttpResponse(html)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_GET
def enclosure(_request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One file of a mail, to be kept."""
    for file in _find(key).enclosures:
        if file.number == number:
            response = HttpResponse(file.content, content_type=file.mimetype)
            name = file.name.replace('"', "").encode("ascii", "replace").decode()
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
    raise Http404


def _find(key: str) -> demo_letters.Letter:
    found = demo_letters.find(key)
    if found is None:
        raise Http404
    return found


@require_GET
@demo_only
def strip(request: HttpRequest) -> HttpResponse:
    """The folded strip's inside: a fragment for its script, else a page. `?o=3,7` are the offers that the page shows."""
    fragment = request.headers.get("X-Fragment")
    context = {
        "cards": CARDS, "offers": ",".join(str(pk) for pk in _ids(request.GET.get("o", ""))),
        "next": _path(request, request.GET.get("next", "")), "reader": house.reader_account(),
        "member": club.account(),
    }  # fmt: skip
    return render(request, "home/strip_inside.html" if fragment else "home/strip.html", context)


@require_POST
@demo_only
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as a reader, a member of the club or the owner, without a password."""
    role = request.POST.get("role")
    owner = role == "owner"
    user = house.owner_account() if owner else club.account() if role == "member" else house.reader_account()
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    return redirect("wagtailadmin_home") if owner else _back(request)


@require_POST
@demo_only
def last_one(request: HttpRequest) -> HttpResponse:
    """One unit is left of all that the page offers."""
    pools = list(Stock.objects.filter(offers__in=_ids(request.POST.get("offers", ""))).distinct())
    left = Stock.objects.left([pool.pk for pool in pools])
    for pool in pools:
        stock.count(pool, pool.on_hand - left[pool.pk].free + 1, by=request.user)
    Stock.objects.filter(pk__in=left, low_at=0).update(low_at=1)
    return _back(request)


@require_POST
@demo_only
def start_over(request: HttpRequest) -> HttpResponse:
    """The demo as it was on its first day: everything but the pictures is made anew."""
    logout(request)
    demo_load.start_over(lambda _line: None)
    demo_letters.throw_away()
    return redirect(home(request))


def _ids(text: str) -> list[int]:
    return sorted({int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 19})[:60]


def _path(request: HttpRequest, wanted: str) -> str:
    """An address of this site, else the front page."""
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else home(request)


def home(request: HttpRequest) -> str:
    """The front page in the visitor's language."""
    return heads.home(request.LANGUAGE_CODE)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(_path(request, request.POST.get("next", "")) or reverse("demo-strip"))
