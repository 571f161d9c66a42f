"""Making products and their variants: the only writer of Product and Goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from wagtail.log_actions import log

from core.models import Photo, Shop
from store import pricing, stock
from store.editor import axes as options
from store.editor.axes import Axis
from store.models import Goods, Offer, OrderLine, Product, ProductPage, ProductPicture, ShopPage


@dataclass(frozen=True)
class NewProduct:
    """What is typed for a new product. `amount` in minor units; `units` of each variant, None: not counted."""

    name: str
    amount: int
    units: int | None
    tax_code: str
    token: UUID
    photo: Photo | None = None
    axes: Sequence[Axis] = ()
    summary: str = ""


def make(new: NewProduct, shop_page: ShopPage, *, by: Any) -> ProductPage:
    """Product, variants, prices, stock and a draft page, all or nothing. The same token again gives the same page."""
    made = _made(new.token)
    if made:
        return made
    try:
        with transaction.atomic():
            return _make(new, shop_page, by)
    except IntegrityError:
        made = _made(new.token)
        if made is None:
            raise
        return made


def _made(token: UUID) -> ProductPage | None:
    return ProductPage.objects.filter(product__form_token=token).first()


def _make(new: NewProduct, shop_page: ShopPage, by: Any) -> ProductPage:
    shop = Shop.objects.for_site(shop_page.get_site())
    product = Product.objects.create(
        shop=shop, code=free_code(shop, new.name), name=new.name, tax_code=new.tax_code, photo=new.photo,
        axes=options.stored(new.axes), form_token=new.token,
    )  # fmt: skip
    for position, values in enumerate(options.combinations(new.axes)):
        add_variant(product, values, position, amount=new.amount, units=new.units, by=by)
    log(product, "wagtail.create", user=by)
    page = ProductPage(
        title=new.name, summary=new.summary, product=product, locale=shop_page.locale, live=False,
        has_unpublished_changes=True, owner=by,
    )  # fmt: skip
    if new.photo:
        page.gallery = [ProductPicture(photo=new.photo, alt=new.name)]
    shop_page.add_child(instance=page)
    log(page, "wagtail.create", user=by, content_changed=True)
    page.save_revision(user=by)
    return page


def add_variant(
    product: Product, values: list[str], position: int, *, amount: int | None, units: int | None, by: Any
) -> Goods:
    """One more variant in draft, with its price and, unless `units` is None, a pool of its own."""
    offer = Offer.objects.create(shop=product.shop, kind=Goods.kind(), tax_code=product.tax_code)
    goods = Goods.objects.create(
        product=product, offer=offer, code=free_sku(product, values), options=values, position=position
    )
    if amount is not None:
        pricing.set_price(offer, amount, by=by)
    if units is not None:
        offer.stocks.add(stock.make(product.shop, f"{product.name} {goods.label('fr')}".strip()[:160], units, by=by))
    return goods


@transaction.atomic
def fill_variants(product: Product, axes: Sequence[Axis], *, by: Any) -> list[Goods]:
    """Keep these axes and make the variants that are not there yet; those that are stay as they are.

    A lone draft without options that nobody ordered becomes the first combination. Returns what was made.
    """
    product = Product.objects.select_for_update().get(pk=product.pk)
    product.axes = options.stored(axes)
    product.save(update_fields=["axes"])
    present = list(product.goods.select_related("offer").order_by("position", "pk"))
    wanted = options.combinations(axes) if axes else []
    if wanted and len(present) == 1 and _is_blank(present[0]):
        present[0].options = wanted[0]
        present[0].save(update_fields=["options"])
    have = [goods.options for goods in present]
    model = present[0] if present else None
    quote = pricing.quote(model.offer) if model else None
    units = 0 if model is None or model.offer.stocks.exists() else None
    missing = [values for values in wanted if values not in have]
    amount = quote.unit if quote else None
    last = max((goods.position for goods in present), default=-1)
    made = [
        add_variant(product, values, last + number, amount=amount, units=units, by=by)
        for number, values in enumerate(missing, start=1)
    ]
    if made:
        log(product, "store.variants_made", user=by, data={"variants": [goods.code for goods in made]})
    return made


def _is_blank(goods: Goods) -> bool:
    is_draft = goods.offer.state == Offer.State.DRAFT
    return not goods.options and is_draft and not OrderLine.objects.filter(offer=goods.offer_id).exists()


def free_code(shop: Shop, name: str) -> str:
    """A short code that no product of the shop has yet."""
    base = slugify(name)[:50].strip("-") or "produit"
    taken = set(Product.objects.filter(shop=shop, code__startswith=base).values_list("code", flat=True))
    return _free(base, taken)


def free_sku(product: Product, values: list[str]) -> str:
    """The product's code and the variant's values, in capitals, once per product."""
    base = "-".join([product.code, *(slugify(value) for value in values)]).upper()[:56].strip("-")
    return _free(base, set(product.goods.values_list("code", flat=True)))


def _free(base: str, taken: set[str]) -> str:
    number, code = 2, base
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code
