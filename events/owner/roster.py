"""Who comes to one meeting: search, answers, export."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import BaseListingView

from core.models import Shop
from events import asking
from events.models import CheckIn, Event, Seat
from store.owner.exports import SafeExport
from store.owner.pages import HOME, NeedsPermission


def said(seat: Seat) -> str:
    """The answers in words."""
    words = {key: label for key, label, _needed in asking.questions(seat.ticket, "fr")}
    return ", ".join(f"{words.get(key, key)} {answer}" for key, answer in seat.answers.items())


class Roster(NeedsPermission, SafeExport, BaseListingView):
    """Valid seats by name; the others where somebody is searched for."""

    permission = "events.view_event"
    model = Seat
    template_name = "wagtailadmin/generic/listing.html"
    header_icon = "group"
    is_searchable = True
    paginate_by = 100
    default_ordering = "holder"
    verbose_name_plural = gettext_lazy("seats")
    export_headings = {
        "reference": gettext_lazy("Seat"), "holder": gettext_lazy("Name"), "email": gettext_lazy("E-mail"), "ticket": gettext_lazy("Ticket"),
        "answers": gettext_lazy("Answers"), "state": gettext_lazy("State"), "came": gettext_lazy("Came in"),
    }  # fmt: skip
    list_export = list(export_headings)
    columns = [
        Column("holder", label=gettext_lazy("Name"), accessor=lambda seat: seat.holder or seat.line.order.name, sort_key="holder"),
        Column("reference", label=gettext_lazy("Seat"), accessor=lambda seat: seat.reference),
        Column("email", label=gettext_lazy("E-mail"), sort_key="email"),
        Column("ticket", label=gettext_lazy("Ticket"), accessor=lambda seat: seat.ticket.name),
        Column("answers", label=gettext_lazy("Answers"), accessor=said, classname="owner-wide"),
        Column("state", label=gettext_lazy("State"), accessor=lambda seat: seat.get_state_display()),
        Column("came", label=gettext_lazy("Came in"), accessor=lambda seat: _("yes") if seat.came else ""),
    ]  # fmt: skip
    event: Event

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.event = get_object_or_404(Event, shop=Shop.objects.current(), pk=kwargs["pk"])
        self.export_filename = f"places-{self.event.pk}"
        super().setup(request, *args, **kwargs)

    def get_index_url(self) -> str:
        return reverse("meetings:roster", args=[self.event.pk])

    def get_index_results_url(self) -> str:
        return reverse("meetings:roster_results", args=[self.event.pk])

    def get_page_title(self) -> str:
        return _("Who comes: %(event)s") % {"event": self.event.name}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("meetings:event", args=[self.event.pk]), "label": self.event.name}
        return [
            *HOME,
            {"url": reverse("meetings:events"), "label": _("Receive")},
            above,
            {"url": "", "label": _("Who comes")},
        ]

    def get_base_queryset(self) -> QuerySet[Seat]:
        came = CheckIn.objects.filter(seat=OuterRef("pk"), undone_at=None)
        rows = Seat.objects.filter(event=self.event).select_related("line__order", "ticket").annotate(came=Exists(came))
        return rows if self.is_searching else rows.filter(state=Seat.State.VALID)

    def search_queryset(self, queryset: QuerySet[Seat]) -> QuerySet[Seat]:
        if not self.is_searching:
            return queryset
        words = self.search_query.strip()
        by = Q(holder__icontains=words) | Q(email__icontains=words) | Q(line__order__number__icontains=words)
        return queryset.filter(by | Q(line__order__name__icontains=words))

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        cells = [
            item.reference, item.holder or item.line.order.name, item.email, item.ticket.name, said(item), item.get_state_display(),
            _("yes") if item.came else "",
        ]  # fmt: skip
        return dict(zip(self.list_export, cells, strict=True))

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            return self.as_spreadsheet(context["object_list"], self.request.GET["export"])
        return super().render_to_response(context, **kwargs)


def results(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Only the rows, for the search as one types."""
    return Roster.as_view(results_only=True)(request, pk=pk)
