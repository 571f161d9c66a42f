"""What the owner changes on a variant: price by a new row, the rest in place; each change is logged."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from store import pricing
from store.editor import states
from store.models import Goods, Offer, Price, Product, Stock

ON_GOODS = {"code", "weight", "options_en"}
ON_OFFER = {"sale_from", "sale_until", "max_per_order"}
ON_STOCK = {"low_at", "back_on"}


@transaction.atomic
def change(goods: Goods, changed: dict[str, Any], *, by: Any) -> None:
    """Write only what is in `changed`: fields of goods, offer and pool, `price` in minor units, `state`.

    `others` {audience: minor units or None} and `public_from` are as in `_set_prices`.

    Raises states.NotReady and states.CannotBeDraft; then nothing is written.
    """
    offer = Offer.objects.select_for_update().get(pk=goods.offer_id)
    goods.offer = offer
    _write(goods, ON_GOODS, changed)
    _write(offer, ON_OFFER, changed)
    for pool in Stock.objects.filter(offers=offer).locked():
        _write(pool, ON_STOCK, changed)
    _set_prices(offer, changed, by=by)
    names = sorted(name for name in changed if name != "state")
    if names:
        told = {
            "variant": goods.code,
            "fields": names,
            "price": changed.get("price"),
            "others": changed.get("others", {}),
        }
        log(goods.product, "store.variant_changed", user=by, data=told)
    if "state" in changed:
        states.set_state(goods, changed["state"], by=by)


def _set_prices(offer: Offer, changed: dict[str, Any], *, by: Any) -> None:
    """Everybody's price, from when, and each audience's own; an empty one ends."""
    now = timezone.now()
    if changed.get("price") is not None:
        begins = pricing.asked([offer], now)[offer.pk].begins_at or now
        pricing.set_price(offer, changed["price"], by=by, at=max(begins, now))
    if "public_from" in changed:
        pricing.begin_at(offer, changed["public_from"] or now, by=by)
    pricing.set_others(offer, changed.get("others", {}), by=by)


def _write(row: Any, names: set[str], changed: dict[str, Any]) -> None:
    mine = [name for name in sorted(names) if name in changed]
    for name in mine:
        setattr(row, name, changed[name])
    if mine:
        row.save(update_fields=mine)


@transaction.atomic
def set_tax(product: Product, tax_code: str) -> None:
    """The product's VAT is that of all its offers."""
    Offer.objects.filter(goods__product=product).exclude(tax_code=tax_code).update(tax_code=tax_code)


def history(goods: Goods) -> list[Price]:
    """All prices it ever had, newest first, with who set them."""
    return list(Price.objects.filter(offer=goods.offer_id).select_related("set_by"))
