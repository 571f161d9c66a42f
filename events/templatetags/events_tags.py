"""What the confirmation, the order's page and the mails ask of a line of seats."""

from typing import Any

from django import template

from events import appointments, calendar, cards, letters, links, prepaid, showing
from events.models import Booking, Credit, Seat

register = template.Library()


@register.simple_tag
def seats_of(line: Any) -> list[dict[str, Any]]:
    """The seats of a paid line with their codes."""
    return showing.of_line(line)


@register.simple_tag
def changed_seats_of(line: Any) -> list[dict[str, Any]]:
    """The seat to which a paid change of date led."""
    return showing.of_change(line)


@register.simple_tag
def mailed_seats(line: Any) -> list[dict[str, Any]]:
    """The buyer's seats for a mail: when, where and addresses, no codes."""
    rows = line.seats.filter(state=Seat.State.VALID, email__iexact=line.order.email).select_related(
        "event", "line__order"
    )
    return [{**letters.told(row), "when": cards.when(row.event), "where": calendar.place(row.event)} for row in rows]


@register.simple_tag
def booking_of(line: Any) -> dict[str, Any] | None:
    """The live appointment of a paid line."""
    rows = Booking.objects.live().select_related("service__calendar")
    row = rows.filter(line=line).first()
    return {"when": appointments.when(row.service, row.starts_at), "url": links.booking(row)} if row else None


@register.simple_tag
def hours_of(line: Any) -> dict[str, Any] | None:
    """What is left of a paid pack."""
    row = Credit.objects.select_related("service").filter(line=line).first()
    return prepaid.told(row) if row else None
