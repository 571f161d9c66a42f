"""What must always be true of appointments and the quarters of an hour they take."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from events import coaching
from events.models import Booking, CalendarCell, Credit, CreditMove
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
    for number in _paid_for_nothing(offer__service__isnull=False, booking=None):
        yield Breach(number, "paid, no appointment made")


def _paid_for_nothing(**of: Any) -> Iterable[str]:
    """Numbers of orders that have been paid for a while and whose lines `of` this kind gave nothing."""
    rows = OrderLine.objects.filter(
        order__state=Order.State.PAID, order__attention="", refunded_quantity=0,
        order__paid_at__lt=timezone.now() - PATIENCE, order__concerns=None, **of,
    )  # fmt: skip
    return rows.values_list("order__number", flat=True)


def credits_are_the_sum_of_their_moves() -> Iterator[Breach]:
    """The database keeps them from going below zero."""
    rows = Credit.objects.annotate(moved=Coalesce(Sum("moves__quantity"), 0)).exclude(moved=F("left"))
    for number, left, moved in rows.order_by("pk").values_list("line__order__number", "left", "moved"):
        yield Breach(number, f"{left} hours left, {moved} by its moves")


def every_used_hour_is_an_appointment() -> Iterator[Breach]:
    """Taken for a time that is held or booked; given back with it, once."""
    moved = (
        CreditMove.objects.filter(reason__in=["used", "returned"])
        .order_by()
        .values("line")
        .annotate(sum=Sum("quantity"))
    )
    sums = {row["line"]: row["sum"] for row in moved}
    held = OrderLine.objects.filter(pk__in=sums, cells__isnull=False, order__state__in=ALIVE).values_list(
        "pk", flat=True
    )
    using = set(held)
    for line in OrderLine.objects.filter(pk__in=sums).select_related("order").order_by("pk"):
        if sums[line.pk] != (-1 if line.pk in using else 0):
            yield Breach(line.order.number, f"{-sums[line.pk]} hours used, {int(line.pk in using)} appointment")


def every_paid_pack_is_credit() -> Iterator[Breach]:
    for number in _paid_for_nothing(offer__hourpack__isnull=False, credit=None):
        yield Breach(number, "paid, no hours granted")


INVARIANTS: list[tuple[str, Callable[[], Iterator[Breach]]]] = [
    ("an appointment has exactly its time", cells_are_those_of_bookings),
    ("no time is taken without an owner", no_cell_without_owner),
    ("every paid time is an appointment", every_paid_line_is_booked),
    ("what is left of hours in advance is the sum of its moves", credits_are_the_sum_of_their_moves),
    ("every used hour is an appointment", every_used_hour_is_an_appointment),
    ("every paid pack is hours in advance", every_paid_pack_is_credit),
]
