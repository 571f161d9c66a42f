"""Wagtail's admin in the owner's words: the desk as its first page, and a menu of five verbs."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from blog.models import JournalPage
from core.models import Shop
from events.owner import hooks as meetings
from home import desk
from home.admin_menu import arrange
from home.snippets import AuthorViewSet, MenuViewSet, SectionViewSet
from store.owner import hooks as owner

for viewset in (AuthorViewSet, SectionViewSet, MenuViewSet):
    register_snippet(viewset)

hooks.register("register_admin_urls", owner.urls)
hooks.register("register_log_actions", owner.log_actions)
hooks.register("register_admin_urls", meetings.urls)
hooks.register("register_log_actions", meetings.log_actions)
hooks.register("construct_main_menu", arrange)


class DeskPanel(Component):
    """What is to be done today, in one ranked list."""

    order = 0
    template_name = "home/owner/desk.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        todos = desk.todo(Shop.objects.current(), request.user)
        return {"todos": todos, "now": timezone.localtime(), "write_url": write_url(request)}


def write_url(request: HttpRequest) -> str:
    """Where an article is begun, for those who may."""
    journal = JournalPage.objects.order_by("locale_id").first()
    if journal is None or not journal.permissions_for_user(request.user).can_add_subpage():
        return ""
    return reverse("wagtailadmin_pages:add", args=["blog", "articlepage", journal.pk])


@hooks.register("construct_homepage_panels", order=1000)
def only_the_desk(request: HttpRequest, panels: list[Any]) -> None:
    """Nothing else stands on the first page."""
    panels[:] = [DeskPanel()]


@hooks.register("insert_global_admin_css")
def owner_css() -> str:
    sheets = ((static(f"css/owner/{name}.css"),) for name in ("brand", "owner"))
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("register_permissions")
def owner_permissions() -> QuerySet[Permission]:
    """What a group of people may be given: orders, stock, the shop's settings."""
    wanted = Q(content_type__app_label="core", codename="change_shop")
    for model in ("order", "stock"):
        wanted |= Q(content_type__app_label="store", codename__in=[f"view_{model}", f"change_{model}"])
    wanted |= Q(content_type__app_label="events", codename__in=["view_event", "change_event", "add_event"])
    return Permission.objects.filter(wanted)
