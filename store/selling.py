"""The shop as the selling side needs it, read once in a few seconds per process: regimes, terms, delivery.

A change in this process is seen at once, in others within TTL; what is charged is checked anew at checkout.
"""

import time
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from core.models import Shop, TermsVersion, VatRegime
from store import audiences as groups
from store.models import DeliveryMethod, DeliveryRate

TTL = 5.0
_held: dict[int, tuple[float, Shop]] = {}


def shop(pk: int) -> Shop:
    """The shop with its regimes, terms and delivery methods; treat it as read-only."""
    held = _held.get(pk)
    if held is None or time.monotonic() - held[0] > TTL:
        held = (time.monotonic(), fresh(pk))
        _held[pk] = held
    return held[1]


def fresh(pk: int) -> Shop:
    """The same, read now: for checkout."""
    return (
        Shop.objects.select_related("site")
        .prefetch_related("vat_regimes", "terms_versions", "delivery_methods__rates")
        .get(pk=pk)
    )


def audiences(user: Any) -> frozenset[str]:
    """Which audiences' prices this person is shown and charged; nobody's without an account."""
    told = getattr(user, "audiences", None)
    return told() | groups.of(user) if told else frozenset()


@receiver([post_save, post_delete])
def forget(sender: type[Any], **_kwargs: Any) -> None:
    """Whoever changes the shop sees it at once."""
    if sender in {Shop, TermsVersion, VatRegime, DeliveryMethod, DeliveryRate}:
        _held.clear()
