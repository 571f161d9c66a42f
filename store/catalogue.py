"""What the shop's pages are given: categories, shelves, the product and where it is told."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page as ListPage
from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from core import head as heads
from core import held, here, mentions, money, visible
from core.models import Shop
from core.paging import paginate
from store import delivery, offers, opening, rights, selling, structured
from store.models import DeliveryMethod, Goods, Offer, Product

if TYPE_CHECKING:
    from store.models import CategoryPage, ProductPage, ShopPage

PER_PAGE = 24
PER_SHELF = 5
TOLD = 6
CAN_BE_BOUGHT = ("available", "last")


def shop_context(page: "ShopPage", request: HttpRequest) -> dict[str, Any]:
    """A shelf for each category, then what stands in none."""
    from store.models import CategoryPage, ProductPage  # noqa: PLC0415 - pages call this module

    categories = list(visible.open_to_all(CategoryPage.objects.child_of(page).order_by("path")))
    first = _first_of(categories)
    loose = _on_show(ProductPage.objects.child_of(page).filter(categories=None).order_by("title"))
    listing = paginate(request, loose.values_list("pk", flat=True), PER_PAGE)
    pages = offers.product_pages([*listing.object_list, *(pk for found in first.values() for pk in found)], _code(page))
    groups = offers.groups_of(pages, _code(page), request=request)
    shelves = [_shelf(row, _shown(groups, first.get(row.pk, [])), request) for row in categories]
    return {
        "shelves": [row for row in shelves if row["groups"]] if listing.number == 1 else [],
        "listing": listing,
        "loose": lines(_shown(groups, listing.object_list)),
        **_frame(page, request, listing),
    }


def _shelf(category: "CategoryPage", groups: list[offers.OfferGroup], request: HttpRequest) -> dict[str, Any]:
    """A category's newest; `more` when it holds others."""
    url = category.get_url(request)
    return {"title": category.title, "url": url, "groups": groups[:PER_SHELF], "more": len(groups) > PER_SHELF}


def _on_show(pages: Any) -> Any:
    """Live pages of products of which something is or will be sold; archived ones are found by their address."""
    sold = Goods.objects.filter(product=OuterRef("product"), offer__state=Offer.State.LIVE)
    return visible.open_to_all(pages.filter(Exists(sold)))


def _first_of(categories: "list[CategoryPage]") -> dict[int, list[int]]:
    """{category pk: its newest live products, one more than a shelf holds} in one query."""
    from store.models import ProductPage  # noqa: PLC0415

    rank = Window(RowNumber(), partition_by=F("categories"), order_by=[F("first_published_at").desc(), F("pk").desc()])
    rows = (
        _on_show(ProductPage.objects.filter(categories__in=categories))
        .annotate(rank=rank)
        .filter(rank__lte=PER_SHELF + 1)
        .order_by("rank")
        .values_list("categories", "pk")
    )
    found: dict[int, list[int]] = {}
    for category, pk in rows if categories else []:
        found.setdefault(category, []).append(pk)
    return found


def category_context(page: "CategoryPage", request: HttpRequest) -> dict[str, Any]:
    """The live products of one category, shelf above shelf."""
    from store.models import ProductPage  # noqa: PLC0415

    found = _on_show(ProductPage.objects.filter(categories=page).order_by("title"))
    listing = paginate(request, found.values_list("pk", flat=True), PER_PAGE)
    pages = offers.product_pages(listing.object_list, _code(page))
    groups = offers.groups_of(pages, _code(page), request=request)
    return {
        "listing": listing,
        "loose": lines(_shown(groups, listing.object_list)),
        **_frame(page, request, listing, [shop_of(page)]),
    }


def _code(page: Any) -> str:
    return str(page.locale.language_code)


def _shown(groups: dict[int, offers.OfferGroup], ids: Iterable[int]) -> list[offers.OfferGroup]:
    return [groups[pk] for pk in ids if pk in groups]


def lines(groups: Sequence[offers.OfferGroup]) -> list[Sequence[offers.OfferGroup]]:
    """As many on each line as fit; the last two lines are evened, so that nothing stands alone."""
    rows = [list(groups[at : at + PER_SHELF]) for at in range(0, len(groups), PER_SHELF)]
    if len(rows) > 1 and len(rows[-1]) == 1:
        rows[-1].insert(0, rows[-2].pop())
    return rows  # type: ignore[return-value]


def shop_of(page: Any) -> dict[str, str]:
    """{title, url} of the shop page in which it stands."""
    return held.get(("shop page", page.path[: -page.steplen]), lambda: _shop_of(page))


def _shop_of(page: Any) -> dict[str, str]:
    parent = page.get_parent()
    return {"title": parent.title, "url": parent.url or ""}


def _frame(
    page: Any, request: HttpRequest, listing: ListPage[Any], above: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """Head, way back and the closed notice of a list."""
    crumbs = [{"title": _("Home"), "url": heads.home(_code(page))}, *(above or [])]
    head = heads.of(page, request)
    switches = heads.switches(head, _code(page))
    head.graph = [heads.crumbs([*crumbs, {"title": page.title, "url": head.canonical}], head.canonical)]
    if listing.number > 1:
        head.alternates, head.canonical = [], f"{head.canonical}?page={listing.number}"
        head.title = _("%(title)s, page %(number)s") % {"title": page.title, "number": listing.number}
    return {"head": head, "alternates": switches, "crumbs": crumbs, "closed": closed(shop_here(request))}


def shop_here(request: HttpRequest) -> Shop:
    """The shop of the site that answers, as the selling side holds it."""
    site = here.site(request)
    return selling.shop(held.get(("shop of", site.pk if site else 0), lambda: _shop_pk(site)))


def _shop_pk(site: Site | None) -> int:
    found = Shop.objects.for_site(site) if site else Shop.objects.current()
    return found.pk


def closed(shop: Shop) -> dict[str, str] | None:
    """{text} while nothing can be bought; reading goes on."""
    return None if opening.is_open(shop) else {"text": shop.closed_words}


def product_context(page: "ProductPage", request: HttpRequest) -> dict[str, Any]:
    """One product: its card, its pictures, delivery in words, its rights, where it is told."""
    card = offers.product_pages([page.pk], _code(page)).get(page.pk)
    shown = card if card and card.pk == page.pk else page
    gallery = list(shown.gallery.all())
    photos = [page.social_image, *(row.photo for row in gallery)]
    groups = offers.groups_of({page.pk: shown}, _code(page), request=request, with_photos=photos)
    group = groups.get(page.pk)
    product, shop = shown.product, shop_here(request)
    crumbs = [{"title": _("Home"), "url": heads.home(_code(page))}, shop_of(page)]
    category = next(iter(page.categories.all()), None)
    if category and category.live:
        crumbs.append({"title": category.title, "url": category.get_url(request) or ""})
    head = heads.of(
        page, request, summary=page.summary, picture=offers.picture(shown), alt=gallery[0].alt if gallery else ""
    )
    if group:
        structured.product(head, group, shop, [*crumbs, {"title": page.title, "url": head.canonical}], product)
    return {
        "head": head,
        "alternates": heads.switches(head, _code(page)),
        "crumbs": crumbs,
        "group": group,
        "variant": variant(group, request) if group else None,
        "pictures": gallery[1:],
        "facts": [(row.label, row.value) for row in shown.facts.all()][offers.NOTES if group else 0 :],
        "promise": promise(group, product, shop) if group else "",
        "delivery": delivery_words(shop, _code(page)) if group and group.state != "archived" else [],
        "guarantee": rights.guarantee(product),
        "safety": rights.safety(product, shop, page.warnings),
        "told_in": [_told(row, request) for row in mentions.told_in([page], page.locale_id)[:TOLD]],
        "closed": closed(shop),
    }


def promise(group: offers.OfferGroup, product: Product, shop: Shop) -> str:
    """When it would reach you, of what can be bought now; of what can be later, counted from its first day."""
    if group.state in CAN_BE_BOUGHT:
        return group.promise
    if group.state != "scheduled":
        return ""
    now = timezone.now()
    later = [goods.offer.sale_from for goods in product.goods.all() if goods.offer.is_scheduled(now)]
    return delivery.promise(shop, min(filter(None, later), default=now), today=timezone.localdate(now))


def variant(group: offers.OfferGroup, request: HttpRequest) -> offers.OfferChoice | None:
    """The one that the address asks for ("?variant=", the key of its offer), unless only others can be bought."""
    asked = request.GET.get("variant", "")
    found = next((choice for choice in group.choices[1:] and group.choices if str(choice.offer_id) == asked), None)
    return found if found and (found.max_quantity or not group.default.max_quantity) else None


def _told(page: Any, request: HttpRequest) -> dict[str, str]:
    return {"title": page.title, "url": page.get_url(request) or ""}


def delivery_words(shop: Shop, code: str) -> list[tuple[str, str]]:
    """Each way of getting it, with what it costs at least: [("To your door", "from 5,90 €, free from 90,00 €")]."""
    rows = []
    for method in delivery.methods(shop):
        if method.kind == DeliveryMethod.Kind.PICKUP:
            rows.append((method.label(code), _pickup(method, code)))
            continue
        amounts = [rate.amount for rate in method.rates.all()]
        if amounts:
            rows.append((method.label(code), _cost(method, amounts, shop, code)))
    return rows


def _pickup(method: DeliveryMethod, code: str) -> str:
    """Where, that it is free, and when, each of the owner's lines a sentence: "1 rue Courte, free. On Tuesdays." """
    place = ", ".join([*(line.strip(" .,") for line in method.pickup_address.splitlines()), _("free")])
    hours = [line.strip() for line in method.hours(code).splitlines()]
    said = [line if line[-1] in ".!?…" else f"{line}." for line in (place, *hours) if line]
    return " ".join(said) if hours else place


def _cost(method: DeliveryMethod, amounts: list[int], shop: Shop, code: str) -> str:
    lowest = money.text(min(amounts), shop.currency, code)
    words = lowest if len(set(amounts)) == 1 else _("from %(price)s") % {"price": lowest}
    if method.free_from is None:
        return words
    return _("%(price)s, free from %(total)s") % {
        "price": words,
        "total": money.text(method.free_from, shop.currency, code),
    }
