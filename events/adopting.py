"""Seats taken as a guest, or handed on to an address, join the account whose address is proved."""

from typing import Any

from events.models import Booking, Credit, Seat


def adopt(user: Any, email: str) -> int:
    """Seats, appointments and hours of that address that nobody has are this person's; how many. A second call finds none."""
    kinds = (Seat.objects, Booking.objects, Credit.objects)
    return sum(rows.filter(email__iexact=email, user=None).update(user=user) for rows in kinds)
