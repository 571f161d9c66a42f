"""Where the club meets Wagtail's admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from members.owner import hooks as owner

hooks.register("register_admin_urls", owner.urls)
hooks.register("register_log_actions", owner.log_actions)


class ClubMenuItem(MenuItem):
    """For those who may see members."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("members.view_membership"))


@hooks.register("register_sell_menu_item")
def club_in_menu() -> MenuItem:
    return ClubMenuItem(_("Club"), reverse("club:tiers"), name="club", icon_name="group")


@hooks.register("register_sell_menu_item")
def people_in_menu() -> MenuItem:
    return ClubMenuItem(_("Members"), reverse("club:people"), name="members", icon_name="user")


@hooks.register("register_permissions")
def club_permissions() -> QuerySet[Permission]:
    """To be given to groups."""
    codes = ["view_membership", "change_tier"]
    return Permission.objects.filter(content_type__app_label="members", codename__in=codes)
