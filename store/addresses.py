"""A person's address book: the only writer of Address. The first address is the default, and so is what follows a deleted one."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from store.models import Address
from store.models.address import PARTS

MOST = 20


class BookFull(Exception):
    """Twenty addresses are enough."""


@transaction.atomic
def keep(user: Any, parts: Mapping[str, Any], *, first: bool = False) -> Address:
    """Put an address into the book; one that is there already stays as it is. Raises BookFull. May run twice."""
    _lock(user)
    said = {name: str(parts.get(name) or "") for name in PARTS}
    known = Address.objects.filter(user=user, **said).first()
    if known is None and Address.objects.filter(user=user).count() >= MOST:
        raise BookFull
    row = known or Address.objects.create(user=user, **said)
    if first or not Address.objects.filter(user=user, is_default=True).exists():
        _prefer(row)
    return row


@transaction.atomic
def change(row: Address, parts: Mapping[str, Any], *, first: bool = False) -> Address:
    """Put an address right; where it becomes one that is there already, one of them stays."""
    _lock(row.user)
    said = {name: str(parts.get(name) or "") for name in PARTS}
    twin = Address.objects.filter(user=row.user, **said).exclude(pk=row.pk).first()
    if twin:
        first = first or row.is_default
        remove(row)
        row = twin
    Address.objects.filter(pk=row.pk).update(**said)
    row.refresh_from_db()
    if first:
        _prefer(row)
    return row


@transaction.atomic
def remove(row: Address) -> None:
    """Delete it; the newest of the others is proposed first from now on. May run twice."""
    _lock(row.user)
    Address.objects.filter(pk=row.pk).delete()
    rest = Address.objects.filter(user=row.user)
    newest = rest.order_by("-pk").first()
    if newest and not rest.filter(is_default=True).exists():
        _prefer(newest)


def _lock(user: Any) -> None:
    get_user_model().objects.select_for_update().get(pk=user.pk)


def _prefer(row: Address) -> None:
    Address.objects.filter(user=row.user, is_default=True).exclude(pk=row.pk).update(is_default=False)
    Address.objects.filter(pk=row.pk).update(is_default=True)
    row.is_default = True
