"""What every template is given: the shop, the menus, the legal links. Nothing personal, ever."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from core.models import Shop
from home.models import Menu, MenuEntry

UNTOUCHED = ("/cms/", "/live/", "/stripe/", "/healthz", "/static/", "/media/")


def site(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a fragment that shows no frame asks the database for nothing."""
    if request.path.startswith(UNTOUCHED):
        return {}
    frame: Any = SimpleLazyObject(lambda: _frame(request))
    return {
        "shop": SimpleLazyObject(lambda: frame["shop"]),
        "menu": SimpleLazyObject(lambda: frame["menu"]),
        "footer_menu": SimpleLazyObject(lambda: frame["footer_menu"]),
        "announcement": SimpleLazyObject(lambda: frame["announcement"]),
        "legal_links": legal_links(),
        "STRIPE_JS_URL": settings.STRIPE_JS_URL,
        "is_demo": settings.DEMO,
    }


def _frame(request: HttpRequest) -> dict[str, Any]:
    site_row = Site.find_for_request(request)
    shop = Shop.objects.filter(site=site_row).first() or Shop.objects.current()
    language = (get_language() or "fr").split("-")[0]
    menu = (
        Menu.objects.filter(shop=shop, locale__language_code=language).prefetch_related("entries__page__locale").first()
    )
    entries = [_entry(row, request) for row in menu.entries.all()] if menu else []
    return {
        "shop": shop,
        "menu": [row for row in entries if row["place"] == MenuEntry.Place.HEAD and row["url"]],
        "footer_menu": [row for row in entries if row["place"] == MenuEntry.Place.FOOT and row["url"]],
        "announcement": {"text": menu.announcement, "url": menu.announcement_link} if menu else None,
    }


def _entry(row: MenuEntry, request: HttpRequest) -> dict[str, Any]:
    page: Page | None = row.page if row.page and row.page.live else None
    url = (page.get_url(request) if page else row.url) or ""
    is_current = bool(url) and url != "/" and request.path.startswith(url)
    return {"place": row.place, "title": row.label or (page.title if page else url), "url": url, "is_current": is_current}


def legal_links() -> list[dict[str, str]]:
    """At the foot of every page, error pages too."""
    names = [
        ("store:terms", _("Terms of sale")),
        ("store:legal", _("Legal notice")),
        ("store:withdraw", _("Withdraw from a contract here")),
    ]
    links = []
    for name, title in names:
        try:
            links.append({"title": title, "url": reverse(name), "name": name})
        except NoReverseMatch:
            continue
    return links
