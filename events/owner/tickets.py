"""Kinds of tickets: another one, its words and window, another price."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events import hosting
from events.models import Ticket
from events.owner.event_page import EventScreen, note_down
from events.owner.forms_ticket import PriceForm, TicketForm


class AddTicket(EventScreen):
    """Another kind of ticket."""

    template_name = "events/owner/edit.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TicketForm(request.POST, event=self.event)
        if not form.is_valid():
            return self.show(422, form=form)
        price, own = form.cleaned_data["price"], form.cleaned_data["own"]
        made = hosting.add_ticket(self.event, price=price, own=own, offer=form.offer_given(), **form.fields_given())
        note_down(request, self.event, "ticket", name=made.name)
        messages.success(request, _("On sale."))
        return self.back()


class TicketEdit(EventScreen):
    """Its words, for whom it is, when it is sold, what it asks; or not sold any more."""

    template_name = "events/owner/edit.html"

    def found(self) -> Ticket:
        return get_object_or_404(self.event.tickets.select_related("offer"), pk=self.kwargs["ticket"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=TicketForm(event=self.event, ticket=self.found()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ticket = self.found()
        form = TicketForm(request.POST, event=self.event, ticket=ticket)
        if not form.is_valid():
            return self.show(422, form=form)
        hosting.change_ticket(ticket, offer=form.offer_given(), **form.fields_given())
        note_down(request, self.event, "ticket_change", name=ticket.name, fields=form.changed_data)
        messages.success(request, _("Saved."))
        return self.back()


class Price(EventScreen):
    """Another price for a kind of ticket."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ticket = get_object_or_404(self.event.tickets.select_related("offer"), pk=kwargs["ticket"])
        form = PriceForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("This is no price: 12,50 for instance."))
            return self.back()
        hosting.price(ticket, form.cleaned_data["price"], by=request.user)
        note_down(request, self.event, "price", ticket=ticket.name, amount=form.cleaned_data["price"])
        messages.success(request, _("The new price holds from now on."))
        return self.back()
