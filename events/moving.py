"""A seat that goes to another person or another date: a new row with a new token; the old one opens no door."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from events import tasks, waiting
from events.admission import TooLate, over
from events.models import Event, Seat, Ticket, WaitingEntry
from store import pricing, selling, stock
from store.adopting import owner_of
from store.models import Offer, Order, Stock

MOST = 12
"""Dates to choose from."""
LOOKED_AT = 60


class CostsMore(Exception):
    """The other date has a price that was not paid."""


def may_hand_on(seat: Seat) -> str:
    """Why it cannot go to another person or date ("ended", "cancelled", "over", "deadline"); empty: it can."""
    return over(seat) or ("deadline" if seat.event.transfer_until <= timezone.now() else "")


@transaction.atomic
def to_person(seat: Seat, *, name: str, email: str) -> Seat:
    """Give the seat to somebody else; both are told. Raises TooLate. A second call raises it too: it is theirs by then."""
    fresh = _standing(seat)
    made = _replace(fresh, holder=name, email=email)
    fresh.line.order.record("seat_handed_on", seat=fresh.number, to=made.number)
    tasks.mail.enqueue(made.pk, "received")
    tasks.mail.enqueue(fresh.pk, "handed_on")
    return made


@dataclass(frozen=True)
class OtherDate:
    """A kind of ticket of another event; going there costs the owner's fee and what it costs more. Minor units.

    A date that costs less gives nothing back.
    """

    ticket: Ticket
    fee: int
    difference: int

    @property
    def due(self) -> int:
        return self.fee + self.difference


def dates_for(seat: Seat) -> list[OtherDate]:
    """The next events of the same kind that have a place, are on sale to everybody, and for which nobody waits."""
    now, event = timezone.now(), seat.event
    waits = WaitingEntry.objects.filter(event=OuterRef("event"), state=WaitingEntry.State.WAITING)
    rows = (
        Ticket.objects.filter(event__shop=event.shop_id, event__kind=event.kind, event__starts_at__gt=now)
        .exclude(event=event.pk)
        .exclude(event__state=Event.State.CANCELLED)
        .filter(~Exists(waits), offer__state=Offer.State.LIVE, audience="")
        .select_related("offer", "event")
        .prefetch_related("offer__stocks", "event__pages__locale")
        .order_by("event__starts_at", "position", "pk")
    )
    found, shop = [ticket for ticket in rows[:LOOKED_AT] if ticket.offer.is_on_sale(now)], selling.fresh(event.shop_id)
    for ticket in found:
        ticket.offer.shop = ticket.event.shop = shop
    quotes = pricing.quotes([ticket.offer for ticket in found])
    left = Stock.objects.left([pool.pk for ticket in found for pool in ticket.offer.stocks.all()])
    return [
        OtherDate(ticket, event.transfer_fee, max(quotes[ticket.offer_id].unit - seat.paid, 0))
        for ticket in found
        if ticket.offer_id in quotes and all(left[pool.pk].free > 0 for pool in ticket.offer.stocks.all())
    ][:MOST]


@transaction.atomic
def to_date(seat: Seat, ticket: Ticket) -> Seat:
    """Give the seat another date that costs nothing. Raises TooLate, CostsMore, and OutOfStock where it is full."""
    fresh = _standing(seat)
    lock_pools(fresh.ticket.offer, ticket.offer)
    if not any(row.ticket == ticket and not row.due for row in dates_for(fresh)):
        raise CostsMore
    return arrive(fresh, ticket)


def arrive(seat: Seat, ticket: Ticket, *, difference: int = 0) -> Seat:
    """Keep a place there, end the seat here; `difference`: what was paid beyond its price. Order and pools are locked."""
    line, old = seat.line, list(seat.ticket.offer.stocks.values_list("pk", flat=True))
    stock.keep_in(line, 1, ticket.offer)
    made = _replace(seat, ticket=ticket, difference=difference)
    stock.give_back(line, 1, only=old)
    waiting.pass_on(seat.event_id)
    line.order.record("seat_moved", seat=seat.number, to=made.number)
    tasks.mail.enqueue(made.pk, "other_date")
    return made


def lock_pools(*offers: Offer) -> None:
    """These offers, then their pools, locked in key order until the transaction ends."""
    stock.lock_offers(offer.pk for offer in offers)
    ids = Stock.offers.through.objects.filter(offer_id__in=[offer.pk for offer in offers]).values("stock_id")
    list(Stock.objects.filter(pk__in=ids).locked())


def locked(seat: Seat) -> Seat:
    """As it is now, its order locked."""
    Order.objects.locked().get(pk=seat.line.order_id)
    return Seat.objects.select_related("event__shop", "ticket__offer", "line__order", "line__offer").get(pk=seat.pk)


def _standing(seat: Seat) -> Seat:
    """The same; raises TooLate where it cannot go."""
    fresh = locked(seat)
    reason = may_hand_on(fresh)
    if reason:
        raise TooLate(fresh, reason)
    return fresh


def _replace(
    seat: Seat, *, ticket: Ticket | None = None, holder: str = "", email: str = "", difference: int = 0
) -> Seat:
    """The next row of the line; in the account that has proved the new address, where there is one."""
    last = seat.line.seats.aggregate(last=Max("number"))["last"]
    to = ticket or seat.ticket
    seat.state, seat.ended_at = Seat.State.TRANSFERRED, timezone.now()
    seat.save(update_fields=["state", "ended_at"])
    return Seat.objects.create(
        event_id=to.event_id, ticket=to, line=seat.line, number=last + 1, holder=holder or seat.holder,
        email=email or seat.email, user=owner_of(email) if email else seat.user, locale=seat.locale,
        answers={} if email else seat.answers, difference=seat.difference + difference, replaces=seat,
    )  # fmt: skip
