"""The admin's menu: today, write, sell, receive, settle, and the rest folded away."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import (
    DismissibleMenuItemMixin,
    Menu,
    MenuItem,
    SubmenuMenuItem,
    help_menu,
    reports_menu,
    settings_menu,
)

from blog.models import JournalPage
from home.snippets import AuthorViewSet, MenuViewSet, SectionViewSet

SELLING = {"products", "product", "store-products"}
PEOPLE = {"users", "groups"}
FOLDED = {"settings", "reports", "help"}


class Allowed(MenuItem):
    """Shown to whoever has the permission."""

    def __init__(self, label: Any, address: str, permission: str, icon_name: str) -> None:
        super().__init__(label, reverse(address), name=address.replace(":", "-"), icon_name=icon_name)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


def arrange(request: HttpRequest, items: list[MenuItem]) -> None:
    """Put Wagtail's and the apps' entries under the owner's words; what has no place stays, folded."""
    known = {item.name: item for item in items}
    settings = {item.name: item for item in settings_menu.menu_items_for_request(request)}
    today = MenuItem(gettext_lazy("Today"), reverse("wagtailadmin_home"), name="today", icon_name="home", order=1)
    groups = [
        _group(gettext_lazy("Write"), "write", "edit", 2, _write(known)),
        _group(gettext_lazy("Sell"), "sell", "tag", 3, _sell(known)),
        _group(gettext_lazy("Receive"), "receive", "group", 4, _receive()),
        _group(gettext_lazy("Settle"), "settle", "cog", 5, _settle(settings)),
        _group(gettext_lazy("The rest"), "rest", "dots-horizontal", 6, _rest(request, known, settings)),
    ]
    items[:] = [today, *[group for group in groups if group.is_shown(request)]]


def _group(label: Any, name: str, icon: str, order: int, items: list[MenuItem]) -> SubmenuMenuItem:
    for position, item in enumerate(items):
        item.order = position
    return SubmenuMenuItem(label, Menu(items=items), name=name, icon_name=icon, order=order)


def _write(known: dict[str, MenuItem]) -> list[MenuItem]:
    items = []
    if "explorer" in known:
        journal = JournalPage.objects.order_by("locale_id").first()
        if journal:
            url = reverse("wagtailadmin_explore", args=[journal.pk])
            items.append(MenuItem(gettext_lazy("Journal"), url, name="journal", icon_name="doc-full"))
            add = reverse("wagtailadmin_pages:add", args=["blog", "articlepage", journal.pk])
            items.append(MenuItem(gettext_lazy("New article"), add, name="new-article", icon_name="plus"))
        pages = reverse("wagtailadmin_explore_root")
        items.append(MenuItem(gettext_lazy("Pages"), pages, name="pages", icon_name="folder-open-inverse"))
    items += [known[name] for name in ("images", "documents") if name in known]
    return [*items, AuthorViewSet.entry("user"), SectionViewSet.entry("list-ul")]


def _sell(known: dict[str, MenuItem]) -> list[MenuItem]:
    """An app adds its own by the hook `register_sell_menu_item`."""
    more = [build() for build in hooks.get_hooks("register_sell_menu_item")]
    return [
        Allowed(gettext_lazy("Orders"), "owner:orders", "store.view_order", "list-ul"),
        Allowed(gettext_lazy("Subscriptions"), "owner:subscriptions", "store.view_order", "rotate"),
        *[known[name] for name in SELLING if name in known], *more,
        Allowed(gettext_lazy("Stock"), "owner:stock", "store.view_stock", "clipboard-list"),
        Allowed(gettext_lazy("Sales by article"), "owner:sales", "store.view_order", "doc-full"),
        Allowed(gettext_lazy("Withdrawals"), "owner:withdrawals", "store.view_order", "mail"),
        Allowed(gettext_lazy("What got stuck"), "owner:troubles", "store.view_order", "warning"),
    ]  # fmt: skip


def _receive() -> list[MenuItem]:
    see, belong = "events.view_event", "members.view_membership"
    return [
        Allowed(gettext_lazy("Agenda"), "meetings:events", see, "date"),
        Allowed(gettext_lazy("Appointments"), "meetings:appointments", see, "calendar-alt"),
        Allowed(gettext_lazy("Services"), "meetings:services", see, "clipboard-list"),
        Allowed(gettext_lazy("Opening hours"), "meetings:hours", see, "time"),
        Allowed(gettext_lazy("Club"), "club:tiers", belong, "group"),
        Allowed(gettext_lazy("Members"), "club:people", belong, "user"),
    ]


def _settle(settings: dict[str, MenuItem]) -> list[MenuItem]:
    change = "core.change_shop"
    return [
        Allowed(gettext_lazy("The shop"), "owner:shop", change, "cog"),
        Allowed(gettext_lazy("Delivery"), "owner:delivery", change, "site"),
        Allowed(gettext_lazy("VAT"), "owner:vat", change, "decimal"),
        Allowed(gettext_lazy("Terms of sale"), "owner:terms", change, "doc-full-inverse"),
        MenuViewSet.entry("bars"),
        *[settings[name] for name in sorted(PEOPLE, reverse=True) if name in settings],
    ]


def _rest(request: HttpRequest, known: dict[str, MenuItem], settings: dict[str, MenuItem]) -> list[MenuItem]:
    placed = {"explorer", "images", "documents", "snippets", *SELLING, *FOLDED}
    items = [item for name, item in known.items() if name not in placed]
    items += [item for name, item in settings.items() if name not in PEOPLE]
    for menu in (reports_menu, help_menu):
        items += menu.menu_items_for_request(request)
    return [item for item in items if not isinstance(item, DismissibleMenuItemMixin)]
