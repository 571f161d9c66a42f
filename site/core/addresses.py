"""An address that no database can be asked about names nothing."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponseBase


class WithoutNul:
    """A NUL in the path or the query is answered 404 here: PostgreSQL keeps none, and would fail wherever it is asked.

    In what is posted, the form fields refuse it (ProhibitNullCharactersValidator).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "\0" in query or "%00" in query:
            raise Http404
        return self.get_response(request)
