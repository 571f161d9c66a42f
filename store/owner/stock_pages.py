"""The stock: every pool, what moved it and why; count, receive, lose."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView

from core.models import Shop
from core.paging import paginate
from store import desk, stock
from store.models import Stock, StockMove
from store.owner.dates import DateInput
from store.owner.exports import SafeExport
from store.owner.pages import HOME, NeedsPermission, OwnerPage, note_down


def pools() -> QuerySet[Stock]:
    """All pools of the shop with `held` and `free`."""
    return Stock.objects.filter(shop=Shop.objects.current()).annotate(
        held=desk.held_units(), free=F("on_hand") - F("held")
    )


class StockFilters(WagtailFilterSet):
    """What runs low, what is sold out, what was promised and is not there."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), method="by_state", empty_label=gettext_lazy("All"),
        choices=[("low", gettext_lazy("runs low")), ("out", gettext_lazy("sold out")), ("short", gettext_lazy("too few for what is promised"))],
    )  # fmt: skip

    class Meta:
        model = Stock
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Stock], _name: str, value: str) -> QuerySet[Stock]:
        wanted = {"low": Q(free__lte=F("low_at")), "out": Q(free__lte=0), "short": Q(free__lt=0)}
        return rows.filter(wanted[value])


def free_cell(pool: Any) -> str:
    """The free units, marked when they are few."""
    kind = "short" if pool.free < 0 else "out" if pool.free == 0 else "low" if pool.free <= pool.low_at else "well"
    return format_html('<span class="owner-free owner-free--{}">{}</span>', kind, pool.free)


class StockList(NeedsPermission, SafeExport, BaseListingView):
    """All pools."""

    permission = "store.view_stock"
    model = Stock
    template_name = "wagtailadmin/generic/listing.html"
    results_template_name = "store/owner/stock_results.html"
    page_title = gettext_lazy("Stock")
    header_icon = "clipboard-list"
    breadcrumbs_items = HOME
    index_url_name = "owner:stock"
    index_results_url_name = "owner:stock_results"
    filterset_class = StockFilters
    is_searchable = True
    search_fields = ["name"]
    paginate_by = 50
    default_ordering = "name"
    verbose_name_plural = gettext_lazy("stocks")
    export_filename = "stock"
    export_headings = {
        "name": gettext_lazy("Name"), "on_hand": gettext_lazy("On hand"), "held": gettext_lazy("Promised"), "free": gettext_lazy("Free units"),
        "low_at": gettext_lazy("Warn me at"), "back_on": gettext_lazy("Back around"),
    }  # fmt: skip
    list_export = list(export_headings)
    columns = [
        TitleColumn(
            "name",
            label=gettext_lazy("Name"),
            get_url=lambda row: reverse("owner:pool", args=[row.pk]),
            sort_key="name",
        ),
        Column("on_hand", label=gettext_lazy("On hand"), classname="owner-amount", sort_key="on_hand"),
        Column("held", label=gettext_lazy("Promised"), classname="owner-amount", sort_key="held"),
        Column("free", label=gettext_lazy("Free units"), accessor=free_cell, classname="owner-amount", sort_key="free"),
        Column("low_at", label=gettext_lazy("Warn me at"), classname="owner-amount"),
    ]

    def get_base_queryset(self) -> QuerySet[Stock]:
        return pools()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_narrowed": bool(self.is_searching or self.is_filtering)}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            return self.as_spreadsheet(context["object_list"], self.request.GET["export"])
        return super().render_to_response(context, **kwargs)


def results(request: HttpRequest) -> HttpResponseBase:
    """Only the rows, for the search as one types."""
    return StockList.as_view(results_only=True)(request)


class MoveForm(forms.Form):
    """What happened to the units."""

    KINDS = [
        ("received", gettext_lazy("Received: so many more")),
        ("counted", gettext_lazy("Counted: so many are there")),
        ("lost", gettext_lazy("Lost or broken: so many fewer")),
        ("used", gettext_lazy("Used or given away: so many fewer")),
    ]
    kind = forms.ChoiceField(
        label=gettext_lazy("What happened?"), choices=KINDS, widget=forms.RadioSelect, initial="received"
    )
    units = forms.IntegerField(label=gettext_lazy("Units"), min_value=0, max_value=100_000)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") != "counted" and data.get("units") == 0:
            self.add_error("units", _("Type at least 1."))
        return data


class PoolForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """When to warn, and what to tell buyers while nothing is left."""

    class Meta:
        model = Stock
        fields = ["low_at", "back_on"]
        widgets = {"back_on": DateInput}


class PoolPage(OwnerPage):
    """One pool: its figures, its moves, and a form for what happened."""

    permission = "store.view_stock"
    template_name = "store/owner/pool.html"
    trail = (("owner:stock", gettext_lazy("Stock")),)
    header_icon = "clipboard-list"
    pool: Any

    def get_page_title(self) -> str:
        return self.pool.name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(MoveForm(initial={"kind": request.GET.get("kind", "received")}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("store.change_stock"):
            return redirect("owner:pool", kwargs["pk"])
        self.pool = self.find()
        if "settings" in request.POST:
            return self.save_settings(request)
        form = MoveForm(request.POST)
        if not form.is_valid() or not self.move(form):
            return self.show(form, status=422)
        messages.success(request, _("Written down: %(n)s on hand.") % {"n": self.find().on_hand})
        return redirect("owner:pool", self.pool.pk)

    def move(self, form: MoveForm) -> bool:
        """Do it by the verb; False and words on the form when it cannot be."""
        kind, units, note = (form.cleaned_data[name] for name in ("kind", "units", "note"))
        by = self.request.user
        deeds: dict[str, Callable[[], bool]] = {
            "received": lambda: stock.adjust(self.pool, units, StockMove.Reason.RECEIVED, note=note, by=by),
            "counted": lambda: stock.count(self.pool, units, note=note, by=by) or True,
            "lost": lambda: stock.adjust(self.pool, -units, StockMove.Reason.LOST, note=note, by=by),
            "used": lambda: stock.adjust(self.pool, -units, StockMove.Reason.USED, note=note, by=by),
        }
        try:
            deeds[kind]()
        except ValueError:
            form.add_error("units", _("Only %(n)s on hand.") % {"n": self.find().on_hand})
            return False
        note_down(self.request, self.pool, "stock", kind=kind, units=units, note=note)
        return True

    def save_settings(self, request: HttpRequest) -> HttpResponse:
        form = PoolForm(request.POST, instance=Stock.objects.get(pk=self.pool.pk))
        if not form.is_valid():
            return self.show(MoveForm(), form, status=422)
        Stock.objects.filter(pk=self.pool.pk).update(**form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("owner:pool", self.pool.pk)

    def find(self) -> Any:
        return get_object_or_404(pools(), pk=self.kwargs["pk"])

    def show(self, form: MoveForm, settings: PoolForm | None = None, status: int = 200) -> HttpResponse:
        self.pool = self.find()
        settings = settings or PoolForm(instance=self.pool)
        holds = self.pool.holds.filter(state__in=desk.LIVE_HOLDS).select_related("line__order").order_by("made_at")
        context = {
            **self.get_context_data(), "pool": self.pool, "form": form, "settings": settings, "media": settings.media,
            "holds": holds[:100], "moves": paginate(self.request, self.pool.moves.select_related("by"), 30),
            "now": timezone.now(), "may_change": self.request.user.has_perm("store.change_stock"),
        }  # fmt: skip
        return self.render_to_response(context, status=status)
