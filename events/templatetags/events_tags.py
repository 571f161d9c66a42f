"""What the confirmation, the order's page and the mails ask of a line of seats."""

from typing import Any

from django import template

from events import letters, showing
from events.models import Seat

register = template.Library()


@register.simple_tag
def seats_of(line: Any) -> list[dict[str, Any]]:
    """The seats of a paid line with their codes."""
    return showing.of_line(line)


@register.simple_tag
def mailed_seats(line: Any) -> list[dict[str, Any]]:
    """The same for a mail: addresses, no codes."""
    rows = line.seats.filter(state=Seat.State.VALID).select_related("event", "line__order")
    return [letters.told(row) for row in rows]
