"""Pages of a list: a number that is not one is a 404, not an empty page."""

from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest


def paginate(request: HttpRequest, rows: Any, size: int) -> Page[Any]:
    """The page of `rows` that `?page=` asks for."""
    try:
        return Paginator(rows, size).page(request.GET.get("page", 1))
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
