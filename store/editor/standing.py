"""How products stand now, for the owner's lists: price, stock and status, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core import money
from core.models import Photo
from core.photo import social_spec
from store import pricing
from store.models import Goods, Left, Offer, Product, ProductPage, Stock


class Status(TextChoices):
    """What a product is doing."""

    ON_SALE = "on_sale", lazy("on sale")
    SCHEDULED = "scheduled", lazy("scheduled")
    SOLD_OUT = "sold_out", lazy("sold out")
    ENDED = "ended", lazy("sale over")
    DRAFT = "draft", lazy("draft")
    ARCHIVED = "archived", lazy("archived")


@dataclass
class Variant:
    """One variant with its numbers. `amount` in minor units, None without a price; `free` None when not counted."""

    goods: Goods
    amount: int | None
    pools: list[Left]
    asked: pricing.Asked = field(default_factory=pricing.Asked)

    @property
    def free(self) -> int | None:
        return min((pool.free for pool in self.pools), default=None)

    @property
    def is_low(self) -> bool:
        return any(pool.free <= pool.low_at for pool in self.pools)

    def status(self, at: datetime) -> str:
        offer = self.goods.offer
        if offer.state != Offer.State.LIVE:
            return str(Status(offer.state))
        if offer.is_scheduled(at):
            return Status.SCHEDULED
        if not offer.is_on_sale(at):
            return Status.ENDED
        return Status.SOLD_OUT if self.free is not None and self.free <= 0 else Status.ON_SALE


@dataclass
class Standing:
    """A product as a list shows it."""

    product: Product
    variants: list[Variant]
    at: datetime
    photo: Photo | None = None
    pages: list[ProductPage] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """The best that one of its variants has to offer."""
        found = {variant.status(self.at) for variant in self.variants}
        return next((status for status in Status if status in found), Status.DRAFT)

    @property
    def tone(self) -> str:
        """How loud the status is: Wagtail's names for its tags."""
        tones = {Status.ON_SALE: "primary", Status.SCHEDULED: "primary", Status.SOLD_OUT: "critical"}
        return tones.get(self.status, "secondary")

    @property
    def counted(self) -> list[Variant]:
        """Those that are not archived, or all when all are."""
        kept = [row for row in self.variants if row.goods.offer.state != Offer.State.ARCHIVED]
        return kept or self.variants

    @property
    def is_low(self) -> bool:
        """One of what is on sale has come to its warning."""
        live = [row for row in self.counted if row.goods.offer.state == Offer.State.LIVE]
        return any(row.is_low for row in live)

    @property
    def is_seen(self) -> bool:
        """It has a page that readers can open."""
        return any(page.live for page in self.pages)

    @property
    def price_text(self) -> str:
        """ "46,90 €" or "from 46,90 €"; empty without a price."""
        amounts = [row.amount for row in self.counted if row.amount is not None]
        if not amounts:
            return ""
        lowest = money.text(min(amounts), self.product.shop.currency, get_language())
        return lowest if min(amounts) == max(amounts) else _("from %(price)s") % {"price": lowest}

    @property
    def stock_text(self) -> str:
        """Free units of all variants; "not counted" where nothing is."""
        free = [row.free for row in self.counted if row.free is not None]
        return str(sum(free)) if free else _("not counted")

    @property
    def thumb(self) -> str:
        """The narrowest drawn width, as an address; empty without a picture."""
        if self.photo is None:
            return ""
        drawn = [row for row in self.photo.renditions.all() if row.filter_spec != social_spec(self.photo)]
        return min(drawn, key=lambda row: row.width).url if drawn else ""


def of(products: Iterable[Product], at: datetime | None = None) -> dict[int, Standing]:
    """{product pk: how it stands}, in at most ten queries whatever their number."""
    at = at or timezone.now()
    found = list(
        Product.objects.filter(pk__in=[product.pk for product in products])
        .select_related("shop", "photo")
        .prefetch_related("photo__renditions", "pages__locale", "pages__gallery__photo__renditions")
    )
    rows = list(
        Goods.objects.filter(product__in=found).select_related("offer__shop", "product").order_by("position", "pk")
    )
    prices = pricing.asked([row.offer for row in rows], at)
    left = Stock.objects.left_by_offer([row.offer_id for row in rows])
    standings = {product.pk: Standing(product, [], at, *_shown(product)) for product in found}
    for row in rows:
        price = prices[row.offer_id]
        standings[row.product_id].variants.append(Variant(row, price.amount, left.get(row.offer_id, []), price))
    return standings


def of_one(product: Product) -> Standing:
    """How this one stands."""
    return of([product])[product.pk]


def with_status(shop: Any, status: str) -> list[int]:
    """Keys of the shop's products with that status, or that are low in stock for "low"."""
    rows = of(Product.objects.filter(shop=shop))
    return [pk for pk, row in rows.items() if (row.is_low if status == "low" else row.status == status)]


def _shown(product: Product) -> tuple[Photo | None, list[ProductPage]]:
    """The picture that stands for it, and its pages, French first."""
    pages = sorted(product.pages.all(), key=lambda page: (page.locale.language_code != "fr", page.pk))
    pictures = [picture.photo for page in pages for picture in page.gallery.all()]
    return product.photo or next(iter(pictures), None), pages
