"""Before a product page goes: where it stands, and "archive" instead. One guard for every way of deleting."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page

from store.editor import places, states
from store.models import ProductPage

MANY = 10


def product_pages_under(pages: Iterable[Page]) -> list[ProductPage]:
    """The product pages among these and below them."""
    found: dict[int, ProductPage] = {}
    for page in pages:
        for row in ProductPage.objects.descendant_of(page, inclusive=True).select_related("product"):
            found[row.pk] = row
    return list(found.values())


def guard(request: HttpRequest, pages: Iterable[Page], *, deed: str) -> HttpResponse | None:
    """None: go on. Else the question, or the answer to "archive". `deed` is "delete" or "unpublish"."""
    pages = list(pages)
    going = product_pages_under(pages)
    answer = request.POST.get("vanish", "")
    if not going or answer == "sure":
        return None
    if answer == "archive":
        return _archive(request, going, pages[0])
    found = places.of(going)
    return (
        TemplateResponse(request, "store/editor/vanish.html", _question(request, pages, going, found, deed))
        if found
        else None
    )


def _archive(request: HttpRequest, going: list[ProductPage], page: Page) -> HttpResponse:
    for product in places.products_of(going):
        states.archive(product, by=request.user)
    count = len(going)
    words = ngettext("%(n)s product archived. Its page stays.", "%(n)s products archived. Their pages stay.", count)
    messages.success(request, words % {"n": count})
    parent = page.get_parent()
    return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_explore", args=[parent.pk]))


def _question(
    request: HttpRequest, pages: list[Page], going: list[ProductPage], found: places.Places, deed: str
) -> dict[str, Any]:
    total = sum(page.get_descendant_count() + 1 for page in pages)
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"vanish", "csrfmiddlewaretoken"}
    ]
    limit = getattr(settings, "WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT", MANY)
    return {
        "page_title": _("Delete") if deed == "delete" else _("Unpublish"),
        "page_subtitle": ", ".join(page.get_admin_display_title() for page in pages),
        "header_icon": "bin" if deed == "delete" else "download",
        "deed": deed,
        "going": going,
        "places": found,
        "kept": [pair for pair in kept if pair[0] != "confirm_site_name"],
        "action": request.get_full_path(),
        "next": get_valid_next_url_from_request(request)
        or reverse("wagtailadmin_explore", args=[pages[0].get_parent().pk]),
        "must_type": deed == "delete" and total >= limit,
        "total": total,
        "wagtail_site_name": settings.WAGTAIL_SITE_NAME,
    }


def refuse_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A copy would be a second page of the same product, or of each below."""
    if not product_pages_under([page]):
        return None
    messages.error(
        request,
        _(
            "A product has one page in each language, so “%(page)s” cannot be copied. Translate it, or make a new product."
        )
        % {"page": page.get_admin_display_title()},
    )
    return redirect(
        get_valid_next_url_from_request(request) or reverse("wagtailadmin_explore", args=[page.get_parent().pk])
    )
