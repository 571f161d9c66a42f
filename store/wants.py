"""What somebody wants, line by line: values, before any price, order or stock."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from store.exceptions import CannotBeSold
from store.models import Offer

ONE_TIME_LINES = 20
"""As many as Stripe takes beside a line that recurs; delivery is one of them (stripe.com/docs/api/checkout/sessions)."""


@dataclass(frozen=True)
class Wish:
    """One thing somebody wants: from a cart line, or straight from an article."""

    offer: Offer
    quantity: int
    details: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


def keyed(wanted: Iterable[Wish]) -> list[Wish]:
    """The same, each with the prefix of what the recap asks about it: line-<offer>, line-<offer>-2 …"""
    seen: Counter[int] = Counter()
    rows = []
    for wish in wanted:
        seen[wish.offer.pk] += 1
        turn = seen[wish.offer.pk]
        rows.append(replace(wish, key=f"line-{wish.offer.pk}" + (f"-{turn}" if turn > 1 else "")))
    return rows


def answered(wanted: Iterable[Wish], details: Mapping[str, Mapping[str, Any]]) -> list[Wish]:
    """The same with what the recap asked ({key: answers}) on top of what was chosen before."""
    return [replace(wish, details={**details.get(wish.key, {}), **wish.details}) for wish in wanted]


def granted(wanted: Iterable[Wish]) -> frozenset[str]:
    """The audiences that what is wanted gives to all the rest of it."""
    rows = [(wish.offer.sellable, wish.details) for wish in wanted]
    return frozenset[str]().union(*(sellable.grants(details) for sellable, details in rows if sellable))


def fit(wanted: Iterable[Wish], *, shipped: bool = False) -> None:
    """Raise CannotBeSold where these cannot be paid for together: one recurring line, of one unit, and few others."""
    rows = list(wanted)
    recurring = [wish for wish in rows if wish.offer.interval]
    if not recurring:
        return
    if len(recurring) > 1 or recurring[0].quantity > 1:
        raise CannotBeSold(recurring[-1].offer, "one_recurring")
    if len(rows) - 1 + shipped > ONE_TIME_LINES:
        raise CannotBeSold(recurring[0].offer, "many_lines")
