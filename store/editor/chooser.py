"""The product chooser: picture, name, price, stock, status; search; and a new product made in its second tab."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from store.editor import standing
from store.editor.chooser_filter import ProductFilter, once_each
from store.editor.language import locale_of
from store.editor.new_form import NewProductForm
from store.models import ProductPage


def picture(shown: standing.Standing) -> SafeString:
    """A thumbnail, or an empty place of its size."""
    if not shown.thumb:
        return format_html('<span class="{}"></span>', "product-thumb")
    return format_html('<img class="product-thumb" src="{}" alt="" loading="lazy">', shown.thumb)


def status_tag(shown: standing.Standing) -> SafeString:
    """What it is doing, in Wagtail's own tag."""
    tag = format_html('<span class="w-status w-status--{}">{}</span>', shown.tone, shown.status.label)
    if shown.status == standing.Status.ON_SALE and not shown.is_seen:
        return format_html('{} <span class="w-status">{}</span>', tag, _("page not published"))
    return tag


def stock_words(shown: standing.Standing) -> SafeString:
    """Free units, marked when they are few."""
    return format_html('<span class="{}">{}</span>', "product-low" if shown.is_low else "", shown.stock_text)


NOTHING = "\N{EN DASH}"
COLUMNS = [
    Column("price", label=_("Price"), accessor=lambda row: row.shown.price_text or NOTHING, width="15%"),
    Column("stock", label=_("Stock"), accessor=lambda row: stock_words(row.shown), width="12%"),
    Column("status", label=_("State"), accessor=lambda row: status_tag(row.shown), width="18%"),
]


class Listing:
    """What the modal and its refreshed results share."""

    filter_form_class = ProductFilter
    results_template_name = "store/editor/chooser_results.html"
    request: HttpRequest

    def get_object_list(self) -> Any:
        return once_each(locale_of(self.request))

    def apply_object_list_ordering(self, objects: Any) -> Any:
        return objects

    @property
    def columns(self) -> list[Column]:
        seen = Column("picture", label=_("Picture"), accessor=lambda row: picture(row.shown), width="1%")
        return [seen, self.title_column, *COLUMNS]  # type: ignore[attr-defined]

    def get_results_page(self, request: HttpRequest) -> Any:
        page = super().get_results_page(request)  # type: ignore[misc]
        page.object_list = list(page.object_list)
        shown = standing.of(row.product for row in page.object_list)
        for row in page.object_list:
            row.shown = shown[row.product_id]
        return page


class Creation:
    """The form of the second tab; a picture once sent is kept."""

    creation_form_template_name = "store/editor/chooser_creation.html"
    request: HttpRequest

    def can_create(self) -> bool:
        return bool(self.request.user.has_perm("store.add_product"))

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_creation_form_kwargs()  # type: ignore[misc]
        return {**kwargs, "locale": locale_of(self.request), "by": self.request.user}


class Chosen:
    """What the editor is told of a chosen product."""

    def get_display_title(self, instance: ProductPage) -> str:
        return described(instance)

    def get_chosen_response_data(self, item: ProductPage) -> dict[str, Any]:
        data: dict[str, Any] = super().get_chosen_response_data(item)  # type: ignore[misc]
        return {**data, "name": item.title, "price": standing.of_one(item.product).price_text}


def described(page: ProductPage) -> str:
    """ "Poêle, 46,90 €, draft": what stands in the block once it is chosen."""
    shown = standing.of_one(page.product)
    return ", ".join(str(part) for part in (page.title, shown.price_text, shown.status.label) if part)


class ChooseView(Creation, Listing, views.ChooseView):
    """The whole modal."""


class ChooseResultsView(Creation, Listing, views.ChooseResultsView):
    """Only its rows."""


class ChosenView(Chosen, views.ChosenView):
    """One was chosen."""


class ChosenMultipleView(Chosen, views.ChosenMultipleView):
    """Several were chosen."""


class CreateView(Chosen, Creation, views.CreateView):
    """One was made."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.form = self.get_creation_form()
        is_valid = self.form.is_valid()
        self.form.keep_picture()
        return self.get_chosen_response(self.form.save()) if is_valid else self.get_reshow_creation_form_response()


class ProductChooser(BaseChooser):
    """The field in a block."""

    classname = "product-chooser"

    def get_display_title(self, instance: ProductPage) -> str:
        return described(instance)


class ProductChooserViewSet(ChooserViewSet):
    """All of it, at /cms/choisir-produit/."""

    model = ProductPage
    icon = "tag"
    per_page = 10
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Edit this product")
    search_tab_label = _("Your products")
    creation_tab_label = _("New product")
    create_action_label = _("Make it and put it here")
    create_action_clicked_label = _("Making it…")
    creation_form_class = NewProductForm
    preserve_url_parameters: ClassVar[list[str]] = ["multiple", "locale"]
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    create_view_class = CreateView
    base_widget_class = ProductChooser


chooser = ProductChooserViewSet("product_chooser", url_prefix="choisir-produit")
