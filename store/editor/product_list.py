"""All products: search, state, what runs low; from here to each one's screen."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from core.models import Shop
from store.editor import finding, standing
from store.editor.chooser import COLUMNS, NOTHING, picture
from store.models import Product
from store.owner.pages import HOME, NeedsPermission


class ProductFilters(WagtailFilterSet):
    """By what a product is doing."""

    state = django_filters.ChoiceFilter(
        label=lazy("State"), method="by_state", empty_label=lazy("All"),
        choices=[*standing.Status.choices, ("low", lazy("runs low"))],
    )  # fmt: skip

    class Meta:
        model = Product
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Product], _name: str, value: str) -> QuerySet[Product]:
        return rows.filter(pk__in=standing.with_status(Shop.objects.current(), value))


def languages(product: Any) -> str:
    """In which languages it has a page."""
    return ", ".join(page.locale.language_code for page in product.shown.pages) or NOTHING


def seen(product: Any) -> SafeString:
    return picture(product.shown)


class ProductList(NeedsPermission, BaseListingView):
    """The list."""

    permission = "store.view_product"
    model = Product
    template_name = "store/editor/products.html"
    results_template_name = "store/editor/products_results.html"
    page_title = lazy("Products")
    header_icon = "tag"
    breadcrumbs_items = HOME
    index_url_name = "products:index"
    index_results_url_name = "products:index_results"
    filterset_class = ProductFilters
    is_searchable = True
    paginate_by = 30
    default_ordering = "name"
    verbose_name_plural = lazy("products")
    columns = [
        Column("picture", label=lazy("Picture"), accessor=seen, width="1%"),
        TitleColumn(
            "name", label=lazy("Name"), get_url=lambda row: reverse("products:screen", args=[row.pk]), sort_key="name"
        ),
        Column("code", label=lazy("Code"), sort_key="code"),
        *COLUMNS,
        Column("languages", label=lazy("Pages"), accessor=languages),
    ]

    def get_base_queryset(self) -> QuerySet[Product]:
        return Product.objects.filter(shop=Shop.objects.current())

    def search_queryset(self, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if not self.is_searching:
            return queryset
        return queryset.filter(pk__in=finding.by_words(Shop.objects.current(), self.search_query))

    def get_table(self, object_list: Any) -> Any:
        rows = list(object_list)
        shown = standing.of(rows)
        for row in rows:
            row.shown = shown[row.pk]
        return super().get_table(rows)

    def get_header_buttons(self) -> list[Any]:
        buttons = super().get_header_buttons()
        if self.request.user.has_perm("store.add_product"):
            buttons.insert(0, HeaderButton(lazy("New product"), url=reverse("products:new"), icon_name="plus"))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        narrowed = bool(self.is_searching or self.is_filtering)
        return {**super().get_context_data(**kwargs), "is_narrowed": narrowed}


def results(request: HttpRequest) -> HttpResponseBase:
    """Only the rows, for the search as one types."""
    return ProductList.as_view(results_only=True)(request)
