"""Ending a contract on line (C. conso L215-1-1, D215-1 to 3): no account, two steps, the same answer to everybody."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.models import Shop
from members import tasks
from members.models import GRACE, Membership, Termination
from store import parting
from store.models import Subscription


@dataclass(frozen=True)
class Notice:
    """What somebody says: who, which contract, where the confirmation goes."""

    name: str
    email: str
    contract: str
    locale: str


@transaction.atomic
def declare(shop: Shop, said: Notice, token: uuid.UUID) -> Termination:
    """Store the notice with its moment, stop what renews itself, and have the confirmation sent. One row for a token.

    Our word counts at once: nothing is charged after it, whether or not Stripe answers.
    """
    row, is_new = Termination.objects.get_or_create(
        token=token,
        defaults={
            "shop": shop,
            "name": said.name,
            "email": said.email,
            "contract": said.contract,
            "locale": said.locale,
            "received_at": timezone.now(),
        },
    )
    if not is_new:
        return row
    membership = find(shop, said)
    if membership:
        row.membership = membership
        row.ends_at = stop(membership)
        row.save(update_fields=["membership", "ends_at"])
    tasks.confirm_end.enqueue(row.pk)
    return row


def find(shop: Shop, said: Notice) -> Membership | None:
    """The contract that is meant: its card's or its order's number, and the address that belongs to it."""
    number = said.contract.strip().upper()
    named = Q(number=number) | Q(grants__line__order__number=number)
    mine = Q(email__iexact=said.email) | Q(user__email__iexact=said.email)
    found = Membership.objects.open().filter(named, mine, tier__shop=shop).distinct()
    return found.first()


def stop(membership: Membership) -> datetime | None:
    """It renews itself no more; it lasts to the end of what was paid for. Returns that moment (UTC).

    Who was not told of the renewal in time leaves at once, with the days that are left given back (L215-1).
    """
    fresh = Membership.objects.select_for_update().get(pk=membership.pk)
    paid_by = Subscription.objects.alive().filter(line__membership_grant__membership=fresh)
    for row in paid_by.select_related("line__order", "offer"):
        if parting.is_free_to_leave(row):
            parting.part(row, parting.unused(row), reason="L215-1")
            fresh.refresh_from_db()
    if fresh.renews:
        fresh.renews = False
        if fresh.ends_at:
            fresh.ends_at = max(fresh.ends_at - GRACE, timezone.now())
        fresh.save(update_fields=["renews", "ends_at"])
        tasks.end_subscription.enqueue(fresh.pk)
    return fresh.ends_at
