"""What must always be true of seats, rooms and waiting lists. Reads only; one set-based query or two for each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from events import coaching_verify
from events.models import CheckIn, Event, Seat, Ticket, WaitingEntry
from store.models import Hold, Order, OrderLine
from store.verify import PATIENCE, WAITING, Breach, Check, checked

VALID = Q(seats__state=Seat.State.VALID)


def checks() -> Iterator[Check]:
    """Each invariant with its breaches, one after the other."""
    for name, find in INVARIANTS:
        yield checked("seats", name, find)


def no_more_seats_than_bought() -> Iterator[Breach]:
    rows = OrderLine.objects.filter(offer__ticket__isnull=False).order_by()
    rows = rows.annotate(valid=Count("seats", filter=VALID))
    for line in rows.filter(valid__gt=F("quantity") - F("refunded_quantity")).select_related("order"):
        yield Breach(line.order.number, f"{line.valid} valid seats of {line.quantity - line.refunded_quantity}")


def seats_of_the_paid() -> Iterator[Breach]:
    rows = Seat.objects.filter(state=Seat.State.VALID, line__order__paid_at=None)
    for number in rows.values_list("line__order__number", flat=True):
        yield Breach(number, "a seat of an order that was not paid")


def every_paid_line_has_its_seats() -> Iterator[Breach]:
    """A little after the payment, and unless the owner must look at the order first."""
    rows = OrderLine.objects.filter(
        offer__ticket__isnull=False, order__state=Order.State.PAID, order__attention="",
        order__paid_at__lt=timezone.now() - PATIENCE, order__concerns=None, seats=None,
    ).filter(quantity__gt=F("refunded_quantity"))  # fmt: skip
    for line in rows.select_related("order"):
        yield Breach(line.order.number, f"{line.quantity} paid, no seat made")


def kept_units_are_seats() -> Iterator[Breach]:
    """Each pool keeps for a line exactly as many places as its valid seats stand for, once seats are made."""
    seats: dict[int, Counter[int]] = defaultdict(Counter)
    rows = Seat.objects.filter(state=Seat.State.VALID, ticket__offer__stocks__isnull=False)
    for line, pool in rows.values_list("line", "ticket__offer__stocks").iterator():
        seats[line][pool] += 1
    kept: dict[int, Counter[int]] = defaultdict(Counter)
    holds = Hold.objects.filter(state=Hold.State.KEPT, line__seats__isnull=False).distinct()
    for line, pool, units in holds.values_list("line", "stock", "quantity").iterator():
        kept[line][pool] += units
    wrong = [line for line in {*seats, *kept} if +seats[line] != +kept[line]]
    known = set(Order.objects.filter(lines__in=wrong, concerns__reason="oversold").values_list("lines", flat=True))
    for number, pk in OrderLine.objects.filter(pk__in=wrong).values_list("order__number", "pk"):
        if pk not in known:
            yield Breach(number, f"seats {dict(seats[pk])}, kept {dict(kept[pk])}")


def room_is_capacity() -> Iterator[Breach]:
    """What the owner said, less what is set aside for those who wait; an adjustment of the stock itself is hers."""
    rows: Any = Event.objects.filter(room__isnull=False).order_by()
    rows = rows.annotate(aside=Coalesce(Sum("waiting__set_aside"), 0))
    for event in rows.exclude(capacity=F("room__on_hand") + F("aside")).select_related("room"):
        own = event.room.moves.filter(reason__in=["counted", "lost"]).exists() if event.room else False
        if not own:
            yield Breach(
                event.name,
                f"{event.capacity} places, {event.room and event.room.on_hand} in the room, {event.aside} aside",
            )


def never_too_many() -> Iterator[Breach]:
    rows: Any = Event.objects.filter(capacity__gt=0).order_by().annotate(valid=Count("seats", filter=VALID))
    for event in rows.filter(valid__gt=F("capacity")):
        yield Breach(event.name, f"{event.valid} valid seats on {event.capacity} places")


def nobody_is_passed() -> Iterator[Breach]:
    """Places are set aside for the first who wait only, and offered once they are enough."""
    for event_id in WaitingEntry.objects.filter(state="waiting").order_by().values_list("event", flat=True).distinct():
        rows = list(WaitingEntry.objects.filter(event=event_id, state="waiting").values_list("pk", "size", "set_aside"))
        for pk, size, aside in rows:
            if aside >= size or (aside and pk != rows[0][0]):
                yield Breach(f"waiting list {event_id}", f"entry {pk}: {aside} set aside of {size}")


def offers_end() -> Iterator[Breach]:
    rows = WaitingEntry.objects.filter(state="offered", offer_until__lt=timezone.now() - PATIENCE)
    for pk in rows.values_list("pk", flat=True):
        yield Breach(f"entry {pk}", "an offer is over and has not passed on")


def cancelled_is_empty() -> Iterator[Breach]:
    """After a cancelled event no seat stands, unless its refund is still to be done."""
    from django_ox.models import OxTask  # noqa: PLC0415 - the queue's own table

    coming = OxTask.objects.filter(task_path="events.tasks.call_off", status__in=WAITING).values_list("args", flat=True)
    busy = {row[1] for row in coming if len(row) > 1}
    rows = Seat.objects.filter(event__state=Event.State.CANCELLED, state=Seat.State.VALID)
    for order, number in rows.values_list("line__order", "line__order__number").distinct():
        if order not in busy:
            yield Breach(number, "a valid seat of a cancelled event")


def checked_in_is_valid() -> Iterator[Breach]:
    rows = CheckIn.objects.filter(undone_at=None, seat__state=Seat.State.TRANSFERRED)
    for number in rows.values_list("seat__line__order__number", flat=True):
        yield Breach(number, "came in with a seat that was handed on")


def tickets_on_their_room() -> Iterator[Breach]:
    rows = Ticket.objects.filter(event__room__isnull=False).exclude(offer__stocks=F("event__room"))
    for ticket in rows.select_related("event"):
        yield Breach(ticket.event.name, f"{ticket.name} is not on the room's places")


def paid_changes_are_done() -> Iterator[Breach]:
    """A little after the payment the seat stands at the other date, or the money goes back."""
    rows = OrderLine.objects.filter(
        offer__datechange__isnull=False, change=None, refunded_quantity=0, order__paid_at__lt=timezone.now() - PATIENCE,
        order__attention="", order__concerns=None,
    )  # fmt: skip
    for number in rows.values_list("order__number", flat=True):
        yield Breach(number, "another date was paid, and the seat did not go there")


def changes_keep_nothing() -> Iterator[Breach]:
    """What was held for a change of date is the seat's own place once it is done, or free."""
    rows = Hold.objects.filter(state=Hold.State.KEPT, line__offer__datechange__isnull=False)
    done = Q(line__change__isnull=False) | Q(line__refunded_quantity__gt=0)
    for number in rows.filter(done).values_list("line__order__number", flat=True):
        yield Breach(number, "a place is still kept for a change of date that is over")


INVARIANTS: list[tuple[str, Callable[[], Iterator[Breach]]]] = [
    ("no line has more valid seats than it is owed", no_more_seats_than_bought),
    ("a valid seat was paid for", seats_of_the_paid),
    ("every paid line has its seats", every_paid_line_has_its_seats),
    ("the places kept are those of the valid seats", kept_units_are_seats),
    ("a room holds what it was given, less what is set aside", room_is_capacity),
    ("no event has more guests than places", never_too_many),
    ("nobody on a waiting list is passed", nobody_is_passed),
    ("an offer to who waits ends", offers_end),
    ("a cancelled event has no guests", cancelled_is_empty),
    ("nobody came in with a seat handed on", checked_in_is_valid),
    ("every ticket is on its event's places", tickets_on_their_room),
    ("a paid change of date was done", paid_changes_are_done),
    ("a change of date keeps no place of its own", changes_keep_nothing),
    *coaching_verify.INVARIANTS,
]
