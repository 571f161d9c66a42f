"""Putting a product on sale, archiving it, taking it back to draft: every change is logged."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from store import opening, pricing
from store.editor import places
from store.models import Goods, Offer, OrderLine, Product, ProductPage


class NotReady(Exception):
    """The product may not be sold yet; `lacking` says what it needs, in the owner's words."""

    def __init__(self, product: Product, lacking: list[str]) -> None:
        super().__init__(f"{product}: {', '.join(lacking)}")
        self.product = product
        self.lacking = lacking


class CannotBeDraft(Exception):
    """It would vanish from an order's or a reader's sight: archive it instead. `words` say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def lacking(product: Product, going: ProductPage | None = None) -> list[str]:
    """What it needs before it may be sold: what the law wants told, and a price for each variant not archived."""
    rows = list(Goods.objects.filter(product=product).select_related("offer"))
    wanted = [row for row in rows if row.offer.state != Offer.State.ARCHIVED] or rows
    prices = pricing.quotes(row.offer for row in wanted)
    names = [row.label("fr") or row.code for row in wanted if row.offer_id not in prices]
    return [*opening.may_go_live(product, going), *(_("a price for %(variant)s") % {"variant": name} for name in names)]


@transaction.atomic
def put_on_sale(
    product: Product, *, by: Any, sale_from: datetime | None = None, going: ProductPage | None = None
) -> int:
    """All drafts go on sale, or all its archived variants when there are only these. Raises NotReady.

    `sale_from` is for what has no first day of its own; `going` is the version of its page that is published with it.
    Returns how many changed; a second call changes nothing.
    """
    missing = lacking(product, going)
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
    """Back to draft, for what nobody has ordered and no published page tells of. Raises CannotBeDraft."""
    _may_be_draft(product, was_ordered=OrderLine.objects.filter(offer__goods__product=product).exists())
    return _move(product, _locked(product), Offer.State.DRAFT, by)


@transaction.atomic
def set_state(goods: Goods, state: str, *, by: Any) -> int:
    """One variant alone. Raises NotReady and CannotBeDraft as for the whole product."""
    if state == Offer.State.LIVE:
        missing = opening.may_go_live(goods.product)
        if pricing.quote(goods.offer) is None:
            missing.append(_("a price for %(variant)s") % {"variant": goods.label("fr") or goods.code})
        if missing:
            raise NotReady(goods.product, missing)
    if state == Offer.State.DRAFT and goods.offer.state != Offer.State.DRAFT:
        _may_be_draft(goods.product, was_ordered=OrderLine.objects.filter(offer=goods.offer_id).exists())
    return _move(goods.product, [Offer.objects.select_for_update().get(pk=goods.offer_id)], state, by)


@transaction.atomic
def archive_unseen(product: Product) -> None:
    """Its last page was put away or deleted: nobody could read of its dangers any more, so nobody may buy it (law P12)."""
    if product.pages.filter(live=True).exists():
        return
    _move(product, [offer for offer in _locked(product) if offer.state == Offer.State.LIVE], Offer.State.ARCHIVED, None)


def _may_be_draft(product: Product, *, was_ordered: bool) -> None:
    if was_ordered:
        raise CannotBeDraft(_("It was sold already: archive it instead."))
    if any(place.page.live and not place.is_draft for place in places.of(product.pages.all()).pages):
        raise CannotBeDraft(_("Published pages tell of it: archive it instead."))


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
