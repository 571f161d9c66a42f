"""Before a product page goes: where it stands, and "archive" instead. One guard for every way of deleting."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page

from store import successors
from store.editor import places, successor_form
from store.editor.successor_form import SuccessorForm
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
    heirs = successor_form.forms_for(places.products_of(going), request.POST if answer == "archive" else None)
    if answer == "archive" and not [form for form in heirs if not form.is_valid()] and _archive(request, heirs):
        return _archived(request, len(going), pages[0])
    found = places.of(going)
    if not found and not answer:
        return None
    context = {**_question(request, pages, going, found, deed), **_fields(heirs)}
    return TemplateResponse(request, "store/editor/vanish.html", context, status=422 if answer else 200)


def _archive(request: HttpRequest, heirs: list[SuccessorForm]) -> bool:
    """All or none; two products that would take each other's place are told of it."""
    try:
        successor_form.archive(heirs, by=request.user)
    except successors.Circle as circle:
        at = next(form for form in heirs if form.product == circle.product)
        at.add_error("successor", successor_form.told(circle))
        return False
    return True


def _fields(heirs: list[SuccessorForm]) -> dict[str, Any]:
    """A field for each product, while there are few enough to think of each."""
    shown = heirs if len(heirs) <= MANY else []
    return {"heirs": shown, "media": sum((form.media for form in shown), Media())}


def _archived(request: HttpRequest, count: int, page: Page) -> HttpResponse:
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
        if name not in {"vanish", "csrfmiddlewaretoken"} and not name.endswith("-successor")
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
