"""Who comes to one meeting and who waits: search, answers, export."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import BaseListingView

from core import dates
from core.models import Shop
from events import asking, waiting
from events.models import CheckIn, Event, Seat, WaitingEntry
from store.owner.exports import SafeExport
from store.owner.pages import HOME, NeedsPermission


def said(seat: Seat) -> str:
    """The answers in words."""
    words = {key: label for key, label, _needed in asking.questions(seat.ticket, "fr")}
    return ", ".join(f"{words.get(key, key)} {answer}" for key, answer in seat.answers.items())


class OfEvent(NeedsPermission, SafeExport, BaseListingView):
    """A list of one event: `name` is that of its address, `heading` its title, `file` that of its export."""

    permission = "events.view_event"
    template_name = "wagtailadmin/generic/listing.html"
    header_icon = "group"
    is_searchable = True
    paginate_by = 100
    event: Event
    name: str
    heading: Any
    file: str

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.event = get_object_or_404(Event, shop=Shop.objects.current(), pk=kwargs["pk"])
        self.export_filename = f"{self.file}-{self.event.pk}"
        super().setup(request, *args, **kwargs)

    def get_index_url(self) -> str:
        return reverse(f"meetings:{self.name}", args=[self.event.pk])

    def get_index_results_url(self) -> str:
        return reverse(f"meetings:{self.name}_results", args=[self.event.pk])

    def get_page_title(self) -> str:
        return _("%(list)s: %(event)s") % {"list": self.heading, "event": self.event.name}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("meetings:event", args=[self.event.pk]), "label": self.event.name}
        receive = {"url": reverse("meetings:events"), "label": _("Receive")}
        return [*HOME, receive, above, {"url": "", "label": str(self.heading)}]

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(self.having(self.search_query.strip())) if self.is_searching else queryset

    def having(self, words: str) -> Q:
        """What a search looks at."""
        raise NotImplementedError

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            return self.as_spreadsheet(context["object_list"], self.request.GET["export"])
        return super().render_to_response(context, **kwargs)


class Roster(OfEvent):
    """Valid seats by name; the others where somebody is searched for."""

    model = Seat
    name, heading, file = "roster", gettext_lazy("Who comes"), "places"
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

    def get_base_queryset(self) -> QuerySet[Seat]:
        came = CheckIn.objects.filter(seat=OuterRef("pk"), undone_at=None)
        rows = Seat.objects.filter(event=self.event).select_related("line__order", "ticket").annotate(came=Exists(came))
        return rows if self.is_searching else rows.filter(state=Seat.State.VALID)

    def having(self, words: str) -> Q:
        of_order = Q(line__order__number__icontains=words) | Q(line__order__name__icontains=words)
        return Q(holder__icontains=words) | Q(email__icontains=words) | of_order

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        cells = [
            item.reference, item.holder or item.line.order.name, item.email, item.ticket.name, said(item), item.get_state_display(),
            _("yes") if item.came else "",
        ]  # fmt: skip
        return dict(zip(self.list_export, cells, strict=True))


class Waiting(OfEvent):
    """Who waits, in order; who took a place, left or did not answer where somebody is searched for."""

    model = WaitingEntry
    name, heading, file = "waiting", gettext_lazy("Waiting list"), "attente"
    default_ordering = "pk"
    verbose_name_plural = gettext_lazy("groups")
    export_headings = {
        "name": gettext_lazy("Name"), "email": gettext_lazy("E-mail"), "size": gettext_lazy("How many"),
        "state": gettext_lazy("State"), "joined": gettext_lazy("On the list since"), "until": gettext_lazy("Offered until"),
    }  # fmt: skip
    list_export = list(export_headings)
    columns = [
        Column("name", label=gettext_lazy("Name")),
        Column("size", label=gettext_lazy("How many"), classname="owner-amount"),
        Column("email", label=gettext_lazy("E-mail"), classname="owner-wide"),
        Column("state", label=gettext_lazy("State"), accessor=lambda row: row.get_state_display()),
        Column("joined_at", label=gettext_lazy("On the list since"), accessor=lambda row: dates.words(row.joined_at, "j F, H:i")),
        Column("offer_until", label=gettext_lazy("Offered until"), accessor=lambda row: dates.words(row.offer_until, "j F, H:i") if row.offer_until else ""),
    ]  # fmt: skip

    def get_base_queryset(self) -> QuerySet[WaitingEntry]:
        rows = WaitingEntry.objects.filter(event=self.event)
        return rows if self.is_searching else rows.filter(state__in=waiting.ALIVE)

    def having(self, words: str) -> Q:
        return Q(name__icontains=words) | Q(email__icontains=words)

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        cells = [item.name, item.email, item.size, item.get_state_display(), item.joined_at, item.offer_until]
        return dict(zip(self.list_export, cells, strict=True))


def results(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Only the rows, for the search as one types."""
    return Roster.as_view(results_only=True)(request, pk=pk)


def waiting_results(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Only the rows of the waiting list."""
    return Waiting.as_view(results_only=True)(request, pk=pk)
