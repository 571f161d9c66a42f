"""Which of the sites answers: asked once for each host in a few seconds, not once for each request."""

from django.http import HttpRequest
from wagtail.models import Page, Site

from core import held

held.watch(Site, Page)


class Roots:
    """Stands in for a request where many addresses are made without one: `page.get_url(Roots())`."""

    def __init__(self) -> None:
        self._wagtail_site = None
        self._wagtail_cached_site_root_paths = held.get("site roots", Site.get_site_root_paths)


def site(request: HttpRequest) -> Site | None:
    """Wagtail's site for this request, put where Wagtail looks for it."""
    if not hasattr(request, "_wagtail_site"):
        found = held.get(("site", request.get_host()), lambda: Site.find_for_request(request))
        request._wagtail_site = found  # type: ignore[attr-defined]  # noqa: SLF001 - where Wagtail keeps it
    if not hasattr(request, "_wagtail_cached_site_root_paths"):
        roots = held.get("site roots", Site.get_site_root_paths)
        request._wagtail_cached_site_root_paths = roots  # type: ignore[attr-defined]  # noqa: SLF001
    return Site.find_for_request(request)
