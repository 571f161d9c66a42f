"""A seat that goes to another person or another date: a new row with a new token; the old one opens no door."""

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from events import tasks, waiting
from events.admission import TooLate, over
from events.models import Event, Seat, Ticket
from store import pricing, stock
from store.models import Offer, Order


class CostsMore(Exception):
    """The other date has a price that was not paid."""


def may_hand_on(seat: Seat) -> str:
    """Why it cannot go to another person or date ("ended", "cancelled", "over", "deadline"); empty: it can."""
    return over(seat) or ("deadline" if seat.event.transfer_until <= timezone.now() else "")


@transaction.atomic
def to_person(seat: Seat, *, name: str, email: str) -> Seat:
    """Give the seat to somebody else; both are told. Raises TooLate. A second call raises it too: it is theirs by then."""
    fresh = _locked(seat)
    made = _replace(fresh, holder=name, email=email)
    fresh.line.order.record("seat_handed_on", seat=fresh.number, to=made.number)
    tasks.mail.enqueue(made.pk, "received")
    tasks.mail.enqueue(fresh.pk, "handed_on")
    return made


def dates_for(seat: Seat) -> "QuerySet[Ticket]":
    """Kinds of tickets of other events of the same kind that cost no more and are on sale."""
    now = timezone.now()
    found = (
        Ticket.objects.filter(event__shop=seat.event.shop_id, event__kind=seat.event.kind, event__starts_at__gt=now)
        .exclude(event=seat.event_id)
        .exclude(event__state=Event.State.CANCELLED)
        .filter(offer__state=Offer.State.LIVE, audience="")
        .select_related("offer__shop", "event")
        .order_by("event__starts_at", "position")
    )
    quotes = pricing.quotes([ticket.offer for ticket in found])
    fits = [
        ticket.pk
        for ticket in found
        if ticket.offer.is_on_sale(now)
        and ticket.offer_id in quotes
        and quotes[ticket.offer_id].unit <= seat.line.unit_amount
    ]
    return found.filter(pk__in=fits)


@transaction.atomic
def to_date(seat: Seat, ticket: Ticket) -> Seat:
    """Give the seat another date. Raises TooLate, CostsMore, and OutOfStock where that date is full."""
    fresh = _locked(seat)
    if fresh.event.transfer_fee or not dates_for(fresh).filter(pk=ticket.pk).exists():
        raise CostsMore
    if waiting.stands_before(ticket, 1, {}):
        raise CostsMore
    stock.keep_in(fresh.line, 1, ticket.offer)
    old = list(fresh.ticket.offer.stocks.values_list("pk", flat=True))
    made = _replace(fresh, ticket=ticket)
    stock.give_back(fresh.line, 1, only=old)
    waiting.pass_on(fresh.event_id)
    fresh.line.order.record("seat_moved", seat=fresh.number, to=made.number)
    tasks.mail.enqueue(made.pk, "received")
    return made


def _locked(seat: Seat) -> Seat:
    """As it is now, its order locked; raises TooLate where it cannot go."""
    Order.objects.locked().get(pk=seat.line.order_id)
    fresh = Seat.objects.select_related("event", "ticket__offer", "line__order", "line__offer").get(pk=seat.pk)
    reason = may_hand_on(fresh)
    if reason:
        raise TooLate(fresh, reason)
    return fresh


def _replace(seat: Seat, *, ticket: Ticket | None = None, holder: str = "", email: str = "") -> Seat:
    """The next row of the line; who gets it is nobody's account yet."""
    last = seat.line.seats.aggregate(last=Max("number"))["last"]
    to = ticket or seat.ticket
    seat.state, seat.ended_at = Seat.State.TRANSFERRED, timezone.now()
    seat.save(update_fields=["state", "ended_at"])
    return Seat.objects.create(
        event_id=to.event_id, ticket=to, line=seat.line, number=last + 1, holder=holder or seat.holder,
        email=email or seat.email, user_id=None if email else seat.user_id, locale=seat.locale,
        answers={} if email else seat.answers, replaces=seat,
    )  # fmt: skip
