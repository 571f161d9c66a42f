"""What must always be true of appointments and the quarters of an hour they take."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils import timezone

from events import coaching
from events.models import Booking, CalendarCell
from store.models import Order, OrderLine
from store.verify import PATIENCE, Breach

ALIVE = [Order.State.PLACED, Order.State.PENDING, Order.State.PAID, Order.State.SHIPPED, Order.State.DELIVERED]


def cells_are_those_of_bookings() -> Iterator[Breach]:
    """Exactly those that its times cover: none missing, none too many."""
    held: dict[int, set[datetime]] = defaultdict(set)
    rows = CalendarCell.objects.filter(line__booking__isnull=False).values_list("line", "starts_at")
    for line, start in rows.iterator():
        held[line].add(start)
    for booking in Booking.objects.select_related("line__order").order_by("pk").iterator():
        wanted = set(coaching.cells(booking.covers_from, booking.covers_until)) if booking.is_live else set()
        if held.get(booking.line_id, set()) != wanted:
            found = len(held.get(booking.line_id, set()))
            yield Breach(booking.line.order.number, f"{found} quarters of an hour taken, {len(wanted)} needed")


def no_cell_without_owner() -> Iterator[Breach]:
    """What is taken belongs to an order that is being paid or was."""
    rows = CalendarCell.objects.exclude(line__order__state__in=ALIVE)
    for number in rows.order_by().values_list("line__order__number", flat=True).distinct():
        yield Breach(number, "time taken by an order that is over")


def every_paid_line_is_booked() -> Iterator[Breach]:
    rows = OrderLine.objects.filter(
        offer__service__isnull=False, order__state=Order.State.PAID, order__attention="", refunded_quantity=0,
        order__paid_at__lt=timezone.now() - PATIENCE, order__concerns=None, booking=None,
    )  # fmt: skip
    for number in rows.values_list("order__number", flat=True):
        yield Breach(number, "paid, no appointment made")


INVARIANTS: list[tuple[str, Callable[[], Iterator[Breach]]]] = [
    ("an appointment has exactly its time", cells_are_those_of_bookings),
    ("no time is taken without an owner", no_cell_without_owner),
    ("every paid time is an appointment", every_paid_line_is_booked),
]
