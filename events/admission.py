"""Who gets a seat and who gives it back. The only writer of Seat, with events.moving.

A seat is a row under (line, number): giving twice gives once. What of a line's units is still owed is read from its
seats, so taking back twice takes back once.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import asking, tasks, waiting
from events.models import Event, Seat, Ticket
from store import refunds, stock
from store.checkout import Buyer
from store.exceptions import CannotBeSold
from store.models import Hold, Order, OrderLine, Refund, Stock


class TooLate(Exception):
    """The owner's rule allows it no more; `reason`: over, cancelled, never, deadline, ended."""

    def __init__(self, seat: Seat, reason: str) -> None:
        super().__init__(f"seat {seat.pk}: {reason}")
        self.seat = seat
        self.reason = reason


def check_line(ticket: Ticket) -> None:
    """Raise CannotBeSold for a meeting that is cancelled or has begun."""
    event = ticket.event
    if event.is_cancelled:
        raise CannotBeSold(ticket.offer, "gone", _("“%(event)s” is cancelled.") % {"event": event.name})
    if event.starts_at <= timezone.now():
        raise CannotBeSold(ticket.offer, "closed", _("“%(event)s” has begun.") % {"event": event.name})


def check_buyer(ticket: Ticket, buyer: Buyer, quantity: int, details: Mapping[str, Any]) -> None:
    """Raise CannotBeSold for who is not the ticket's audience, or would pass those who wait."""
    if ticket.audience and ticket.audience not in buyer.audiences:
        raise CannotBeSold(ticket.offer, "audience", _("This ticket is for members of the club."))
    if waiting.stands_before(ticket, quantity, details):
        words = _("Others wait for these places: please put your name on the waiting list.")
        raise CannotBeSold(ticket.offer, "waiting", words)


@transaction.atomic
def admit(line: OrderLine) -> list[Seat]:
    """Make the seats that a paid line is owed. May run twice: a number that has a row, whatever its state, keeps it."""
    ticket, order = _ticket(line), line.order
    known = set(line.seats.values_list("number", flat=True))
    wanted = range(1, line.quantity - line.refunded_quantity + 1)
    made = [
        Seat(
            event_id=ticket.event_id, ticket=ticket, line=line, number=number, user_id=order.user_id, email=order.email,
            holder=asking.holder(line.details, number, order.name), locale=order.locale,
            answers=asking.answers(ticket, line.details, number),
            is_named_publicly=number == 1 and bool(line.details.get("shown")),
        )
        for number in wanted
        if number not in known
    ]  # fmt: skip
    if made:
        Seat.objects.bulk_create(made, ignore_conflicts=True)
        waiting.took(line)
        if ticket.event.is_cancelled:
            tasks.call_off.enqueue(ticket.event_id, order.pk, None)
    return list(line.seats.all())


@transaction.atomic
def revoke(line: OrderLine, quantity: int) -> None:
    """Take back seats beyond what is still owed, the last first, and give their places back. May run twice."""
    owed = line.quantity - line.refunded_quantity
    valid = list(line.seats.filter(state=Seat.State.VALID).order_by("-number"))
    for seat in valid[: max(len(valid) - owed, 0)]:
        _end(seat, Seat.State.CANCELLED)
    _give_back_unowed(line)


def release(line: OrderLine) -> None:
    """Places that nobody will pay for go to those who wait, before anybody else sees them."""
    waiting.pass_on(_ticket(line).event_id)


def _end(seat: Seat, state: str) -> None:
    seat.state, seat.ended_at = state, timezone.now()
    seat.save(update_fields=["state", "ended_at"])


def _give_back_unowed(line: OrderLine) -> None:
    """Free the kept units that no seat stands for, pool by pool, then let the next who wait have them."""
    kept = list(line.holds.filter(state=Hold.State.KEPT))
    owed = _owed(line)
    for hold in kept:
        if hold.quantity > owed[hold.stock_id]:
            stock.give_back(line, hold.quantity - owed[hold.stock_id], only=[hold.stock_id])
    rooms = [hold.stock_id for hold in kept]
    for event_id in Event.objects.filter(room__in=rooms).order_by("pk").values_list("pk", flat=True):
        waiting.pass_on(event_id)


def _owed(line: OrderLine) -> Counter[int]:
    """{pool pk: units that seats of this line stand for}; a line that has no seats yet is owed what is not refunded."""
    if not line.seats.exists():
        left = line.quantity - line.refunded_quantity
        return Counter(dict.fromkeys(line.offer.stocks.values_list("pk", flat=True), left))
    pools = line.seats.filter(state=Seat.State.VALID).values_list("ticket__offer__stocks", flat=True)
    return Counter(pk for pk in pools if pk is not None)


def _ticket(line: OrderLine) -> Ticket:
    return Ticket.objects.select_related("event").get(offer=line.offer_id)


def may_cancel(seat: Seat) -> str:
    """Why the guest cannot cancel it now ("over", "cancelled", "never", "deadline", "changed", "ended"); empty: they can.

    A seat that came from another date keeps that date's rule, as it stood when the date was left.
    """
    ended, now = over(seat), timezone.now()
    if ended or not seat.paid:
        return ended
    rules = [(row.event, row.ended_at or now) for row in _behind(seat)]
    if any(event.on_cancel == Event.Refusal.NEVER for event, _at in rules):
        return "never"
    if seat.event.cancel_until <= now:
        return "deadline"
    return "changed" if any(event.cancel_until <= at for event, at in rules) else ""


def _behind(seat: Seat) -> list[Seat]:
    """The seat, and those it came from: another date leaves no rule behind under which a seat was bought."""
    found = [seat]
    while before := found[-1].replaces:
        found.append(before)
    return found


def gives_back(seat: Seat) -> bool:
    """Whether a guest who cancels in time loses nothing: the price comes back, or there was none."""
    return not seat.paid or all(row.event.on_cancel == Event.Refusal.REFUND for row in _behind(seat))


def over(seat: Seat) -> str:
    """Why nothing can be done with it any more ("ended", "cancelled", "over"); empty: it stands."""
    if not seat.is_valid:
        return "ended"
    if seat.event.is_cancelled:
        return "cancelled"
    return "over" if seat.event.starts_at <= timezone.now() else ""


@transaction.atomic
def give_up(seat: Seat) -> Refund | None:
    """ "I'm not coming": the place is free; the price goes back where the owner's rule says so. Raises TooLate.

    May run twice. A seat that cost nothing may be given up until it begins: an empty chair helps nobody.
    """
    order = Order.objects.locked().get(pk=seat.line.order_id)
    fresh = Seat.objects.select_related("event", "line__offer").get(pk=seat.pk)
    if fresh.state == Seat.State.CANCELLED:
        return None
    reason = may_cancel(fresh)
    if reason:
        raise TooLate(fresh, reason)
    _end(fresh, Seat.State.CANCELLED)
    refund = _money_of(order, fresh, by=None) if gives_back(fresh) else _keep_money(fresh)
    order.record("seat_given_up", seat=fresh.number)
    tasks.mail.enqueue(fresh.pk, "given_up")
    return refund


def _money_of(order: Order, seat: Seat, *, by: Any, reason: str = "", whole: bool = False) -> Refund | None:
    """The seat's unit goes back with what it cost; an order of which nothing is left is over.

    `whole`: with the fees of its changes of date.
    """
    tasks.changes_back.enqueue(seat.pk, whole)
    refund = refunds.start(order, refunds.Wanted(units={seat.line_id: 1}), reason=reason, by=by)
    locked = Order.objects.locked().get(pk=order.pk)
    if locked.is_free and all(row.refunded_quantity == row.quantity for row in locked.lines.all()):
        locked.move(Order.State.CANCELLED, by=by, reason="seats")
    return refund


def _keep_money(seat: Seat) -> Refund | None:
    """The place is free, the price stays."""
    _give_back_unowed(seat.line)
    return None


@transaction.atomic
def take_away(seat: Seat, *, by: Any, reason: str = "", refund: bool = True) -> Refund | None:
    """The owner cancels one seat, with its price back or not. May run twice."""
    order = Order.objects.locked().get(pk=seat.line.order_id)
    fresh = Seat.objects.select_related("event", "line__offer").get(pk=seat.pk)
    if not fresh.is_valid:
        return None
    _end(fresh, Seat.State.CANCELLED)
    made = _money_of(order, fresh, by=by, reason=reason, whole=True) if refund else _keep_money(fresh)
    order.record("seat_taken_away", by=by, seat=fresh.number)
    tasks.mail.enqueue(fresh.pk, "cancelled")
    return made


def pools_of(event: Event) -> list[int]:
    """Keys of all pools behind the event's tickets."""
    return list(Stock.objects.filter(offers__ticket__event=event).distinct().values_list("pk", flat=True))
