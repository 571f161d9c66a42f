"""What all the owner's screens share: permission, furniture, the log."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from core.models import Shop
from store import selling

HOME = [{"url": reverse_lazy("wagtailadmin_home"), "label": _("Today")}]


class NeedsPermission:
    """Without `permission`, back to the desk with a word."""

    permission = "store.view_order"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class OwnerPage(NeedsPermission, WagtailAdminTemplateMixin, TemplateView):
    """A screen with Wagtail's header; `trail` names the screens above it as (address name, label)."""

    breadcrumbs_items = HOME
    trail: tuple[tuple[str, Any], ...] = ()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [{"url": reverse_lazy(name), "label": label} for name, label in self.trail]
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, *above, here]


def current_shop() -> Shop:
    """The shop with its regimes, terms and delivery, read now."""
    return selling.fresh(Shop.objects.current().pk)


def note_down(request: HttpRequest, instance: Any, action: str, **data: Any) -> None:
    """Into Wagtail's log, which says who did what in the whole site."""
    log(instance=instance, action=f"store.{action}", user=request.user, data=data or None)
