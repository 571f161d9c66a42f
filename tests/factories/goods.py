"""Things on sale: product, variants, prices, stock, page."""

import itertools
from typing import Any

from core.models import Shop
from store import pricing, stock
from store.models import Goods, Offer, Product, ProductPage, Stock
from tests.factories.house import locale
from tests.factories.pages import photo, shop_page
from tests.factories.shop import open_shop

COUNT = itertools.count(1)


def product(shop: Shop | None = None, **fields: Any) -> Product:
    """A product without variants; it may go live once it has a page (`product_page`) and a picture."""
    number = next(COUNT)
    given = {"code": f"produit-{number}", "name": f"Produit {number}", "i_am_maker": True, **fields}
    return Product.objects.create(shop=shop or open_shop(), **given)


def goods(
    of: Product | None = None,
    *,
    price: int = 2000,
    units: int | None = 10,
    state: str = Offer.State.LIVE,
    **fields: Any,
) -> Goods:
    """One variant at `price` minor units with `units` in stock (None: unlimited), on sale."""
    of = of or product()
    of_offer = Offer.objects.create(shop=of.shop, kind=Goods.kind(), tax_code=of.tax_code, state=state)
    number = next(COUNT)
    row = Goods.objects.create(
        product=of, offer=of_offer, **{"code": f"SKU-{number}", "weight": 300, "position": number, **fields}
    )
    pricing.set_price(of_offer, price)
    if units is not None:
        of_offer.stocks.add(stock.make(of.shop, f"{of.name} {row.code}", units))
    return row


def offer(**fields: Any) -> Offer:
    """The offer of a new product's only variant; takes what `goods` takes."""
    return goods(**fields).offer


def stocked(of: Offer) -> Stock:
    """The only pool behind an offer, as it is now."""
    return of.stocks.get()


def ready(of: Product | None = None, *, live: bool = False, **fields: Any) -> Product:
    """A product that may go live once it has a variant: its picture and page tell all that the law wants."""
    of = of or product(**fields)
    of.photo = photo()
    of.save()
    product_page(of, live=live)
    return of


def product_page(of: Product | None = None, *, code: str = "fr", live: bool = True, **fields: Any) -> ProductPage:
    """The product's page in one language; without a product, one with a variant on sale."""
    of = of or goods().product
    page = ProductPage(
        product=of,
        **{
            "title": of.name,
            "slug": of.code,
            "summary": "Un objet utile.",
            "locale": locale(code),
            "live": live,
            **fields,
        },
    )
    shop_page(code).add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    return page
