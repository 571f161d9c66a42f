"""Audiences that may have prices of their own, with the words by which a price is shown as theirs.

The store knows no tiers: apps register a function that names them, in the order in which the owner sees them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core import money

MEMBER = "member"


@dataclass(frozen=True)
class Audience:
    """`label` stands before its price ("Club"); `url` is where one joins, `offer_id` what one buys to join, if there are such."""

    label: str
    url: str = ""
    offer_id: int = 0


_named: list[Callable[[], Mapping[str, Audience]]] = []


def register(named: Callable[[], Mapping[str, Audience]]) -> None:
    """`named()` is asked for each page: it should keep what it knows in process memory (core.held)."""
    _named.append(named)


_held: list[Callable[[Any], Iterable[str]]] = []


def hold(held: Callable[[Any], Iterable[str]]) -> None:
    """An app says by `held(user)` to which more audiences a person belongs; they need no words of their own."""
    if held not in _held:
        _held.append(held)


def of(user: Any) -> frozenset[str]:
    """All that the apps say."""
    return frozenset(name for held in _held for name in held(user))


def known() -> dict[str, Audience]:
    """{audience: its words}; the club is always one of them."""
    found = {MEMBER: Audience(_("Club"))}
    for named in _named:
        found |= named()
    return found


@dataclass(frozen=True)
class Better:
    """A price that an audience has and the public has not. `amount` in minor units."""

    audience: str
    label: str
    url: str
    amount: int
    offer_id: int = 0


def better(prices: Mapping[str, int], public: int | None) -> Better | None:
    """The lowest of `prices` ({audience: minor units}) that is under the public's and has a name."""
    if not prices:
        return None
    names = known()
    found = [(amount, audience) for audience, amount in prices.items() if audience in names]
    amount, audience = min(found, default=(0, ""))
    if not audience or (public is not None and amount >= public):
        return None
    return Better(audience, names[audience].label, names[audience].url, amount, names[audience].offer_id)


def words(of: Better, currency: str, locale: str) -> str:
    """ "Club: €41.00"."""
    return _("%(who)s: %(price)s") % {"who": of.label, "price": money.text(of.amount, currency, locale)}
