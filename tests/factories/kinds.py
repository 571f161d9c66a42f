"""The tests' own kind on sale."""

from typing import Any

from core.models import Shop
from store import pricing
from store.models import Offer
from tests.factories.shop import open_shop


def hour(shop: Shop | None = None, *, price: int | None = 5000, **fields: Any) -> Offer:
    """An hour on sale at `price` minor units (None: no public price), without a pool."""
    from tests.kinds.models import Hour

    shop = shop or open_shop()
    found = Offer.objects.create(shop=shop, kind=Hour.kind(), state=Offer.State.LIVE)
    Hour.objects.create(offer=found, **{"name": "Une heure", **fields})
    if price is not None:
        pricing.set_price(found, price)
    return Offer.objects.get(pk=found.pk)
