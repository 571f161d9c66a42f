"""What every template is given: the shop, the menus, the legal links. Nothing personal, ever."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from core import head as heads
from core import held, here
from core.models import Shop
from home.models import Menu, MenuEntry
from store import catalogue

UNTOUCHED = ("/live/", "/stripe/", "/healthz", "/static/", "/media/")
held.watch(Shop, Menu, MenuEntry)


def site(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a fragment that shows no frame asks the database for nothing."""
    if request.path.startswith("/cms/"):
        return {"house": SimpleLazyObject(lambda: catalogue.shop_here(request))}
    return {} if request.path.startswith(UNTOUCHED) else surroundings(request)


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """What stands around the page, in the language of now."""
    frame: Any = SimpleLazyObject(lambda: _frame(request))
    return {
        "shop": SimpleLazyObject(lambda: frame["shop"]),
        "menu": SimpleLazyObject(lambda: frame["menu"]),
        "footer_menu": SimpleLazyObject(lambda: frame["footer_menu"]),
        "announcement": SimpleLazyObject(lambda: frame["announcement"]),
        "alternates": SimpleLazyObject(lambda: _switches(request)),
        "legal_links": legal_links(),
        "STRIPE_JS_URL": settings.STRIPE_JS_URL,
        "is_demo": settings.DEMO,
    }


def _frame(request: HttpRequest) -> dict[str, Any]:
    shop = catalogue.shop_here(request)
    language = (get_language() or "fr").split("-")[0]
    entries, announcement = held.get(("menu", shop.pk, language), lambda: _menu(shop, language))
    shown = [{**row, "is_current": _is_current(row["url"], request.path)} for row in entries]
    return {
        "shop": shop,
        "menu": [row for row in shown if row["place"] == MenuEntry.Place.HEAD],
        "footer_menu": [row for row in shown if row["place"] == MenuEntry.Place.FOOT],
        "announcement": announcement,
    }


def _menu(shop: Shop, language: str) -> tuple[list[dict[str, str]], dict[str, str] | None]:
    """The entries that lead somewhere, and the owner's one line."""
    menu = Menu.objects.filter(shop=shop, locale__language_code=language).first()
    if menu is None:
        return [], None
    roots = here.Roots()
    rows = MenuEntry.objects.filter(menu=menu).select_related("page__locale")
    entries = [row for row in (_entry(row, roots) for row in rows) if row["url"]]
    text = menu.announcement
    return entries, {"text": text, "url": menu.announcement_link} if text else None


def _entry(row: MenuEntry, roots: Any) -> dict[str, str]:
    page: Page | None = row.page if row.page and row.page.live else None
    url = (page.get_url(roots) if page else row.url) or ""
    return {"place": row.place, "title": row.label or (page.title if page else url), "url": url}


def _is_current(url: str, path: str) -> bool:
    fronts = {heads.home(code) for code, _name in settings.LANGUAGES}
    return path == url if url in fronts else path.startswith(url)


def _switches(request: HttpRequest) -> list[dict[str, str]]:
    """The same function in the other languages, else their front page; pages of the tree give their own."""
    here = (get_language() or "fr").split("-")[0]
    found = []
    for code, _name in settings.LANGUAGES:
        if code != here:
            there = translate_url(request.path, code)
            url = there if there != request.path else heads.home(code)
            found.append({"lang": code, "label": heads.LANGUAGES.get(code, code), "url": url})
    return found


def legal_links() -> list[dict[str, str]]:
    """At the foot of every page, error pages too."""
    names = [
        ("store:terms", _("Terms of sale")),
        ("store:legal", _("Legal notice")),
        ("store:withdraw", _("Withdraw from a contract here")),
        ("members:leave", _("End a contract")),
    ]
    links = []
    for name, title in names:
        try:
            links.append({"title": title, "url": reverse(name), "name": name})
        except NoReverseMatch:
            continue
    return links
