"""The only price function: article, page, cart, structured data, feed, mail and Stripe all ask it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import money
from store import tax
from store.models import Offer, Price

PUBLIC: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Quote:
    """What `quantity` units cost one buyer now. Amounts in minor units of `currency`, VAT included."""

    offer_id: int
    currency: str
    unit: int
    amount: int
    tax_bp: int
    tax: int
    audience: str = ""


def current_prices(offers: Iterable[Offer], audiences: frozenset[str], at: datetime) -> dict[int, Price]:
    """{offer pk: the lowest price in force for these audiences or the public} in one query."""
    in_force = Price.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=at),
        offer__in=[offer.pk for offer in offers],
        audience__in=["", *sorted(audiences)],
        valid_from__lte=at,
    )
    best: dict[int, Price] = {}
    for row in in_force:
        held = best.get(row.offer_id)
        if held is None or (row.amount, -row.pk) < (held.amount, -held.pk):
            best[row.offer_id] = row
    return best


def quotes(offers: Iterable[Offer], audiences: frozenset[str] = PUBLIC, at: datetime | None = None) -> dict[int, Quote]:
    """{offer pk: quote of one unit}; an offer without a price is not there."""
    at = at or timezone.now()
    known = {offer.pk: offer for offer in offers}
    found = current_prices(known.values(), audiences, at)
    return {pk: _quote(known[pk], row, 1, at) for pk, row in found.items()}


@dataclass(frozen=True)
class Shown:
    """Prices of some offers as one buyer is shown them; all by offer pk, amounts in minor units.

    `public`: everybody's; `prior`: see `prior_prices`; `others`: {audience: amount} of those that have their own.
    """

    quotes: dict[int, Quote]
    public: dict[int, int]
    prior: dict[int, int | None]
    others: dict[int, dict[str, int]]


def shown(
    offers: Iterable[Offer], at: datetime, *, audiences: frozenset[str] = PUBLIC, with_prior: bool = True
) -> Shown:
    """All of it in one query."""
    known = {offer.pk: offer for offer in offers}
    rows: dict[int, list[Price]] = defaultdict(list)
    for row in _since(Price.objects.filter(offer__in=list(known), valid_from__lte=at), at, with_prior=with_prior):
        rows[row.offer_id].append(row)
    quotes, public, prior, others = {}, {}, {}, {}
    for pk, history in rows.items():
        current = [row for row in history if row.valid_until is None or row.valid_until > at]
        best = _best(row for row in current if row.audience in {"", *audiences})
        everybody = _best(row for row in current if not row.audience)
        if best:
            quotes[pk] = _quote(known[pk], best, 1, at)
        if everybody:
            public[pk] = everybody.amount
        prior[pk] = _prior([row for row in history if not row.audience], at) if with_prior else None
        others[pk] = {row.audience: row.amount for row in current if row.audience}
    return Shown(quotes, public, prior, others)


def _best(rows: Iterable[Price]) -> Price | None:
    return min(rows, key=lambda row: (row.amount, -row.pk), default=None)


def _since(rows: QuerySet[Price], at: datetime, *, with_prior: bool) -> QuerySet[Price]:
    """Those in force; `with_prior` those of the last 400 days too."""
    oldest = at - timedelta(days=400) if with_prior else at
    return rows.filter(Q(valid_until=None) | Q(valid_until__gt=oldest))


def quote(
    offer: Offer, *, audiences: frozenset[str] = PUBLIC, at: datetime | None = None, quantity: int = 1
) -> Quote | None:
    """What `quantity` units cost; None where no price is in force."""
    at = at or timezone.now()
    row = current_prices([offer], audiences, at).get(offer.pk)
    return _quote(offer, row, quantity, at) if row else None


def scaled(one: Quote, quantity: int) -> Quote:
    """The same price for `quantity` units; VAT is rounded once, on the line."""
    amount = one.unit * quantity
    return replace(one, amount=amount, tax=money.included_tax(amount, one.tax_bp))


def _quote(offer: Offer, price: Price, quantity: int, at: datetime) -> Quote:
    rate = tax.rate(offer.shop, offer.tax_code, timezone.localdate(at))
    amount = price.amount * quantity
    included = money.included_tax(amount, rate)
    return Quote(offer.pk, offer.currency, price.amount, amount, rate, included, price.audience)


@dataclass
class Asked:
    """What the owner asks for one offer: everybody's price (minor units), since or from when, and audiences' own."""

    amount: int | None = None
    begins_at: datetime | None = None
    others: dict[str, int] = field(default_factory=dict)


def asked(offers: Iterable[Offer], at: datetime) -> dict[int, Asked]:
    """{offer pk: what is asked now}; where the public's price begins later, that one. One query."""
    found: dict[int, Asked] = defaultdict(Asked)
    rows = Price.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), offer__in=list(offers))
    for row in rows.order_by("-valid_from", "-pk"):  # later ones first: what is in force has the last word
        one = found[row.offer_id]
        if row.audience and row.valid_from <= at:
            one.others[row.audience] = row.amount
        elif not row.audience:
            one.amount, one.begins_at = row.amount, row.valid_from
    return found


@transaction.atomic
def begin_at(offer: Offer, at: datetime, *, by: Any = None) -> bool:
    """The public's price begins at `at`, now at the earliest: before, only audiences with a price of their own buy.

    False: there is no public price, or it began, or begins, just then.
    """
    now = timezone.now()
    Offer.objects.select_for_update().get(pk=offer.pk)
    held = Price.objects.filter(offer=offer, audience="", valid_until=None).first()
    if held is None or held.valid_from == at or max(at, held.valid_from) <= now:
        return False
    held.valid_until = max(now, held.valid_from)
    held.save(update_fields=["valid_until"])
    user = by if getattr(by, "pk", None) else None
    Price.objects.create(offer=offer, amount=held.amount, valid_from=max(at, now), set_by=user)
    return True


def has_any(offer: Offer, at: datetime) -> bool:
    """Whether somebody at least has a price for it at that moment."""
    return Price.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), offer=offer, valid_from__lte=at).exists()


@transaction.atomic
def end_price(offer: Offer, audience: str, *, at: datetime | None = None) -> bool:
    """From `at` (now) on that audience pays what the public pays. False: it did already."""
    at = at or timezone.now()
    Offer.objects.select_for_update().get(pk=offer.pk)
    held = Price.objects.exclude(audience="").filter(offer=offer, audience=audience, valid_until=None).first()
    if held:
        held.valid_until = max(at, held.valid_from)
        held.save(update_fields=["valid_until"])
    return bool(held)


@transaction.atomic
def set_others(offer: Offer, changed: Mapping[str, int | None], *, by: Any = None) -> None:
    """What audiences pay from now on ({audience: minor units}); None: what the public pays."""
    for audience, amount in changed.items():
        if amount is None:
            end_price(offer, audience)
        else:
            set_price(offer, amount, audience=audience, by=by)


@transaction.atomic
def set_price(offer: Offer, amount: int, *, audience: str = "", by: Any = None, at: datetime | None = None) -> Price:
    """From `at` (now) on the offer costs `amount` minor units. The same amount again changes nothing."""
    at = at or timezone.now()
    Offer.objects.select_for_update().get(pk=offer.pk)
    held = Price.objects.filter(offer=offer, audience=audience, valid_until=None).first()
    if held and held.amount == amount:
        return held
    if held:
        held.valid_until = max(at, held.valid_from)
        held.save(update_fields=["valid_until"])
    user = by if getattr(by, "pk", None) else None
    return Price.objects.create(offer=offer, audience=audience, amount=amount, valid_from=at, set_by=user)


def prior_prices(offers: Iterable[Offer], at: datetime | None = None) -> dict[int, int | None]:
    """{offer pk: the lowest public price of the 30 days before the price in force began} in one query.

    None where the price in force is not a reduction of it. Source: C. conso L112-1-1. Amounts in minor units.
    """
    at = at or timezone.now()
    return {pk: _prior(history, at) for pk, history in _history([offer.pk for offer in offers], at).items()}


def ends(offers: Iterable[Offer], at: datetime) -> dict[int, datetime]:
    """{offer pk: when its public price or its sale ends}, of those whose end is known; one query."""
    known = list(offers)
    found = {offer.pk: offer.sale_until for offer in known if offer.sale_until and offer.sale_until > at}
    rows = Price.objects.filter(offer__in=known, audience="", valid_from__lte=at, valid_until__gt=at)
    for row in rows:
        if row.valid_until:
            found[row.offer_id] = min(row.valid_until, found.get(row.offer_id, row.valid_until))
    return found


def _history(offer_ids: Iterable[int], at: datetime) -> dict[int, list[Price]]:
    """{offer pk: its public prices of the last 400 days, as the model orders them} in one query."""
    rows: dict[int, list[Price]] = defaultdict(list)
    known = Price.objects.filter(offer__in=list(offer_ids), audience="", valid_from__lte=at)
    for row in _since(known, at, with_prior=True):
        rows[row.offer_id].append(row)
    return rows


def _prior(history: list[Price], at: datetime) -> int | None:
    now_row = next((row for row in history if row.valid_until is None or row.valid_until > at), None)
    if now_row is None:
        return None
    window = now_row.valid_from - timedelta(days=30)
    before = [
        row.amount
        for row in history
        if row.valid_from < now_row.valid_from and (row.valid_until is None or row.valid_until > window)
    ]
    lowest = min(before, default=None)
    return lowest if lowest is not None and lowest > now_row.amount else None
