"""Where the store meets Wagtail's editor."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from store.editor import checks, doors, offer_entity, publish_view
from store.editor.chooser import chooser
from store.models import ProductPage

hooks.register("construct_wagtail_userbar", checks.use_house_checker)
hooks.register("register_rich_text_features", offer_entity.register)


@hooks.register("register_admin_viewset")
def product_chooser() -> Any:
    return chooser


@hooks.register("register_admin_urls")
def product_addresses() -> list[Any]:
    return [path("produits/", include("store.editor.urls"))]


class ProductsMenuItem(MenuItem):
    """For those who may see products."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("store.view_product"))


@hooks.register("register_sell_menu_item")
def products_in_menu() -> MenuItem:
    return ProductsMenuItem(_("Products"), reverse("products:index"), name="products", icon_name="tag", order=200)


@hooks.register("insert_global_admin_css")
def editor_styles() -> SafeString:
    sheets = ((static(f"css/editor/{name}.css"),) for name in ("editor", "variants"))
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("register_permissions")
def product_permissions() -> QuerySet[Permission]:
    """To be given to groups."""
    codes = ["view_product", "add_product", "change_product"]
    return Permission.objects.filter(content_type__app_label="store", codename__in=codes)


@hooks.register("before_create_page")
def make_both(request: HttpRequest, parent_page: Page, page_class: type[Page]) -> HttpResponse | None:
    """A product page needs a product: the form that makes both."""
    if page_class is not ProductPage:
        return None
    return redirect(f"{reverse('products:new')}?{urlencode({'locale': parent_page.locale.language_code})}")


@hooks.register("before_copy_page")
def one_page_each(request: HttpRequest, page: Page) -> HttpResponse | None:
    return doors.refuse_copy(request, page)


@hooks.register("before_delete_page")
def ask_before_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    return doors.guard(request, [page], deed="delete")


@hooks.register("before_unpublish_page")
def ask_before_unpublish(request: HttpRequest, page: Page) -> HttpResponse | None:
    return doors.guard(request, [page], deed="unpublish")


@hooks.register("before_bulk_action")
def ask_before_many(request: HttpRequest, action_type: str, objects: list[Any], _action: Any) -> HttpResponse | None:
    pages = [row for row in objects if isinstance(row, Page)]
    if not pages:
        return None
    if action_type in {"delete", "unpublish"}:
        return doors.guard(request, pages, deed=action_type)
    if action_type == "publish":
        return publish_view.ask(with_drafts_below(pages) if request.POST.get("include_descendants") else pages)
    return None


def with_drafts_below(pages: list[Page]) -> list[Page]:
    """As Wagtail's own bulk publishing takes them."""
    below = [page for top in pages for page in top.get_descendants().not_live()]
    return list({page.pk: page for page in [*pages, *below]}.values())


@hooks.register("before_publish_page")
def ask_to_publish_offers(_request: HttpRequest, page: Page) -> HttpResponse | None:
    return publish_view.ask([page])


@hooks.register("register_log_actions")
def product_log(actions: Any) -> None:
    """What stands in the history of a product."""
    words = {
        "product_live": _("Put on sale"),
        "product_archived": _("Archived"),
        "product_draft": _("Back to draft"),
        "product_succeeded": _("What takes its place"),
        "variants_made": _("Variants made"),
        "variant_changed": _("Variant changed"),
    }
    for name, label in words.items():
        actions.register_action(f"store.{name}")(told(label))


def told(label: Any) -> type[LogFormatter]:
    """A line of history: the deed, and the variants or the product that it was done with."""

    def message(_self: LogFormatter, log_entry: Any) -> str:
        data = log_entry.data
        codes = data.get("variants") or [data.get("variant") or data.get("successor") or _("nothing")]
        return f"{label}: {', '.join(str(code) for code in codes)}"

    return type("Told", (LogFormatter,), {"label": label, "format_message": message})
