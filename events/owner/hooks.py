"""Addresses and log words of the owner's screens, as Wagtail asks for them."""

from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy

from events.owner import appointments, event_list, event_page, packs, roster, tickets

EVENT = "<int:pk>/"
ADDRESSES = [
    path("", event_list.EventList.as_view(), name="events"),
    path("results/", event_list.results, name="events_results"),
    path("new/", event_page.New.as_view(), name="new"),
    path("appointments/", appointments.Appointments.as_view(), name="appointments"),
    path("appointments/results/", appointments.results, name="appointments_results"),
    path("appointments/<int:pk>/", appointments.Appointment.as_view(), name="appointment"),
    path("services/", appointments.Services.as_view(), name="services"),
    path("services/new/", appointments.ServiceEdit.as_view(), name="new_service"),
    path("services/<int:pk>/", appointments.ServiceEdit.as_view(), name="service"),
    path("services/<int:service>/packs/", packs.PackEdit.as_view(), name="new_pack"),
    path("services/packs/<int:pk>/", packs.PackEdit.as_view(), name="pack"),
    path("hours/", appointments.Hours.as_view(), name="hours"),
    path(EVENT, event_page.EventPage.as_view(), name="event"),
    path(f"{EVENT}edit/", event_page.Edit.as_view(), name="edit"),
    path(f"{EVENT}places/", event_page.Places.as_view(), name="places"),
    path(f"{EVENT}tickets/", tickets.AddTicket.as_view(), name="add_ticket"),
    path(f"{EVENT}tickets/<int:ticket>/", tickets.TicketEdit.as_view(), name="ticket"),
    path(f"{EVENT}tickets/<int:ticket>/price/", tickets.Price.as_view(), name="price"),
    path(f"{EVENT}page/<str:code>/", event_page.WritePage.as_view(), name="write_page"),
    path(f"{EVENT}move/", event_page.Move.as_view(), name="move"),
    path(f"{EVENT}afterwards/", event_page.Afterwards.as_view(), name="afterwards"),
    path(f"{EVENT}cancel/", event_page.Cancel.as_view(), name="cancel"),
    path(f"{EVENT}roster/", roster.Roster.as_view(), name="roster"),
    path(f"{EVENT}roster/results/", roster.results, name="roster_results"),
    path(f"{EVENT}waiting/", roster.Waiting.as_view(), name="waiting"),
    path(f"{EVENT}waiting/results/", roster.waiting_results, name="waiting_results"),
]
LOGGED: dict[str, tuple[Any, Any]] = {
    "make": (gettext_lazy("New event"), gettext_lazy("Made an event")),
    "change": (gettext_lazy("Event"), gettext_lazy("Changed an event")),
    "places": (gettext_lazy("Places"), gettext_lazy("Changed the places of an event")),
    "ticket": (gettext_lazy("Ticket"), gettext_lazy("Added a kind of ticket")),
    "ticket_change": (gettext_lazy("Ticket"), gettext_lazy("Changed a kind of ticket")),
    "price": (gettext_lazy("Price"), gettext_lazy("Changed the price of a ticket")),
    "page": (gettext_lazy("Its pages"), gettext_lazy("Began the page of an event")),
    "afterwards": (gettext_lazy("Afterwards"), gettext_lazy("Changed the mail of the day after")),
    "move": (gettext_lazy("Move"), gettext_lazy("Moved an event to another date")),
    "cancel": (gettext_lazy("Cancel"), gettext_lazy("Cancelled an event")),
    "appointment_cancel": (gettext_lazy("Cancel"), gettext_lazy("Cancelled an appointment")),
    "appointment_move": (gettext_lazy("Move"), gettext_lazy("Moved an appointment")),
    "service": (gettext_lazy("Service"), gettext_lazy("Changed a service")),
    "pack": (gettext_lazy("Pack of appointments"), gettext_lazy("Changed a pack of appointments")),
    "hours": (gettext_lazy("Opening hours"), gettext_lazy("Changed the opening hours")),
}


def urls() -> list[Any]:
    """Under Wagtail's admin."""
    return [path("meetings/", include((ADDRESSES, "meetings")))]


def log_actions(actions: Any) -> None:
    """What Wagtail's log calls the owner's deeds."""
    for name, (label, message) in LOGGED.items():
        actions.register_action(f"events.{name}", label, message)
