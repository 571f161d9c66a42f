"""All meetings with who comes and who waits."""

from typing import Any

import django_filters
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView
from wagtail.admin.widgets import HeaderButton

from core.models import Shop
from events import cards
from events.models import Event, Seat, WaitingEntry
from store.owner.exports import SafeExport
from store.owner.pages import HOME, NeedsPermission

WAITS = ("waiting", "offered")


def counted(shop: Shop) -> QuerySet[Event]:
    """The shop's events with `taken` and `people_waiting`."""
    waits = WaitingEntry.objects.filter(event=OuterRef("pk"), state__in=WAITS).order_by().values("event")
    return Event.objects.for_shop(shop).annotate(
        taken=Count("seats", filter=Q(seats__state=Seat.State.VALID)),
        people_waiting=Subquery(waits.annotate(people=Sum("size")).values("people")),
    )


class EventFilters(WagtailFilterSet):
    """Coming, over or cancelled."""

    time = django_filters.ChoiceFilter(
        label=gettext_lazy("When"), method="by_time", empty_label=gettext_lazy("All"),
        choices=[("coming", gettext_lazy("coming")), ("past", gettext_lazy("over")), ("cancelled", gettext_lazy("cancelled"))],
    )  # fmt: skip

    class Meta:
        model = Event
        fields = ["kind"]

    def by_time(self, rows: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        now = timezone.now()
        wanted = {
            "coming": Q(ends_at__gt=now),
            "past": Q(ends_at__lte=now),
            "cancelled": Q(state=Event.State.CANCELLED),
        }
        return rows.filter(wanted[value])


def places(event: Any) -> str:
    """ "12 / 40"."""
    return f"{event.taken} / {event.capacity}" if event.capacity else str(event.taken)


class EventList(NeedsPermission, SafeExport, BaseListingView):
    """All meetings."""

    permission = "events.view_event"
    model = Event
    template_name = "wagtailadmin/generic/listing.html"
    page_title = gettext_lazy("Receive")
    header_icon = "date"
    breadcrumbs_items = HOME
    index_url_name = "meetings:events"
    index_results_url_name = "meetings:events_results"
    filterset_class = EventFilters
    is_searchable = True
    search_fields = ["name", "venue_city"]
    paginate_by = 50
    default_ordering = "-starts_at"
    verbose_name_plural = gettext_lazy("events")
    export_filename = "agenda"
    export_headings = {
        "name": gettext_lazy("Name"), "starts_at": gettext_lazy("begins"), "taken": gettext_lazy("Seats"), "capacity": gettext_lazy("places in all"),
        "people_waiting": gettext_lazy("They wait"), "state": gettext_lazy("State"),
    }  # fmt: skip
    list_export = list(export_headings)
    columns = [
        TitleColumn("name", label=gettext_lazy("Name"), get_url=lambda row: reverse("meetings:event", args=[row.pk]), sort_key="name"),
        Column("starts_at", label=gettext_lazy("When"), accessor=cards.when, sort_key="starts_at", classname="owner-wide"),
        Column("taken", label=gettext_lazy("Seats"), accessor=places, classname="owner-amount", sort_key="taken"),
        Column("people_waiting", label=gettext_lazy("They wait"), accessor=lambda row: row.people_waiting or "", classname="owner-amount"),
        Column("state", label=gettext_lazy("State"), accessor=lambda row: row.get_state_display(), sort_key="state"),
    ]  # fmt: skip

    def get_base_queryset(self) -> QuerySet[Event]:
        return counted(Shop.objects.current())

    def get_header_buttons(self) -> list[Any]:
        make = HeaderButton(gettext_lazy("New event"), url=reverse("meetings:new"), icon_name="plus")
        return [make, *super().get_header_buttons()]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            return self.as_spreadsheet(context["object_list"], self.request.GET["export"])
        return super().render_to_response(context, **kwargs)


def results(request: HttpRequest) -> HttpResponseBase:
    """Only the rows, for the search as one types."""
    return EventList.as_view(results_only=True)(request)
