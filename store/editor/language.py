"""In which language one is writing: that of the page whose editor the chooser was opened from."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from wagtail.models import Locale, Page

from store.models import ShopPage

KEYS = ("page_id", "parent_page_id")


def locale_of(request: HttpRequest) -> Locale:
    """By `?locale=`, else by the editor that asks, else French."""
    code = request.POST.get("locale") or request.GET.get("locale") or ""
    named = Locale.objects.filter(language_code=code).first() if code else None
    return named or _by_editor(request) or Locale.objects.get(language_code="fr")


def _by_editor(request: HttpRequest) -> Locale | None:
    try:
        found = resolve(urlsplit(request.headers.get("Referer", "")).path)
    except Resolver404:
        return None
    pk = next((found.kwargs[key] for key in KEYS if key in found.kwargs), None)
    page = Page.objects.filter(pk=pk).select_related("locale").first() if pk else None
    return page.locale if page else None


def shop_page_in(locale: Locale) -> ShopPage | None:
    """Under which page the products of that language stand."""
    return ShopPage.objects.filter(locale=locale).order_by("path").first()
