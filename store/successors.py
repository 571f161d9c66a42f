"""What took a product's place once it is no longer sold. The only writer of Product.successor."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from core.models import Shop
from store.models import Product


class Circle(Exception):
    """The successor would lead back to the product itself, at once or by way of others; `way` leads there from it."""

    def __init__(self, product: Product, way: list[Product]) -> None:
        super().__init__(f"{product}: {' > '.join(str(one) for one in way)}")
        self.product = product
        self.way = way


@transaction.atomic
def name(product: Product, heir: Product | None, *, by: Any) -> bool:
    """Let `heir` take the product's place, or nothing. Whether this changed anything; raises Circle.

    Two owners who close a circle from both sides wait for each other at the shop's row.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=product.shop_id)
    before = Product.objects.values_list("successor", flat=True).get(pk=product.pk)
    if heir is not None:
        refuse_circle(product, heir)
    if before == (heir.pk if heir else None):
        return False
    product.successor = heir
    product.save(update_fields=["successor"])
    log(product, "store.product_succeeded", user=by, data={"successor": heir.name if heir else ""})
    return True


def refuse_circle(product: Product, heir: Product) -> None:
    """Raises Circle when `heir`, or what follows it, is the product itself."""
    way = [heir.pk, *chains(Product.objects.filter(pk=heir.pk)).get(heir.pk, [])]
    if product.pk in way:
        upto = way[: way.index(product.pk) + 1]
        known = Product.objects.in_bulk(upto)
        raise Circle(product, [known[pk] for pk in upto])


def chains(products: Iterable[Product]) -> dict[int, list[int]]:
    """{product pk: keys of what took its place, the nearest first}; one query, none where nothing did."""
    asked = [product for product in products if product.successor_id]
    if not asked:
        return {}
    shops = {product.shop_id for product in asked}
    rows = Product.objects.filter(shop__in=shops, successor__isnull=False).values_list("pk", "successor")
    leads = dict(rows)
    return {product.pk: _follow(product.pk, leads) for product in asked}


def _follow(key: int, leads: dict[int, int | None]) -> list[int]:
    """From one to the next until nothing follows, or until it would begin anew."""
    found: list[int] = []
    while (following := leads.get(key)) and following not in found:
        found.append(following)
        key = following
    return found
