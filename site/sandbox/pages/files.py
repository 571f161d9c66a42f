"""The script for shops and the pages' own files, read from disk each time."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

STATIC = Path(__file__).parent / "static"
KINDS = {"pay.css": "text/css", "pay.js": "text/javascript", "icon.svg": "image/svg+xml"}


def script(request: HttpRequest) -> HttpResponse:
    del request
    return _file("stripe.js", "text/javascript")


def asset(request: HttpRequest, name: str) -> HttpResponse:
    del request
    if name not in KINDS:
        raise Http404
    return _file(name, KINDS[name])


def _file(name: str, kind: str) -> HttpResponse:
    response = HttpResponse((STATIC / name).read_bytes(), content_type=f"{kind}; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response
