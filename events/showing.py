"""What a guest's pages show of a seat. Reads only."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from core import money, qr
from events import admission, agenda, cards, links, moving
from events.models import Seat

AFTER = timedelta(hours=6)
"""So long after its end a guest's device still opens the seat without a net."""


def seat(row: Seat, locale: str) -> dict[str, Any]:
    """The code, the place, and what may still be done with the seat."""
    page = links.page_of(row.event, locale)
    later = row.replaced_by if hasattr(row, "replaced_by") else None
    return {
        "code": qr.svg(links.seat(row), _("Code of seat %(seat)s") % {"seat": row.reference})
        if row.is_valid and not row.event.is_cancelled
        else "",
        "label": row.ticket.label(locale),
        "until": row.event.ends_at + AFTER,
        "address": agenda.address(row.event),
        "phone_url": "tel:" + "".join(one for one in row.event.host_phone if one in "+0123456789"),
        "bring": page.bring if page else "",
        "access": page.access if page else "",
        "accessibility": page.accessibility if page else "",
        "moments": list(page.agenda.all()) if page else [],
        "may_cancel": not admission.may_cancel(row),
        "may_hand_on": not moving.may_hand_on(row),
        "has_dates": bool(row.is_valid and moving.dates_for(row)),
        "moved_to": later,
    }


def of_line(line: Any) -> list[dict[str, Any]]:
    """The buyer's seats of a line with their codes; of one that went to somebody else only to whom."""
    rows = line.seats.filter(state__in=[Seat.State.VALID, Seat.State.HELD]).select_related("event", "line__order")
    return [_torn(row, is_theirs=row.email.lower() == line.order.email.lower()) for row in rows]


def of_change(line: Any) -> list[dict[str, Any]]:
    """The seat to which a paid change of date led."""
    rows = Seat.objects.taken().filter(came_by__line=line).select_related("event", "line__order")
    return [_torn(row) for row in rows]


def _torn(row: Seat, *, is_theirs: bool = True) -> dict[str, Any]:
    """One seat as a torn ticket; without code and addresses where it is not for these eyes."""
    told = {
        "seat": row, "date": cards.big_date(row.event), "when": cards.when(row.event), "title": links.title(row.event, row.locale),
    }  # fmt: skip
    if not is_theirs:
        return told
    code = qr.svg(links.seat(row), _("Code of seat %(seat)s") % {"seat": row.reference})
    return {**told, "code": code, "url": links.seat(row), "calendar_url": links.calendar(row)}


def dates(found: list[moving.OtherDate], locale: str) -> list[dict[str, Any]]:
    """The dates to choose from, with what each costs and why."""
    return [
        {
            "key": row.ticket.pk, "title": links.title(row.ticket.event, locale), "when": cards.when(row.ticket.event),
            "label": row.ticket.label(locale), "due": _due(row),
        }
        for row in found
    ]  # fmt: skip


def _due(row: moving.OtherDate) -> str:
    """ "20,00 € (change 5,00 €, difference 15,00 €)"; empty: it costs nothing."""
    due, fee, difference = (
        money.text(amount, row.ticket.offer.currency) if amount else "" for amount in (row.due, row.fee, row.difference)
    )
    if not (fee and difference):
        return due
    return _("%(due)s (change %(fee)s, difference %(difference)s)") % {"due": due, "fee": fee, "difference": difference}
