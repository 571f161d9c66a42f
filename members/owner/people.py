"""Who belongs: search, filters, export; somebody let in or out by the house."""

from collections.abc import Iterable, Iterator
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import BaseListingView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from core import dates
from core.models import Shop
from members import joining
from members.models import Membership, Tier
from members.owner.forms import CompForm
from members.owner.tiers import CLUB, ClubPage
from store.owner.exports import SafeExport
from store.owner.pages import HOME, NeedsPermission

RIGHT = "members.view_membership"


class PeopleFilters(WagtailFilterSet):
    """State, tier, and whose last payment failed."""

    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=Membership.State.choices)
    tier = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tier"), queryset=Tier.objects.all(), empty_label=gettext_lazy("All")
    )
    is_late = django_filters.BooleanFilter(label=gettext_lazy("Its last payment failed"))

    class Meta:
        model = Membership
        fields: list[str] = []


def until(row: Membership) -> str:
    """Until when, or that it goes on."""
    if row.ends_at is None:
        return _("for good")
    day = dates.words(row.ends_at, "j N Y")
    return _("renews itself, %(day)s") % {"day": day} if row.renews else day


class People(NeedsPermission, SafeExport, BaseListingView):
    """All memberships; the ended ones when a state is chosen or something is searched."""

    permission = RIGHT
    model = Membership
    results_only = False
    template_name = "members/owner/people.html"
    results_template_name = "members/owner/people_results.html"
    page_title = gettext_lazy("Members")
    header_icon = "group"
    breadcrumbs_items = HOME
    index_url_name = "club:people"
    index_results_url_name = "club:people_results"
    filterset_class = PeopleFilters
    is_searchable = True
    paginate_by = 25
    default_ordering = "-starts_at"
    verbose_name_plural = gettext_lazy("memberships")
    export_filename = "membres"
    columns = [
        Column("number", label=gettext_lazy("Card"), classname="owner-number owner-wide"),
        Column("name", label=gettext_lazy("Name"), accessor=lambda row: row.name or row.email, sort_key="name"),
        Column("email", label=gettext_lazy("E-mail"), classname="owner-wide"),
        Column("tier", label=gettext_lazy("Tier")),
        Column("state", label=gettext_lazy("State"), accessor=lambda row: row.get_state_display(), sort_key="state"),
        Column(
            "starts_at", label=gettext_lazy("Since"), accessor=lambda row: dates.words(row.starts_at, "j N Y"), sort_key="starts_at",
            classname="owner-wide",
        ),
        Column("ends_at", label=gettext_lazy("Until"), accessor=until, sort_key="ends_at"),
    ]  # fmt: skip
    export_headings = {
        "number": gettext_lazy("Card"), "name": gettext_lazy("Name"), "email": gettext_lazy("E-mail"), "tier": gettext_lazy("Tier"),
        "state": gettext_lazy("State"), "since": gettext_lazy("Since"), "until": gettext_lazy("Until"),
    }  # fmt: skip
    list_export = list(export_headings)

    def get_base_queryset(self) -> QuerySet[Membership]:
        rows = Membership.objects.filter(tier__shop=Shop.objects.current()).select_related("tier")
        return rows if self.is_searching or self.request.GET.getlist("state") else rows.open()

    def search_queryset(self, queryset: QuerySet[Membership]) -> QuerySet[Membership]:
        if not self.is_searching:
            return queryset
        words = self.search_query.strip()
        return queryset.filter(Q(number__icontains=words) | Q(name__icontains=words) | Q(email__icontains=words))

    def get_header_buttons(self) -> list[Any]:
        return [HeaderButton(_("Let somebody in"), url="new/", icon_name="plus"), *super().get_header_buttons()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_narrowed": bool(self.is_searching or self.is_filtering)}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            return self.as_spreadsheet(self._all(context["object_list"]), self.request.GET["export"])
        return super().render_to_response(context, **kwargs)

    def _all(self, rows: QuerySet[Membership]) -> Iterator[Membership]:
        yield from rows.iterator(chunk_size=500)

    def to_row_dict(self, item: Membership) -> dict[str, Any]:
        return dict(zip(self.list_export, cells(item), strict=True))


def cells(row: Membership) -> Iterable[Any]:
    """The cells of a membership in an export."""
    return [row.number, row.name, row.email, row.tier.name, row.get_state_display(), row.starts_at, row.ends_at]


def results(request: HttpRequest) -> HttpResponseBase:
    """Only the rows, for the search as one types."""
    return People.as_view(results_only=True)(request)


class LetIn(ClubPage):
    """Somebody belongs without paying."""

    template_name = "members/owner/let_in.html"
    page_title = gettext_lazy("Let somebody in")
    trail = (*CLUB, ("club:people", gettext_lazy("Members")))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(CompForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CompForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        tier, email = form.cleaned_data.pop("tier"), form.cleaned_data.pop("email")
        row = joining.comp(tier, email, by=request.user, **form.cleaned_data)
        log(instance=row, action="members.comp", user=request.user)
        messages.success(request, _("Welcome to them: a mail is on its way."))
        return redirect("club:people")

    def show(self, form: CompForm, status: int = 200) -> HttpResponse:
        return self.render_to_response({**self.get_context_data(), "form": form}, status=status)


class ShowOut(NeedsPermission, View):
    """A membership ends now; what was paid is given back from its order."""

    permission = "members.change_tier"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Membership, tier__shop=Shop.objects.current(), pk=pk)
        if joining.end(row, by=request.user):
            log(instance=row, action="members.end", user=request.user)
            messages.success(request, _("It has ended."))
        return redirect("club:people")
