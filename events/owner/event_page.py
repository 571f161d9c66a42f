"""One meeting as its owner sees it: figures, tickets, dates, places, who waits; moved and cancelled from here."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Locale

from core import dates, money
from core.models import Shop
from events import cards, hosting, rooms, waiting, writing
from events.models import Event
from events.owner.event_list import counted
from events.owner.forms import (
    FACTS,
    RULES,
    AfterwardsForm,
    CancelForm,
    EventForm,
    NewForm,
    PlacesForm,
    WhenForm,
)
from events.owner.forms_ticket import TicketForm
from store import pricing
from store.models import Offer
from store.owner.pages import OwnerPage

TAKEN = Q(seats__state="valid")
FIRST = 10
"""Of the waiting list, beside the tickets; the whole has a screen of its own."""


def note_down(request: HttpRequest, event: Event, action: str, **data: Any) -> None:
    """Into Wagtail's log, which says who did what in the whole site."""
    log(instance=event, action=f"events.{action}", user=request.user, data=data or None)


def window(event: Event, offer: Offer) -> str:
    """When a kind of ticket is sold, on the clock of the place; empty: from now until it begins."""
    ends = offer.sale_until if offer.sale_until != event.starts_at else None
    edges = [(_("from %(when)s"), offer.sale_from), (_("until %(when)s"), ends)]
    return ", ".join(said % {"when": dates.words(at, "j F, H:i", event.zone)} for said, at in edges if at)


class EventScreen(OwnerPage):
    """What all screens of one event share; writing needs more than looking."""

    permission = "events.view_event"
    trail = (("meetings:events", gettext_lazy("Receive")),)
    header_icon = "date"
    event: Event

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.event = get_object_or_404(counted(Shop.objects.current()), pk=kwargs["pk"])
        if request.method == "POST":
            self.permission = "events.change_event"
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.event.name

    def get_page_subtitle(self) -> str:
        return cards.when(self.event)

    def back(self) -> HttpResponse:
        return redirect("meetings:event", self.event.pk)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return self.render_to_response({**self.get_context_data(), **context}, status=status)


class EventPage(EventScreen):
    """The event at a glance; its forms each have their own address."""

    template_name = "events/owner/event.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.event
        tickets: Any = event.tickets.select_related("offer__shop").annotate(taken=Count("seats", filter=TAKEN))
        quotes = pricing.quotes([ticket.offer for ticket in tickets])
        rows = [
            {
                "ticket": ticket, "offer": ticket.offer,
                "price": money.text(quotes[ticket.offer_id].unit, ticket.offer.currency) if ticket.offer_id in quotes else "",
                "taken": ticket.taken, "window": window(event, ticket.offer),
            }
            for ticket in tickets
        ]  # fmt: skip
        return {
            **super().get_context_data(**kwargs),
            "event": event,
            "tickets": rows,
            "pages": list(event.pages.select_related("locale")),
            "untold": writing.untold(event),
            "waiting": list(event.waiting.filter(state__in=waiting.ALIVE)[:FIRST]),
            "failures": hosting.failures(event),
            "places_form": PlacesForm(initial={"capacity": event.capacity}),
            "ticket_form": TicketForm(event=event),
            "may_change": self.request.user.has_perm("events.change_event"),
        }


class WritePage(EventScreen):
    """Its page in one more language, begun as a draft and opened in the editor."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        locale = get_object_or_404(Locale, language_code=kwargs["code"])
        page = writing.draft(self.event, locale, by=request.user)
        note_down(request, self.event, "page", language=locale.language_code)
        return redirect("wagtailadmin_pages:edit", page.pk)


class Edit(EventScreen):
    """Facts and rules."""

    template_name = "events/owner/edit.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=EventForm(instance=self.event))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EventForm(request.POST, instance=Event.objects.get(pk=self.event.pk))
        if not form.is_valid():
            return self.show(422, form=form)
        changed = hosting.change(
            self.event, {name: form.cleaned_data[name] for name in (*FACTS, *RULES)}, by=request.user
        )
        if changed:
            note_down(request, self.event, "change", fields=changed)
        messages.success(request, _("Saved."))
        return self.back()


class Places(EventPage):
    """More chairs or fewer; what is refused stands where it was typed."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PlacesForm(request.POST)
        if not (form.is_valid() and self.resize(form)):
            return self.show(422, places_form=form)
        note_down(request, self.event, "places", capacity=form.cleaned_data["capacity"])
        messages.success(request, _("Saved. Who waits is asked first."))
        return self.back()

    def resize(self, form: PlacesForm) -> bool:
        """Whether it could be done; else the form says why not."""
        try:
            rooms.resize(self.event, form.cleaned_data["capacity"], by=self.request.user)
        except rooms.TooFew as error:
            form.add_error("capacity", too_few(error.taken))
        except rooms.Busy:
            form.add_error("capacity", _("Many are booking at this very moment: please save it once more."))
        return form.is_valid()


def too_few(taken: int) -> str:
    """Why there cannot be so few, and the least there can be."""
    words = ngettext(
        "One place is taken: sold, being paid, or kept for who waits. It cannot be fewer than that.",
        "%(n)s places are taken: sold, being paid, or kept for those who wait. It cannot be fewer than that.",
        taken,
    )
    return words % {"n": taken}


class Move(EventScreen):
    """Another date: everybody is told, calendars follow."""

    template_name = "events/owner/move.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        begins, ends = (moment.replace(tzinfo=None) for moment in (self.event.local_start, self.event.local_end))
        return self.show(
            form=WhenForm(zone=self.event.zone_name, initial={"begins": begins, "ends": ends}), event=self.event
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WhenForm(request.POST, zone=self.event.zone_name)
        if not form.is_valid():
            return self.show(422, form=form, event=self.event)
        if hosting.move(self.event, form.cleaned_data["starts_at"], form.cleaned_data["ends_at"], by=request.user):
            note_down(request, self.event, "move", to=form.cleaned_data["starts_at"].isoformat())
            messages.success(request, _("Moved. Every guest gets a mail with the new date."))
        return self.back()


class Afterwards(EventScreen):
    """What goes with the mail of the day after."""

    template_name = "events/owner/edit.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = list(self.event.after_offers.values_list("pk", flat=True))
        given = {"photos_url": self.event.photos_url, "offers": chosen}
        return self.show(form=AfterwardsForm(event=self.event, initial=given))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AfterwardsForm(request.POST, event=self.event)
        if not form.is_valid():
            return self.show(422, form=form)
        hosting.prepare_afterwards(self.event, **form.cleaned_data)
        note_down(request, self.event, "afterwards")
        messages.success(request, _("Saved. The mail goes out the day after, once, to each guest."))
        return self.back()


class Cancel(EventScreen):
    """It does not take place; or what failed is tried again."""

    template_name = "events/owner/cancel.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=CancelForm(), event=self.event)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.event.is_cancelled:
            count = hosting.call_off_all(self.event, by=request.user)
            messages.success(
                request, ngettext("%(n)s order is tried again.", "%(n)s orders are tried again.", count) % {"n": count}
            )
            return self.back()
        form = CancelForm(request.POST)
        if not form.is_valid():
            return self.show(422, form=form, event=self.event)
        hosting.cancel(self.event, by=request.user)
        note_down(request, self.event, "cancel")
        messages.success(request, _("Cancelled. Money goes back and mails go out; what fails is listed here."))
        return self.back()


class New(OwnerPage):
    """A new event with its first kind of ticket."""

    permission = "events.add_event"
    template_name = "events/owner/edit.html"
    page_title = gettext_lazy("New event")
    trail = (("meetings:events", gettext_lazy("Receive")),)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewForm(initial={"zone_name": str(Event._meta.get_field("zone_name").get_default())})  # noqa: SLF001 - Django's own
        return self.render_to_response({**self.get_context_data(), "form": form})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewForm(request.POST)
        if not form.is_valid():
            return self.render_to_response({**self.get_context_data(), "form": form}, status=422)
        said, shop = form.cleaned_data, Shop.objects.current()
        given = {name: said[name] for name in ("name", "kind", "zone_name", "starts_at", "ends_at")}
        event = hosting.make(shop, capacity=said["capacity"], by=request.user, **given)
        hosting.add_ticket(event, price=said["price"], name=_("Seat"), name_en="Seat")
        note_down(request, event, "make")
        messages.success(request, _("Made. Write its page now, so that it can be found."))
        return redirect(reverse("meetings:event", args=[event.pk]))
