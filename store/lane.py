"""Who asks a buyer for e-mail, name and address: our recap, or Stripe's form, where a wallet types nothing (ADR 0012)."""

from collections.abc import Mapping
from typing import Any

from store import delivery
from store.checkout import Draft

ADDRESS = ("line1", "postcode", "city")


def needed(draft: Draft, user: Any) -> list[str]:
    """The fields without which this cannot be sent, or its buyer not be written to."""
    person = ["name"] if user else ["email", "name"]
    return [*person, *(ADDRESS if draft.is_sent else ())]


def was_asked(draft: Draft, *, typed: Mapping[str, Any], user: Any) -> bool:
    """Whether the form that was sent had any of our fields: the fast lane's has none."""
    return any(name in typed for name in needed(draft, user))


def is_fast(draft: Draft, *, known: Mapping[str, Any], typed: Mapping[str, Any] | None, user: Any) -> bool:
    """Whether Stripe's form asks for them.

    Only where the total is the same for every address, nothing of it is known yet (`known`: what this buyer gave
    before) and none of our fields was shown (`typed`: the form that was sent).
    """
    fields = needed(draft, user)
    if typed is not None and was_asked(draft, typed=typed, user=user):
        return False
    if any(wish.offer.sellable and wish.offer.sellable.needs_account for wish, _quote in draft.lines):
        return False
    if draft.total == 0 or (draft.way and draft.way.method.needs_phone):
        return False
    if draft.is_sent and len(delivery.countries(draft.shop)) > 1:
        return False
    return not all(known.get(name) for name in fields)
