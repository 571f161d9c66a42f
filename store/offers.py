"""What the templates are given of things for sale: groups with their variants, for a whole page in one batch.

Price and stock are read here, never in a block; all surfaces ask the same functions.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from core import dates, here, money, photo
from core.models import Photo, Shop
from store import audiences, delivery, opening, pricing, selling, successors
from store.models import Goods, Left, Offer, Product, ProductPage, ProductPicture, Stock

NOTES = 3  # facts beside an offer; all of them stand on the product's own page
SOON = ("available", "last", "reserved", "busy", "sold_out", "scheduled", "closed", "draft", "archived")


@dataclass
class OfferChoice:
    """One variant. `amount` in minor units of `currency`; `max_quantity` 0: cannot be bought now."""

    offer_id: int
    label: str
    amount: int
    currency: str
    state: str
    state_text: str
    max_quantity: int
    price_text: str = ""
    was_text: str = ""
    code: str = ""
    action: str = ""  # the button's words, where they are not "Buy"
    club_text: str = ""  # what an audience pays less: "Club: €41.00"; a public fact
    club_url: str = ""  # where one joins it
    club_join: int = 0  # the offer that one buys beside it to pay that


@dataclass
class OfferGroup:
    """One thing that can be had, in one language, with its variants. kind: goods, ticket, service, plan.

    Only goods have a height, and a promise of delivery. `schema_id`: its @id in structured data where it is no product.
    """

    key: str
    kind: str
    title: str
    url: str
    image: Any = None
    height_cm: int = 0
    hand: str = ""
    promise: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    choices: list[OfferChoice] = field(default_factory=list)
    state: str = "available"
    state_text: str = ""
    price_text: str = ""
    page_id: int = 0
    product_id: int = 0
    summary: str = ""
    image_alt: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    successor: "OfferGroup | None" = None  # only where nothing of this one can be had any more
    schema_id: str = ""

    @property
    def default(self) -> OfferChoice:
        """The first that can be bought, else the first."""
        return next((choice for choice in self.choices if choice.max_quantity), self.choices[0])

    @property
    def only(self) -> OfferChoice | None:
        """The one choice there is; each of several tells its own club price."""
        return self.choices[0] if len(self.choices) == 1 else None

    @property
    def is_single(self) -> bool:
        """Nobody needs two of it: how many is not asked. Goods are asked for even when one is left."""
        return self.kind != "goods" and all(choice.max_quantity <= 1 for choice in self.choices)

    def summed(self, locale: str) -> "OfferGroup":
        """Itself, with the best state of its choices and their price in words."""
        best = min(self.choices, key=lambda row: SOON.index(row.state), default=None)
        if best:
            self.state, self.state_text = best.state, best.state_text
            self.price_text = _price_words([row for row in self.choices if row.price_text], locale)
        return self


@dataclass
class Batch:
    """What one request needs to know of many offers: filled by `load` in a fixed number of queries."""

    shop: Shop
    at: datetime
    locale: str
    is_open: bool
    promise: str
    prices: pricing.Shown
    left: dict[int, list[Left]]

    @property
    def quotes(self) -> dict[int, pricing.Quote]:
        """{offer pk: what this buyer pays}."""
        return self.prices.quotes

    def better(self, offer_id: int) -> audiences.Better | None:
        """What an audience pays less than the public, or alone may buy at all."""
        return audiences.better(self.prices.others.get(offer_id, {}), self.prices.public.get(offer_id))


def product_pages(ids: Iterable[int], locale: str) -> dict[int, ProductPage]:
    """{key asked for: the page to show for it}: of that language where there is one; four queries for any number."""
    asked = set(ids)
    if not asked:
        return {}
    rows = _pages_of(ProductPage.objects.filter(pk__in=asked).values("product_id"))
    rows.sort(key=lambda row: _rank(row, locale, asked), reverse=True)
    best = {row.product_id: row for row in rows}
    return {row.pk: best[row.product_id] for row in rows if row.pk in asked}


def heirs(products: Iterable[Product], locale: str, at: datetime) -> dict[int, ProductPage]:
    """{product pk: the page of its nearest successor that is sold}; five queries for any number, none for no successor."""
    chains = successors.chains(products)
    if not chains:
        return {}
    rows = [row for row in _pages_of({pk for chain in chains.values() for pk in chain}) if row.live]
    rows.sort(key=lambda row: _rank(row, locale, set()), reverse=True)
    sold = {row.product_id: row for row in rows if _is_sold(row.product, at)}
    nearest = {pk: next((sold[key] for key in chain if key in sold), None) for pk, chain in chains.items()}
    return {pk: page for pk, page in nearest.items() if page}


def _pages_of(products: Any) -> list[ProductPage]:
    """Every page of these products, with all that a card needs."""
    goods = Goods.objects.select_related("offer").order_by("position", "pk")
    gallery = ProductPicture.objects.select_related("photo__dark")
    return list(
        ProductPage.objects.filter(product_id__in=products)
        .defer("body", "warnings")
        .select_related("locale", "product__photo__dark")
        .prefetch_related(Prefetch("product__goods", queryset=goods), "facts", Prefetch("gallery", queryset=gallery))
    )


def _is_sold(product: Product, at: datetime) -> bool:
    """Something of it can be had, or will be by itself; says nothing of stock."""
    found = [goods.offer for goods in product.goods.all()]
    return any(offer.is_on_sale(at) or offer.is_scheduled(at) for offer in found)


def picture(page: ProductPage) -> Photo | None:
    """The first of its gallery, else the product's own."""
    shot = next(iter(page.gallery.all()), None)
    return shot.photo if shot else page.product.photo


def _rank(page: ProductPage, locale: str, asked: set[int]) -> tuple[bool, bool, bool, int]:
    """The reader's language first where it was ever live: what was put away is not shown in another language instead."""
    is_own = page.locale.language_code == locale
    was_seen = page.live or page.first_published_at is not None
    return (not (is_own and was_seen), not page.live, page.pk not in asked, page.pk)


def load(
    offers: Iterable[Offer], locale: str, *, at: datetime | None = None, with_prior: bool = True,
    mine: Collection[str] = (), to: frozenset[str] = pricing.PUBLIC,
) -> Batch:  # fmt: skip
    """Quotes (for the audiences `to`) and stock of these offers: two queries whatever their number; a third for this buyer's own (`mine`)."""
    at = at or timezone.now()
    offers = list(offers)
    shop = selling.shop(offers[0].shop_id)
    for offer in offers:
        offer.shop = shop
    return Batch(
        shop, at, locale, opening.is_open(shop), delivery.promise(shop, at),
        pricing.shown(offers, at, audiences=to, with_prior=with_prior),
        Stock.objects.left_by_offer([offer.pk for offer in offers], mine),
    )  # fmt: skip


def choice(offer: Offer, label: str, batch: Batch, code: str = "") -> OfferChoice:
    """One variant as it stands now."""
    quote = batch.quotes.get(offer.pk)
    state, words, most = _restated(offer, status(offer, batch), batch.at)
    prior, better = batch.prices.prior.get(offer.pk), batch.better(offer.pk)
    alone = better if quote is None and state != "archived" else None
    club = better if quote and not quote.audience and most else None
    amount = quote.unit if quote else alone.amount if alone else 0
    return OfferChoice(
        offer.pk, label, amount, offer.currency, state, words, most,
        price_text=_price(amount, offer.currency, batch.locale) if quote or alone else "",
        was_text=money.text(prior, offer.currency, batch.locale) if prior else "", code=code, action=_action(offer),
        club_text=audiences.words(club, offer.currency, batch.locale) if club else "",
        club_url=club.url if club else "", club_join=club.offer_id if club else 0,
    )  # fmt: skip


def _price(amount: int, currency: str, locale: str) -> str:
    return money.text(amount, currency, locale) if amount else pgettext("price", "Free")


def _restated(offer: Offer, found: tuple[str, str, int], at: datetime) -> tuple[str, str, int]:
    """What its kind says of its state, where what it sells was read along."""
    sellable = offer.__dict__.get("_sellable")
    return sellable.restate(found, at) if sellable and sellable.says_its_state else found


def _action(offer: Offer) -> str:
    """The words of its button, where what it sells was read along; never a query."""
    sellable = offer.__dict__.get("_sellable")
    return sellable.action() if sellable else ""


def status(offer: Offer, batch: Batch) -> tuple[str, str, int]:
    """(state, words, most that can be bought now)."""
    if offer.state == Offer.State.DRAFT:
        return "draft", _("Not yet on sale"), 0
    alone = None if offer.pk in batch.quotes else batch.better(offer.pk)
    if offer.state == Offer.State.ARCHIVED or (offer.pk not in batch.quotes and alone is None):
        return "archived", _("No longer sold"), 0
    if offer.is_scheduled(batch.at):
        return "scheduled", _("On sale %(when)s") % {"when": moment(offer.sale_from)}, 0
    if not offer.is_on_sale(batch.at):
        return "archived", _("The sale is over"), 0
    if not batch.is_open:
        return "closed", batch.shop.closed_words or _("The shop is closed for now"), 0
    found = _stock_status(offer, batch)
    if alone and found[2]:
        return "reserved", _("%(who)s only, for now") % {"who": alone.label}, found[2]
    return found


def _stock_status(offer: Offer, batch: Batch) -> tuple[str, str, int]:
    pools = batch.left.get(offer.pk) or []
    if not pools:
        return "available", "", offer.max_per_order
    tightest = min(pools, key=lambda pool: pool.free)
    if tightest.free <= 0:
        if tightest.paying:
            until = timezone.localtime(tightest.ask_at) if isinstance(tightest.ask_at, datetime) else None
            when = time_format(until) if until else ""
            return "busy", _("Being paid for by others, try again at %(when)s") % {"when": when}, 0
        back = tightest.back_on
        words = _("Back in %(month)s") % {"month": date_format(back, "F")} if back else _("Sold out")
        return "sold_out", words, 0
    most = min(tightest.free, offer.max_per_order)
    if tightest.free <= tightest.low_at:
        return "last", ngettext("%(n)s left", "%(n)s left", tightest.free) % {"n": tightest.free}, most
    return "available", "", most


def moment(at: datetime | None) -> str:
    """ "on 3 December at 9:00" in the reader's language."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return _("on %(day)s at %(time)s") % {"day": dates.words(local, "j F"), "time": time_format(local)}


def group(page: ProductPage, batch: Batch, request: Any = None) -> OfferGroup:
    """One product page as a card."""
    product: Product = page.product
    choices = [choice(goods.offer, goods.label(batch.locale), batch, goods.code) for goods in product.goods.all()]
    shown = [row for row in choices if row.state != "draft"] or choices
    image = picture(page)
    shot = next(iter(page.gallery.all()), None)
    result = OfferGroup(
        key=f"product-{product.pk}", kind="goods", title=page.title, url=(page.get_url(request) or "") if page.live else "",
        image=image, height_cm=product.height_cm, hand=page.hand_line, promise=batch.promise,
        facts=[(fact.label, fact.value) for fact in page.facts.all()][:NOTES], choices=shown, page_id=page.pk,
        product_id=product.pk, summary=page.summary, image_alt=shot.alt if shot else "",
        extra={"code": product.code, "gtin": product.gtin, "maker": product.maker_name},
    )  # fmt: skip
    return result.summed(batch.locale)


def _price_words(rows: list[OfferChoice], locale: str) -> str:
    if not rows:
        return ""
    lowest = min(rows, key=lambda row: row.amount)
    if len({row.amount for row in rows}) == 1:
        return lowest.price_text
    return _("from %(price)s") % {"price": money.text(lowest.amount, lowest.currency, locale)}


def groups_for(pages: Iterable[Any], locale: str | None = None, at: datetime | None = None) -> dict[int, OfferGroup]:
    """{page pk asked for, and pk shown: its group} for all these pages, drafts included; a fixed number of queries."""
    return groups_of(product_pages((page.pk for page in pages if page is not None), language(locale)), locale, at=at)


def groups_of(
    asked: dict[int, ProductPage],
    locale: str | None = None,
    at: datetime | None = None,
    request: Any = None,
    with_photos: Iterable[Photo | None] = (),
) -> dict[int, OfferGroup]:
    """The groups of what `product_pages` found.

    The renditions of `with_photos`, other pictures of the same page, are read along with those of the products.
    """
    shown = {page.pk: page for page in asked.values()}
    photo.attach([*with_photos, *(picture(page) for page in shown.values())])
    at = at or timezone.now()
    past = [page.product for page in shown.values() if not _is_sold(page.product, at)]
    after = heirs(past, language(locale), at)
    offers = [goods.offer for page in (*shown.values(), *after.values()) for goods in page.product.goods.all()]
    if not offers:
        return {}
    batch = load(offers, language(locale), at=at)
    roots = request or here.Roots()
    made = {pk: group(page, batch, roots) for pk, page in shown.items() if page.product.goods.all()}
    for found in made.values():
        if found.state == "archived" and found.product_id in after:
            heir = group(after[found.product_id], batch, roots)
            found.successor = heir if heir.price_text else None
    return {**{pk: made[page.pk] for pk, page in asked.items() if page.pk in made}, **made}


def language(locale: str | None = None) -> str:
    """ "fr" or "en": the one asked for, else the one in which the answer is written."""
    return (locale or get_language() or "fr").split("-")[0]


def group_for(page: Any, context: dict[str, Any], *, note: str = "") -> OfferGroup | None:
    """A block's card: from the batch that the page loaded (`offer_groups`), else on its own (previews).

    None when there is nothing to show: a deleted product, or an unpublished one outside a preview.
    """
    if page is None:
        return None
    loaded = context.get("offer_groups")
    found = (loaded if loaded is not None else groups_for([page])).get(page.pk)
    request = context.get("request")
    if found is None or (found.state == "draft" and not getattr(request, "is_preview", False)):
        return None
    return replace_note(found, note)


def replace_note(found: OfferGroup, note: str) -> OfferGroup:
    """The same card with another line in the owner's hand."""
    if not note:
        return found
    return replace(found, hand=note)


def sample_page() -> ProductPage | None:
    """Something real to show in the editor's block picker."""
    return ProductPage.objects.live().first()


def pages_by_id(ids: Iterable[int]) -> list[ProductPage]:
    """Product pages by key, for links in running text; no query for none."""
    ids = list(ids)
    return list(ProductPage.objects.filter(pk__in=ids)) if ids else []
