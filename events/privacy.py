"""What the meetings know of a person: given out, and forgotten but for what a contract must keep."""

from typing import Any

from events.models import Booking, Seat, WaitingEntry


def export(user: Any) -> dict[str, Any]:
    """Seats and waiting lists of that person."""
    seats = Seat.objects.filter(user=user).select_related("event", "ticket").order_by("pk")
    waits = WaitingEntry.objects.filter(email__iexact=user.email).select_related("event").order_by("pk")
    return {
        "seats": [
            {
                "event": seat.event.name, "starts_at": seat.event.starts_at.isoformat(), "ticket": seat.ticket.name,
                "holder": seat.holder, "email": seat.email, "state": seat.state, "answers": seat.answers,
                "shown_among_guests": seat.is_named_publicly,
            }
            for seat in seats
        ],
        "waiting_lists": [
            {"event": row.event.name, "size": row.size, "name": row.name, "state": row.state, "joined_at": row.joined_at.isoformat()}
            for row in waits
        ],
        "appointments": [
            {
                "service": row.service.name, "starts_at": row.starts_at.isoformat(), "state": row.state, "name": row.name,
                "email": row.email,
            }
            for row in Booking.objects.filter(user=user).select_related("service").order_by("pk")
        ],
    }  # fmt: skip


def erase(user: Any) -> None:
    """Names, answers and waiting lists go; a seat's row stays, for it is a line of an order. Call in a transaction."""
    Seat.objects.filter(user=user).update(holder="", email="", answers={}, is_named_publicly=False, user=None)
    Booking.objects.filter(user=user).update(name="", email="", user=None)
    from events import waiting  # noqa: PLC0415

    for entry in WaitingEntry.objects.filter(email__iexact=user.email, state__in=waiting.ALIVE):
        waiting.leave(entry)
    WaitingEntry.objects.filter(email__iexact=user.email).update(name="", email="")


def kept_because(user: Any) -> list[str]:
    """Nothing beside the orders, of which the store speaks."""
    return []
