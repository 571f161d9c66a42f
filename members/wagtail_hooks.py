"""Where the club meets Wagtail's admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from members.owner import hooks as owner

hooks.register("register_admin_urls", owner.urls)
hooks.register("register_log_actions", owner.log_actions)


@hooks.register("register_permissions")
def club_permissions() -> QuerySet[Permission]:
    """To be given to groups."""
    codes = ["view_membership", "change_tier"]
    return Permission.objects.filter(content_type__app_label="members", codename__in=codes)
