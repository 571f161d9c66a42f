"""Appointments, what is offered and when: the owner's screens."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView
from wagtail.admin.widgets import HeaderButton
from wagtail.log_actions import log

from core import money
from core.models import Shop
from events import appointments, busy, coaching, receiving
from events.models import Booking, Service
from events.owner.forms_coaching import SERVICE, HoursForm, MoveForm, ServiceForm
from store import pricing
from store.models import Offer
from store.owner.exports import SafeExport
from store.owner.pages import HOME, NeedsPermission, OwnerPage

TRAIL = (("meetings:appointments", gettext_lazy("Appointments")),)


class BookingFilters(WagtailFilterSet):
    """Coming or over."""

    time = django_filters.ChoiceFilter(
        label=gettext_lazy("When"), method="by_time", empty_label=gettext_lazy("All"),
        choices=[("coming", gettext_lazy("coming")), ("past", gettext_lazy("over"))],
    )  # fmt: skip

    class Meta:
        model = Booking
        fields = ["state"]

    def by_time(self, rows: QuerySet[Booking], _name: str, value: str) -> QuerySet[Booking]:
        now = timezone.now()
        return rows.filter(ends_at__gt=now) if value == "coming" else rows.filter(ends_at__lte=now)


class Appointments(NeedsPermission, SafeExport, BaseListingView):
    """All of them, the latest first."""

    permission = "events.view_event"
    model = Booking
    template_name = "wagtailadmin/generic/listing.html"
    page_title = gettext_lazy("Appointments")
    header_icon = "calendar-alt"
    breadcrumbs_items = HOME
    index_url_name = "meetings:appointments"
    index_results_url_name = "meetings:appointments_results"
    filterset_class = BookingFilters
    is_searchable = True
    search_fields = ["name", "email"]
    paginate_by = 50
    default_ordering = "-starts_at"
    verbose_name_plural = gettext_lazy("appointments")
    export_filename = "rendez-vous"
    export_headings = {
        "name": gettext_lazy("Name"), "email": gettext_lazy("E-mail"), "service": gettext_lazy("Service"),
        "starts_at": gettext_lazy("begins"), "state": gettext_lazy("State"),
    }  # fmt: skip
    list_export = list(export_headings)
    columns = [
        TitleColumn("name", label=gettext_lazy("Name"), get_url=lambda row: reverse("meetings:appointment", args=[row.pk]), sort_key="name"),
        Column("service", label=gettext_lazy("Service"), accessor=lambda row: row.service.name),
        Column("starts_at", label=gettext_lazy("When"), accessor=lambda row: appointments.when(row.service, row.starts_at), sort_key="starts_at"),
        Column("state", label=gettext_lazy("State"), accessor=lambda row: row.get_state_display(), sort_key="state"),
    ]  # fmt: skip

    def get_base_queryset(self) -> QuerySet[Booking]:
        return Booking.objects.for_shop(Shop.objects.current()).select_related("service__calendar")

    def get_header_buttons(self) -> list[Any]:
        doors = [
            HeaderButton(gettext_lazy("Services"), url=reverse("meetings:services"), icon_name="list-ul"),
            HeaderButton(gettext_lazy("Opening hours"), url=reverse("meetings:hours"), icon_name="date"),
        ]
        return [*doors, *super().get_header_buttons()]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            return self.as_spreadsheet(context["object_list"], self.request.GET["export"])
        return super().render_to_response(context, **kwargs)


def results(request: HttpRequest) -> HttpResponseBase:
    """Only the rows, for the search as one types."""
    return Appointments.as_view(results_only=True)(request)


class Screen(OwnerPage):
    """Looking needs less than writing."""

    permission = "events.view_event"
    trail: tuple[tuple[str, Any], ...] = TRAIL
    header_icon = "calendar-alt"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            self.permission = "events.change_event"
        return super().dispatch(request, *args, **kwargs)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return self.render_to_response({**self.get_context_data(), **context}, status=status)


class Appointment(Screen):
    """One appointment: another time for it, or cancelled with its price back. The customer is told by mail."""

    template_name = "events/owner/appointment.html"
    page_title = gettext_lazy("Appointment")

    def found(self) -> Booking:
        rows = Booking.objects.for_shop(Shop.objects.current()).select_related("service__calendar", "line__order")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def look(self, row: Booking, form: MoveForm | None = None, status: int = 200) -> HttpResponse:
        zone = row.service.calendar.zone
        form = form or MoveForm(zone=zone, initial={"begins": row.local_start.replace(tzinfo=None)})
        return self.show(status, booking=row, when=appointments.when(row.service, row.starts_at), form=form)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.look(self.found())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.found()
        if "begins" in request.POST:
            return self.move(request, row)
        coaching.cancel(row, by=request.user)
        log(instance=row, action="events.appointment_cancel", user=request.user)
        messages.success(request, _("The appointment is cancelled; what was paid goes back."))
        return redirect("meetings:appointment", row.pk)

    def move(self, request: HttpRequest, row: Booking) -> HttpResponse:
        form = MoveForm(request.POST, zone=row.service.calendar.zone)
        try:
            if form.is_valid():
                coaching.move(row, form.moment, by=request.user)
        except coaching.NoChange as refusal:
            form.add_error("begins", refused(refusal.reason))
        if form.errors:
            return self.look(row, form, 422)
        log(instance=row, action="events.appointment_move", user=request.user)
        messages.success(request, _("The appointment has moved; a mail tells it."))
        return redirect("meetings:appointment", row.pk)


def refused(reason: str) -> str:
    """Why the owner cannot move it there."""
    known = {
        "ended": _("It is cancelled."),
        "taken": _("This time is taken."),
        "early": _("The customer did not ask to begin before the 14 days to withdraw are over: take a later time, or let them move it themselves."),
    }  # fmt: skip
    return known.get(reason, _("A time to come, in quarters of an hour."))


class Services(Screen):
    """What is offered, each with its price."""

    template_name = "events/owner/services.html"
    page_title = gettext_lazy("Services")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Service.objects.filter(calendar__shop=Shop.objects.current()).select_related("offer")
        rows = list(found.prefetch_related("packs__offer"))
        quotes = pricing.quotes(
            [offer for row in rows for offer in (row.offer, *(pack.offer for pack in row.packs.all()))]
        )

        def price(offer: Offer) -> str:
            return money.text(quotes[offer.pk].unit, offer.currency) if offer.pk in quotes else ""

        shown = [
            {"service": row, "price": price(row.offer), "packs": [{"pack": one, "price": price(one.offer)} for one in row.packs.all()]}
            for row in rows
        ]  # fmt: skip
        return {**super().get_context_data(**kwargs), "rows": shown}


class ServiceEdit(Screen):
    """A new one, or one that is there."""

    template_name = "events/owner/edit.html"
    trail = (*TRAIL, ("meetings:services", gettext_lazy("Services")))
    page_title = gettext_lazy("Service")

    def found(self) -> Service | None:
        rows = Service.objects.filter(calendar__shop=Shop.objects.current()).select_related("offer")
        return get_object_or_404(rows, pk=self.kwargs["pk"]) if "pk" in self.kwargs else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=ServiceForm(instance=self.found()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row, shop = self.found(), Shop.objects.current()
        form = ServiceForm(request.POST, instance=self.found())
        if not form.is_valid():
            return self.show(422, form=form)
        fields = {name: form.cleaned_data[name] for name in SERVICE}
        price = form.cleaned_data["price"]
        if row is None:
            row = receiving.make(receiving.calendar_of(shop), price=price, by=request.user, **fields)
        else:
            receiving.change(row, fields, price=price, is_on_sale=form.cleaned_data["is_on_sale"], by=request.user)
        log(instance=row, action="events.service", user=request.user)
        messages.success(request, _("Saved."))
        return redirect("meetings:services")


class Hours(Screen):
    """The week, and the days that are not like it."""

    template_name = "events/owner/edit.html"
    page_title = gettext_lazy("Opening hours")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=HoursForm(initial=HoursForm.told(receiving.calendar_of(Shop.objects.current()))))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        calendar, form = receiving.calendar_of(Shop.objects.current()), HoursForm(request.POST)
        if not form.is_valid():
            return self.show(422, form=form)
        receiving.set_hours(calendar, form.weekly, form.days)
        busy.follow_only(calendar, form.addresses)
        log(instance=calendar, action="events.hours", user=request.user)
        messages.success(request, _("Saved. What is booked stays booked."))
        return redirect("meetings:hours")
