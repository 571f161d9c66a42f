"""What a guest's pages show of a seat. Reads only."""

from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from core import qr
from events import admission, agenda, cards, links, moving
from events.models import Seat


def seat(row: Seat) -> dict[str, Any]:
    """The code, the place, and what may still be done with the seat."""
    page = links.page_of(row.event, row.locale)
    later = row.replaced_by if hasattr(row, "replaced_by") else None
    return {
        "code": qr.svg(links.seat(row), _("Code of seat %(seat)s") % {"seat": row.reference})
        if row.is_valid and not row.event.is_cancelled
        else "",
        "address": agenda.address(row.event),
        "phone_url": "tel:" + "".join(one for one in row.event.host_phone if one in "+0123456789"),
        "bring": page.bring if page else "",
        "access": page.access if page else "",
        "accessibility": page.accessibility if page else "",
        "moments": list(page.agenda.all()) if page else [],
        "may_cancel": not admission.may_cancel(row),
        "may_hand_on": not moving.may_hand_on(row),
        "has_dates": row.is_valid and not row.event.transfer_fee and moving.dates_for(row).exists(),
        "moved_to": later,
    }


def of_line(line: Any) -> list[dict[str, Any]]:
    """The seats of a line with their codes, for the confirmation and the order's page."""
    rows = line.seats.filter(state__in=[Seat.State.VALID, Seat.State.HELD]).select_related("event", "line__order")
    return [
        {
            "seat": row, "code": qr.svg(links.seat(row), _("Code of seat %(seat)s") % {"seat": row.reference}), "url": links.seat(row), "calendar_url": links.calendar(row),
            "date": cards.big_date(row.event), "when": cards.when(row.event), "title": links.title(row.event, row.locale),
        }
        for row in rows
    ]  # fmt: skip


def dates(form: Form) -> list[tuple[int, str]]:
    """(key, words) of the dates to choose from."""
    rows = form.fields["ticket"].queryset  # type: ignore[attr-defined]
    return [(ticket.pk, f"{cards.when(ticket.event)} ({ticket.label('fr')})") for ticket in rows]
