"""Another date that costs something: ordered and paid like anything else. The only writer of DateChange.

Until it is paid the seat stands where it stood and a place is held there; not paid in time, nothing has changed. Paid
when it can no longer be done, the money goes back. What the other date costs more is part of the seat's price and
comes back with it; the fee comes back only where the owner cancels.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import moving, tasks, waiting
from events.admission import over
from events.models import DateChange, Seat
from events.moving import OtherDate
from store import pricing, refunds, stock
from store.exceptions import CannotBeSold
from store.models import Offer, OrderLine
from store.wants import Wish


@transaction.atomic
def ask(seat: Seat, to: OtherDate) -> DateChange:
    """What is ordered to take that date, at its price of now. May run twice."""
    change = DateChange.objects.select_related("offer").filter(seat=seat, ticket=to.ticket).first()
    if change is None:
        shop = seat.event.shop
        offer = Offer.objects.create(
            shop=shop,
            kind=DateChange.kind(),
            state=Offer.State.LIVE,
            max_per_order=1,
            tax_code=to.ticket.offer.tax_code,
        )
        change = DateChange.objects.create(seat=seat, ticket=to.ticket, offer=offer)
    change.offer.stocks.set(to.ticket.offer.stocks.all())
    pricing.set_price(change.offer, to.due)
    return change


def wish(change: DateChange, to: OtherDate) -> Wish:
    """The line of the order: only who has the seat's link can name its token."""
    return Wish(change.offer, 1, {"seat": change.seat.token, "difference": to.difference})


def check(change: DateChange, quantity: int, details: Mapping[str, Any]) -> None:
    """Raise CannotBeSold for what the owner's rule allows no more, or for who does not have the seat."""
    seat = Seat.objects.select_related("event").get(pk=change.seat_id)
    if quantity != 1 or details.get("seat") != seat.token or change.line_id or moving.may_hand_on(seat):
        raise CannotBeSold(change.offer, "gone", _("This seat can no longer go to that date."))
    quote = pricing.quote(change.offer)
    if quote is None or quote.unit < int(details.get("difference") or 0):
        raise CannotBeSold(change.offer, "gone", _("This seat can no longer go to that date."))
    change.ticket.check_line(1, {})
    if waiting.stands_before(change.ticket, 1, {}):
        raise CannotBeSold(change.offer, "waiting", _("Others wait for these places."))


def check_buyer(change: DateChange, quantity: int, details: Mapping[str, Any]) -> None:
    """The same where it is ordered, for the pools that the date has by now. In the placing transaction."""
    check(change, quantity, details)
    stock.lock_offers([change.ticket.offer_id])
    change.offer.stocks.set(change.ticket.offer.stocks.all())


def release(change: DateChange) -> None:
    """It was not paid: the place that was held goes to those who wait there."""
    waiting.pass_on(change.ticket.event_id)


@transaction.atomic
def carry_out(line: OrderLine) -> None:
    """It is paid: the seat goes to the other date; where it cannot any more, the money goes back. May run twice."""
    rows = DateChange.objects.select_for_update(of=("self",)).select_related("ticket__event", "ticket__offer")
    change = rows.get(offer=line.offer_id)
    if change.line_id == line.pk:
        return
    seat = moving.locked(change.seat)
    if change.line_id or over(seat) or _is_off(change):
        tasks.send_back.enqueue(line.pk)
        return
    moving.lock_pools(seat.ticket.offer, change.ticket.offer)
    stock.give_back(line, 1)
    change.made = moving.arrive(seat, change.ticket, difference=int(line.details.get("difference", 0)))
    change.line = line
    change.save(update_fields=["made", "line"])


def _is_off(change: DateChange) -> bool:
    event = change.ticket.event
    return event.is_cancelled or event.starts_at <= timezone.now()


@transaction.atomic
def revoke(change: DateChange, line: OrderLine, quantity: int) -> None:
    """Its money goes back: a place that is still held for it is free; a seat that went there stays. May run twice."""
    stock.give_back(line, quantity)
    waiting.pass_on(change.ticket.event_id)


def send_back(line_id: int) -> None:
    """Paid in vain: all of it goes back, once."""
    line = OrderLine.objects.select_related("order").get(pk=line_id)
    if line.quantity > line.refunded_quantity:
        wanted = refunds.Wanted(units={line.pk: 1}, key=_key(f"line:{line.pk}"))
        with suppress(refunds.AlreadyAsked):
            refunds.start(line.order, wanted, reason="date no longer free")


def give_back(seat_id: int, *, whole: bool) -> None:
    """A seat has ended: what its changes of date cost more goes back, with their fees if `whole`. May run twice."""
    for change in _behind(Seat.objects.get(pk=seat_id)):
        line, difference = change.line, int(change.line.details.get("difference", 0))
        if line.refunded_quantity or not (whole or difference):
            continue
        part: dict[str, Any] = {"units": {line.pk: 1}} if whole else {"gestures": {line.pk: difference}}
        with suppress(refunds.AlreadyAsked):
            refunds.start(
                line.order, refunds.Wanted(**part, key=_key(f"seat:{seat_id}:{line.pk}")), reason="seat ended"
            )


def _behind(seat: Seat) -> Iterator[Any]:
    """The paid changes by which a seat came where it was, the last first."""
    step: Seat | None = seat
    while step:
        yield from DateChange.objects.filter(made=step).select_related("line__order")
        step = step.replaces


def _key(words: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"date-change:{words}")
