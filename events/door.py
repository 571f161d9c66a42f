"""The door: who is expected, who came in. Phones work without a net and tell later; the only writer of CheckIn."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from events.models import CheckIn, Event, Seat

AHEAD = timedelta(minutes=5)
"""A phone's clock may be that much too fast; beyond it, now counts."""
MOST = 2000


@dataclass(frozen=True)
class Mark:
    """What a phone noted: somebody came in ("in"), or that was a mistake ("out"). `key` is the phone's own, `at` in UTC."""

    key: str
    seat: int
    at: datetime
    what: str


def fingerprint(token: str) -> str:
    """What a phone keeps of a seat's token: enough to know it again, too little to open it."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def roster(event: Event) -> list[dict[str, Any]]:
    """Everybody with a seat, by name, and since when they are in; two queries for any number."""
    seats = (
        Seat.objects.taken().filter(event=event).select_related("ticket", "line__order").prefetch_related("checkins")
    )
    locale = (get_language() or "fr").split("-")[0]
    rows = [_row(seat, locale) for seat in seats]
    return sorted(rows, key=lambda row: (row["name"].casefold(), row["id"]))


def _row(seat: Seat, locale: str) -> dict[str, Any]:
    order = seat.line.order
    inside = next((row.at for row in seat.checkins.all() if row.undone_at is None), None)
    return {
        "id": seat.pk, "key": fingerprint(seat.token), "name": seat.holder or order.name or order.email,
        "with": order.name if seat.holder and seat.holder != order.name else "", "ticket": seat.ticket.label(locale),
        "reference": seat.reference, "in": inside.isoformat() if inside else None,
    }  # fmt: skip


def sync(event: Event, marks: Iterable[Mark], *, device: str, by: Any) -> list[str]:
    """Take in what a phone noted, in the order in which it happened there; returns the keys that are dealt with.

    Each mark counts once however often it is sent; a guest whom two phones let in came once, at the earlier moment.
    """
    done = []
    for mark in sorted(marks, key=lambda row: row.at):
        _take(event, mark, device=device, by=by)
        done.append(mark.key)
    return done


@transaction.atomic
def _take(event: Event, mark: Mark, *, device: str, by: Any) -> None:
    """One mark; a seat of another event, or one that ended, is left alone."""
    seat = Seat.objects.select_for_update(of=("self",)).filter(event=event, pk=mark.seat).first()
    if seat is None or CheckIn.objects.filter(key=mark.key).exists():
        return
    at = min(mark.at, timezone.now() + AHEAD)
    inside = seat.checkins.filter(undone_at=None).first()
    if mark.what == "out":
        if inside and inside.at <= at:
            inside.undone_at = at
            inside.save(update_fields=["undone_at"])
        return
    user = by if getattr(by, "pk", None) else None
    if inside is None and seat.is_valid:
        CheckIn.objects.create(seat=seat, key=mark.key, at=at, device=device, by=user)
    elif inside and at < inside.at:
        inside.at = at
        inside.save(update_fields=["at"])


def check_in(seat: Seat, *, key: str, by: Any, device: str = "") -> None:
    """Somebody who just took a seat at the door is in."""
    sync(seat.event, [Mark(key, seat.pk, timezone.now(), "in")], device=device, by=by)
