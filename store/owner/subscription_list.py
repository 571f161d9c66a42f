"""All that renews itself: who, what for, how it stands, what is taken next; search, filters, export."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

import django_filters
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView

from core import dates, money
from core.models import Shop
from store import standing
from store.models import OrderLine, Subscription
from store.models.offer import attach_sellables
from store.owner.exports import SafeExport
from store.owner.pages import HOME, NeedsPermission

PAUSED = Q(paused_until__isnull=False) | Q(status=Subscription.Status.PAUSED)
STANDS = {
    "runs": Q(ended_at=None, cancel_at_period_end=False) & ~Q(status__in=standing.LATE) & ~PAUSED,
    "late": Q(ended_at=None, status__in=standing.LATE),
    "ends": Q(ended_at=None, cancel_at_period_end=True),
    "paused": Q(ended_at=None, cancel_at_period_end=False) & PAUSED,
    "ended": Q(ended_at__isnull=False),
}


class SubscriptionFilters(WagtailFilterSet):
    """How it stands, and how often one pays."""

    stands = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), method="by_state", empty_label=gettext_lazy("All"),
        choices=[
            ("runs", gettext_lazy("runs")), ("late", gettext_lazy("a payment failed")),
            ("ends", gettext_lazy("ends with its period")), ("paused", gettext_lazy("paused")),
            ("ended", gettext_lazy("ended")),
        ],
    )  # fmt: skip
    rhythm = django_filters.ChoiceFilter(
        label=gettext_lazy("How often"), field_name="offer__interval", empty_label=gettext_lazy("All"),
        choices=[("month", gettext_lazy("each month")), ("year", gettext_lazy("each year"))],
    )  # fmt: skip

    class Meta:
        model = Subscription
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Subscription], _name: str, value: str) -> QuerySet[Subscription]:
        return rows.filter(STANDS[value])


def priced() -> QuerySet[Subscription]:
    """This shop's, each with what its running plan was paid with last (`last_amount`)."""
    mine = Q(pk=OuterRef("line")) | Q(order__origin=OuterRef("line__order"))
    last = OrderLine.objects.filter(mine, offer=OuterRef("offer")).order_by("-pk").values("unit_amount")[:1]
    rows = Subscription.objects.for_shop(Shop.objects.current()).select_related("line__order", "offer", "next_offer")
    return rows.annotate(last_amount=Subquery(last))


def prepare(rows: Any) -> None:
    """What each is for, in one query for each kind."""
    attach_sellables(row.offer for row in rows)


def next_amount(row: Any) -> str:
    """What is taken next, in words; empty where nothing is."""
    if standing.next_charge(row) is None:
        return ""
    return money.text(row.next_amount or row.last_amount or 0, row.offer.currency)


def next_day(row: Subscription) -> str:
    """When money is taken next; empty where nothing is."""
    at = standing.next_charge(row)
    return dates.words(at, "j N Y") if at else ""


def state_tag(row: Subscription) -> str:
    """How it stands, as a tag."""
    trouble = "attention" if row.is_alive and row.status in standing.LATE else "paid" if row.goes_on else "cancelled"
    return format_html('<span class="owner-state owner-state--{}">{}</span>', trouble, standing.in_a_word(row))


class SubscriptionList(NeedsPermission, SafeExport, BaseListingView):
    """Those that live; the ended ones when a state is chosen or something is searched."""

    model = Subscription
    results_only = False
    template_name = "store/owner/subscriptions.html"
    results_template_name = "store/owner/subscriptions_results.html"
    page_title = gettext_lazy("Subscriptions")
    header_icon = "rotate"
    breadcrumbs_items = HOME
    index_url_name = "owner:subscriptions"
    index_results_url_name = "owner:subscriptions_results"
    filterset_class = SubscriptionFilters
    is_searchable = True
    paginate_by = 25
    default_ordering = "-began_at"
    verbose_name_plural = gettext_lazy("subscriptions")
    export_filename = "abonnements"
    columns = [
        TitleColumn(
            "name", label=gettext_lazy("Name"), accessor=lambda row: row.line.order.name or row.line.order.email,
            get_url=lambda row: reverse("owner:subscription", args=[row.pk]), sort_key="line__order__name",
        ),
        Column("what", label=gettext_lazy("What for"), accessor=lambda row: standing.title(row, "fr"), classname="owner-wide"),
        Column("state", label=gettext_lazy("State"), accessor=state_tag, sort_key="status"),
        Column("next", label=gettext_lazy("Next payment"), accessor=next_day, sort_key="period_end"),
        Column("amount", label=gettext_lazy("Amount"), accessor=next_amount, classname="owner-amount owner-wide"),
        Column(
            "since", label=gettext_lazy("Since"), accessor=lambda row: dates.words(row.began_at, "j N Y"), sort_key="began_at",
            classname="owner-wide",
        ),
    ]  # fmt: skip
    export_headings = {
        "number": gettext_lazy("Order number"), "name": gettext_lazy("Name"), "email": gettext_lazy("E-mail"),
        "what": gettext_lazy("What for"), "state": gettext_lazy("State"), "next": gettext_lazy("Next payment"),
        "amount": gettext_lazy("Amount"), "since": gettext_lazy("Since"), "ended": gettext_lazy("Ended on"),
    }  # fmt: skip
    list_export = list(export_headings)

    def get_base_queryset(self) -> QuerySet[Subscription]:
        rows = priced()
        return rows if self.is_searching or self.request.GET.get("stands") else rows.filter(ended_at=None)

    def search_queryset(self, queryset: QuerySet[Subscription]) -> QuerySet[Subscription]:
        if not self.is_searching:
            return queryset
        words = self.search_query.strip()
        order = ("number", "name", "email")
        by = [Q(**{f"line__order__{name}__icontains": words}) for name in order]
        return queryset.filter(by[0] | by[1] | by[2] | Q(line__title__icontains=words))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.is_export:
            prepare(context["object_list"])
        return {**context, "is_narrowed": bool(self.is_searching or self.is_filtering)}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            return self.as_spreadsheet(self._all(context["object_list"]), self.request.GET["export"])
        return super().render_to_response(context, **kwargs)

    def _all(self, rows: QuerySet[Subscription]) -> Iterator[Subscription]:
        for chunk in batched(rows.iterator(chunk_size=500), 500, strict=False):
            prepare(chunk)
            yield from chunk

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        order, at = item.line.order, standing.next_charge(item)
        amount = money.to_decimal(item.next_amount or item.last_amount or 0, item.offer.currency) if at else None
        cells = [order.number, order.name, order.email, standing.title(item, "fr"), standing.in_a_word(item), at]
        return dict(zip(self.list_export, [*cells, amount, item.began_at, item.ended_at], strict=True))


def results(request: HttpRequest) -> HttpResponseBase:
    """Only the rows, for the search as one types."""
    return SubscriptionList.as_view(results_only=True)(request)
