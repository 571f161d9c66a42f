"""Putting a product on sale, archiving it, taking it back to draft: every change is logged."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from store import opening, pricing
from store.models import Goods, Offer, OrderLine, Product


class NotReady(Exception):
    """The product may not be sold yet; `lacking` says what it needs, in the owner's words."""

    def __init__(self, product: Product, lacking: list[str]) -> None:
        super().__init__(f"{product}: {', '.join(lacking)}")
        self.product = product
        self.lacking = lacking


class AlreadySold(Exception):
    """What was ordered once cannot be a draft again: archive it."""


def lacking(product: Product) -> list[str]:
    """What it needs before it may be sold: law P12, and a price for each variant that is not archived."""
    rows = list(Goods.objects.filter(product=product).select_related("offer"))
    wanted = [row for row in rows if row.offer.state != Offer.State.ARCHIVED] or rows
    prices = pricing.quotes(row.offer for row in wanted)
    names = [row.label("fr") or row.code for row in wanted if row.offer_id not in prices]
    return [*opening.may_go_live(product), *(_("a price for %(variant)s") % {"variant": name} for name in names)]


@transaction.atomic
def put_on_sale(product: Product, *, by: Any, sale_from: datetime | None = None) -> int:
    """All drafts go on sale, or all its archived variants when there are only these. Raises NotReady.

    `sale_from` is for what has no first day of its own. Returns how many changed; a second call changes nothing.
    """
    missing = lacking(product)
    if missing:
        raise NotReady(product, missing)
    offers = _locked(product)
    waiting = [offer for offer in offers if offer.state == Offer.State.DRAFT]
    if not waiting and all(offer.state == Offer.State.ARCHIVED for offer in offers):
        waiting = offers
    for offer in waiting:
        offer.sale_from = offer.sale_from or sale_from
    return _move(product, waiting, Offer.State.LIVE, by)


@transaction.atomic
def archive(product: Product, *, by: Any) -> int:
    """Nothing of it can be bought any more; it stays where it stands. A second call changes nothing."""
    return _move(product, _locked(product), Offer.State.ARCHIVED, by)


@transaction.atomic
def withdraw(product: Product, *, by: Any) -> int:
    """Back to draft, for what nobody has ordered yet. Raises AlreadySold."""
    if OrderLine.objects.filter(offer__goods__product=product).exists():
        raise AlreadySold(product)
    return _move(product, _locked(product), Offer.State.DRAFT, by)


@transaction.atomic
def set_state(goods: Goods, state: str, *, by: Any) -> int:
    """One variant alone. Raises NotReady and AlreadySold as for the whole product."""
    if state == Offer.State.LIVE:
        missing = opening.may_go_live(goods.product)
        if pricing.quote(goods.offer) is None:
            missing.append(_("a price for %(variant)s") % {"variant": goods.label("fr") or goods.code})
        if missing:
            raise NotReady(goods.product, missing)
    if state == Offer.State.DRAFT and OrderLine.objects.filter(offer=goods.offer_id).exists():
        raise AlreadySold(goods)
    return _move(goods.product, [Offer.objects.select_for_update().get(pk=goods.offer_id)], state, by)


def archive_orphan(product: Product) -> None:
    """Its last page was deleted: nobody could find it any more."""
    if not product.pages.exists():
        archive(product, by=None)


def _locked(product: Product) -> list[Offer]:
    return list(Offer.objects.filter(goods__product=product).order_by("pk").select_for_update(of=("self",)))


def _move(product: Product, offers: Iterable[Offer], state: str, by: Any) -> int:
    changed = [offer for offer in offers if offer.state != state]
    for offer in changed:
        offer.state = state
        offer.save(update_fields=["state", "sale_from"])
    if changed:
        codes = list(Goods.objects.filter(offer__in=changed).values_list("code", flat=True))
        log(product, f"store.product_{state}", user=by, data={"variants": codes})
    return len(changed)
