"""All orders: search, filters, export."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

import django_filters
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from core import dates, money
from core.models import Shop
from store import desk
from store.models import DeliveryMethod, Order, OrderLine, Parcel
from store.owner import spoken
from store.owner.exports import SafeExport
from store.owner.pages import HOME, NeedsPermission

UNPAID = (Order.State.PLACED, Order.State.LAPSED, Order.State.CANCELLED)
TODO = [
    ("pack", gettext_lazy("to pack")),
    ("pickup", gettext_lazy("to keep ready")),
    ("late", gettext_lazy("late")),
    ("note", gettext_lazy("with a word to read")),
]


def articles() -> list[tuple[str, str]]:
    """(translation key, title) of the pages that sold something."""
    rows = OrderLine.objects.exclude(source_key=None).values_list("source_key").annotate(title=Max("source_title"))
    return sorted(((str(key), title) for key, title in rows), key=lambda row: row[1].casefold())


class OrderFilters(WagtailFilterSet):
    """State, attention, delivery, dates, article, and the desk's own lists."""

    todo = django_filters.ChoiceFilter(
        label=gettext_lazy("To do"), choices=TODO, method="by_todo", empty_label=gettext_lazy("All")
    )
    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=Order.State.choices)
    attention = django_filters.ChoiceFilter(
        label=gettext_lazy("Look at it"), method="by_attention", empty_label=gettext_lazy("All"),
        choices=[("any", gettext_lazy("whatever the reason")), *[choice for choice in Order.Attention.choices if choice[0]]],
    )  # fmt: skip
    delivery_method = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Delivery"), queryset=DeliveryMethod.objects.all(), empty_label=gettext_lazy("All")
    )
    placed_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Ordered"), widget=DateRangePickerWidget)
    article = django_filters.ChoiceFilter(
        label=gettext_lazy("Sold by the article"),
        choices=articles,
        method="by_article",
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def by_todo(self, rows: QuerySet[Order], _name: str, value: str) -> QuerySet[Order]:
        shop = Shop.objects.current()
        if value == "note":
            return rows.filter(pk__in=desk.unread_notes(shop).values("pk"))
        if value == "late":
            return rows.filter(pk__in=desk.late(shop, timezone.now()).values("pk"))
        return rows.filter(pk__in=desk.to_send(shop).filter(is_pickup=value == "pickup").values("pk"))

    def by_attention(self, rows: QuerySet[Order], _name: str, value: str) -> QuerySet[Order]:
        return rows.exclude(attention="") if value == "any" else rows.filter(concerns__reason=value)

    def by_article(self, rows: QuerySet[Order], _name: str, value: str) -> QuerySet[Order]:
        return rows.filter(Exists(OrderLine.objects.filter(order=OuterRef("pk"), source_key=value)))


def moment(value: Any) -> str:
    """A short date with the hour, in local time."""
    return dates.words(value, "j N, H:i") if value else ""


def content(order: Order) -> str:
    """ "2 × Bowl, Broom": what was bought, in one cell."""
    lines = list(order.lines.all())
    return desk.names(
        [f"{line.quantity} × {line.shown_title}" if line.quantity > 1 else line.shown_title for line in lines], 2
    )


def state_tag(order: Order) -> str:
    """The state as a tag, and what is wrong with it."""
    tag = format_html('<span class="owner-state owner-state--{}">{}</span>', order.state, state_words(order))
    if not order.attention:
        return tag
    return format_html('{} <span class="owner-state owner-state--attention">{}</span>', tag, order.concern_words)


def state_words(order: Order) -> str:
    """The state; what is picked up is not sent but ready, then handed over."""
    if order.is_pickup and order.state == Order.State.SHIPPED:
        return _("ready for pick-up")
    if order.is_pickup and order.state == Order.State.DELIVERED:
        return _("handed over")
    return order.get_state_display()


class OrderList(NeedsPermission, SafeExport, BaseListingView):
    """The paid orders; unpaid ones too when a state is chosen or something is searched."""

    model = Order
    results_only = False
    template_name = "store/owner/orders.html"
    results_template_name = "store/owner/orders_results.html"
    page_title = gettext_lazy("Orders")
    header_icon = "list-ul"
    breadcrumbs_items = HOME
    index_url_name = "owner:orders"
    index_results_url_name = "owner:orders_results"
    filterset_class = OrderFilters
    is_searchable = True
    paginate_by = 25
    default_ordering = "-placed_at"
    verbose_name_plural = gettext_lazy("orders")
    export_filename = "commandes"
    columns = [
        TitleColumn("number", label=gettext_lazy("Order number"), classname="owner-number", get_url=lambda order: reverse("owner:order", args=[order.pk])),
        Column("placed_at", label=gettext_lazy("Ordered"), accessor=lambda order: moment(order.placed_at), sort_key="placed_at"),
        Column("name", label=gettext_lazy("Buyer"), sort_key="name"),
        Column("content", label=gettext_lazy("Content"), accessor=content, classname="owner-wide"),
        Column("state", label=gettext_lazy("State"), accessor=state_tag, sort_key="state"),
        Column("shown_delivery", label=gettext_lazy("Delivery"), classname="owner-wide"),
        Column(
            "total", label=gettext_lazy("Total"), classname="owner-amount", sort_key="total",
            accessor=lambda order: money.text(order.total, order.currency),
        ),
    ]  # fmt: skip
    export_headings = {
        "number": gettext_lazy("Order number"), "ordered": gettext_lazy("Ordered"), "paid": gettext_lazy("Paid"), "state": gettext_lazy("State"),
        "attention": gettext_lazy("Look at it"), "name": gettext_lazy("Name"), "email": gettext_lazy("E-mail"), "phone": gettext_lazy("Phone"),
        "address": gettext_lazy("Address"), "postcode": gettext_lazy("Postcode"), "city": gettext_lazy("Town"), "country": gettext_lazy("Country"),
        "content": gettext_lazy("Content"), "articles": gettext_lazy("Sold by"), "goods": gettext_lazy("Goods"), "shipping": gettext_lazy("Delivery price"),
        "total": gettext_lazy("Total"), "refunded": gettext_lazy("Refunded"), "currency": gettext_lazy("Currency"), "delivery": gettext_lazy("Delivery"),
        "tracking": gettext_lazy("Tracking"), "note": gettext_lazy("Word of the buyer"),
    }  # fmt: skip
    list_export = list(export_headings)

    def get_base_queryset(self) -> QuerySet[Order]:
        rows = (
            Order.objects.for_shop(Shop.objects.current())
            .select_related("delivery_method")
            .prefetch_related(spoken.LINES, "parcels", "concerns")
        )
        asked_for = self.is_searching or self.request.GET.getlist("state") or self.request.GET.get("unpaid")
        return rows if asked_for else rows.exclude(state__in=UNPAID, paid_at=None)

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        if not self.is_searching:
            return queryset
        words = self.search_query.strip()
        sent = Exists(Parcel.objects.filter(order=OuterRef("pk"), tracking__icontains=words))
        by = Q(number__icontains=words) | Q(name__icontains=words) | Q(email__icontains=words)
        return queryset.filter(by | sent)

    def get_header_buttons(self) -> list[Any]:
        buttons = super().get_header_buttons()
        if self.request.GET.get("todo") in {"pack", "pickup", "late"}:
            url = reverse("owner:slips") + f"?todo={self.request.GET['todo']}"
            buttons.insert(0, HeaderButton(_("Print the slips"), url=url, icon_name="doc-full"))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.is_export:
            spoken.prepare(context["object_list"])
        context["is_narrowed"] = bool(self.is_searching or self.is_filtering)
        context["todo"] = self.request.GET.get("todo", "")
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            return self.as_spreadsheet(self._all(context["object_list"]), self.request.GET["export"])
        return super().render_to_response(context, **kwargs)

    def _all(self, rows: QuerySet[Order]) -> Iterator[Order]:
        for chunk in batched(rows.iterator(chunk_size=500), 500, strict=False):
            spoken.prepare(chunk)
            yield from chunk

    def to_row_dict(self, item: Order) -> dict[str, Any]:
        return dict(zip(self.list_export, row_of(item), strict=True))


def row_of(order: Order) -> Iterable[Any]:
    """The cells of an order in an export; amounts as decimal numbers."""
    lines = list(order.lines.all())
    amounts = [order.goods_amount, order.shipping_amount, order.total, order.refunded]
    return [
        order.number, order.placed_at, order.paid_at, state_words(order),
        order.concern_words, order.name, order.email, order.phone,
        ", ".join(part for part in (order.line1, order.line2) if part), order.postcode, order.city, order.country,
        ", ".join(f"{line.quantity} × {line.shown_title}" for line in lines),
        ", ".join(dict.fromkeys(line.source_title for line in lines if line.source_title)),
        *[money.to_decimal(amount, order.currency) for amount in amounts], order.currency, order.shown_delivery,
        ", ".join(parcel.tracking for parcel in order.parcels.all() if parcel.tracking), order.note,
    ]  # fmt: skip


def results(request: HttpRequest) -> HttpResponseBase:
    """Only the rows, for the search as one types."""
    return OrderList.as_view(results_only=True)(request)
