"""From an address to its page in two queries, however deep it stands."""

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve as wagtail_serve

from core import here, visible


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's own view, told beforehand which page stands there."""
    site = here.site(request)
    if site is not None:
        found = find(request, site, path)
        request._wagtail_route_for_request = found  # type: ignore[attr-defined]  # noqa: SLF001 - where Wagtail keeps it
    response: HttpResponse = wagtail_serve(request, path)
    return response


def find(request: HttpRequest, site: Site, path: str) -> RouteResult | None:
    """The deepest live page on the way, which then answers for the rest of the path; None is a 404."""
    language = getattr(request, "LANGUAGE_CODE", "")
    roots = request._wagtail_cached_site_root_paths  # type: ignore[attr-defined]  # noqa: SLF001 - set by core.here
    root = next((row[1] for row in roots if row[0] == site.pk and row[3] == language), None)
    if root is None:
        return None
    parts = [part for part in path.split("/") if part]
    ways = [root + "".join(f"{part}/" for part in parts[:depth]) for depth in range(len(parts) + 1)]
    found = Page.objects.filter(url_path__in=ways, live=True).annotate(is_restricted=visible.is_restricted())
    page = found.order_by("-depth").first()
    if page is None:
        return None
    rest = parts[ways.index(page.url_path) :]
    try:
        result: RouteResult = whole(page).route(request, rest)
    except Http404:
        return None
    return result


def whole(page: Page) -> Page:
    """The page with its own fields and those neighbours that its type always shows."""
    model = page.specific_class or type(page)
    specific: Page = model._default_manager.select_related("locale", *getattr(model, "shown_with", ())).get(pk=page.pk)  # noqa: SLF001
    specific.is_open_to_all = not page.is_restricted and page.alias_of_id is None
    return specific
