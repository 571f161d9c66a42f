"""Old addresses: a renamed page redirects, a deleted or unpublished product says 410 and names its successor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from wagtail.contrib.redirects.middleware import RedirectMiddleware

Gone = Callable[[HttpRequest], "dict[str, object] | None"]
finders: list[Gone] = []


class GoneOrMoved:
    """Wagtail's redirects first; then whoever knows that a thing once stood here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.moved = RedirectMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 404 or not isinstance(response, HttpResponse):
            return response
        moved: HttpResponseBase = self.moved.process_response(request, response)
        if moved.status_code != 404:
            return moved
        for finder in finders:
            context = finder(request)
            if context is not None:
                return render(request, "410.html", context, status=410)
        return response
