"""The same answer as a fragment for our script or as a whole page without it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from store import words


def is_fragment(request: HttpRequest) -> bool:
    """Asked for by our script, to stand inside a page."""
    return request.headers.get("X-Fragment") == "1"


def drawer(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """One state of the counter: `choose`, `recap` or `done`."""
    page = {"choose": "store/choose.html", "recap": "store/recap.html", "done": "store/thanks.html"}[name]
    return render(request, f"store/counter/{name}.html" if is_fragment(request) else page, context, status=status)


def stopped(request: HttpRequest, error: Exception, **context: Any) -> HttpResponse:
    """What stopped it, in the buyer's words; nothing was charged."""
    return drawer(request, "recap", {**context, "error": words.explain(error)}, status=409)
