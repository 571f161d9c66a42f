"""What the meetings know of a person: given out, and forgotten."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import ngettext

from core import retention
from events import admission, waiting
from events.models import Booking, CalendarKey, Credit, Seat, WaitingEntry
from store.links import absolute
from store.privacy import by_address, mine


def export(user: Any) -> dict[str, Any]:
    """Seats, waiting lists and appointments of that person, with who came in when."""
    seats = Seat.objects.filter(mine(user)).select_related("event", "ticket").prefetch_related("checkins")
    waits = WaitingEntry.objects.filter(by_address(user)).select_related("event")
    key = CalendarKey.objects.filter(user=user).first()
    return {
        "seats": [_seat(row) for row in seats.order_by("pk")],
        "waiting_lists": [
            {"event": row.event.name, "size": row.size, "name": row.name, "email": row.email, "state": row.state, "joined_at": row.joined_at}
            for row in waits.order_by("pk")
        ],
        "appointments": [
            {"service": row.service.name, "starts_at": row.starts_at, "state": row.state, "name": row.name, "email": row.email}
            for row in Booking.objects.filter(mine(user)).select_related("service").order_by("pk")
        ],
        "hours_in_advance": [
            {
                "service": row.service.name, "bought": row.bought, "left": row.left, "expires_at": row.expires_at, "email": row.email,
                "moves": [{"at": move.at, "quantity": move.quantity, "reason": move.reason} for move in row.moves.all()],
            }
            for row in Credit.objects.filter(mine(user)).select_related("service").prefetch_related("moves")
        ],
        "calendar": [absolute("events:calendar-mine", key.token, locale="fr")] if key else [],
    }  # fmt: skip


def _seat(seat: Seat) -> dict[str, Any]:
    return {
        "event": seat.event.name, "starts_at": seat.event.starts_at, "ticket": seat.ticket.name,
        "holder": seat.holder, "email": seat.email, "state": seat.state, "answers": seat.answers,
        "shown_among_guests": seat.is_named_publicly,
        "came_in": [row.at for row in seat.checkins.all() if row.undone_at is None],
    }  # fmt: skip


@transaction.atomic
def erase(user: Any) -> None:
    """Free seats to come are given up; names, answers and waiting lists go. A paid seat stays valid, and nobody's."""
    coming = Seat.objects.taken().filter(mine(user), event__starts_at__gt=timezone.now(), line__unit_amount=0)
    for seat in coming.select_related("line", "event"):
        if not admission.may_cancel(seat):
            admission.give_up(seat)
    _forget_seats(Seat.objects.filter(mine(user)))
    Booking.objects.filter(mine(user)).update(name="", email="", user=None)
    Credit.objects.filter(mine(user)).update(email="", user=None)
    for entry in WaitingEntry.objects.filter(by_address(user), state__in=waiting.ALIVE):
        waiting.leave(entry)
    WaitingEntry.objects.filter(by_address(user)).update(name="", email="")


def _forget_seats(seats: Any) -> None:
    seats.update(holder="", email="", answers={}, is_named_publicly=False, user=None)


def kept_because(user: Any) -> list[str]:
    """What a contract still owes."""
    now = timezone.now()
    seats = Seat.objects.taken().filter(mine(user), event__starts_at__gt=now, line__unit_amount__gt=0).count()
    hours = Booking.objects.live().filter(mine(user), starts_at__gt=now).count()
    if not seats + hours:
        return []
    words = ngettext(
        "%(n)s paid seat or appointment to come, without your name: the mail that you have opens it still.",
        "%(n)s paid seats or appointments to come, without your name: the mail that you have opens them still.",
        seats + hours,
    )
    return [words % {"n": seats + hours}]


def tidy(now: datetime) -> None:
    """What has been kept for long enough after a meeting goes. May run at any time and twice."""
    over = now - retention.ANSWERS
    Seat.objects.filter(event__ends_at__lt=over).exclude(answers={}).update(answers={})
    waits = WaitingEntry.objects.filter(event__ends_at__lt=over)
    waits.exclude(Q(name="", email="") | Q(state__in=waiting.ALIVE)).update(name="", email="")
    _forget_seats(Seat.objects.filter(event__ends_at__lt=now - retention.GUESTS).exclude(holder="", email=""))
    old = Booking.objects.filter(ends_at__lt=now - retention.CONTRACT).exclude(name="", email="")
    old.update(name="", email="", user=None)
    ended = Credit.objects.filter(expires_at__lt=now - retention.CONTRACT).exclude(email="", user=None)
    ended.update(email="", user=None)


def traces() -> Iterator[tuple[str, str, datetime]]:
    """(where, address, since when) of what an erased person must not stand in any more."""
    for email, at in Seat.objects.exclude(email="").order_by().values_list("email", "made_at"):
        yield "seat", email, at
    for email, at in WaitingEntry.objects.exclude(email="").order_by().values_list("email", "joined_at"):
        yield "waiting list", email, at
    for email, at in Booking.objects.exclude(email="").order_by().values_list("email", "made_at"):
        yield "appointment", email, at
    for email, at in Credit.objects.exclude(email="").order_by().values_list("email", "made_at"):
        yield "hours in advance", email, at
