"""What the shop's pages are given: categories, shelves, the product and where it is told."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone

from core import mentions
from core.paging import paginate
from store import delivery, offers, structured

if TYPE_CHECKING:
    from store.models import CategoryPage, ProductPage, ShopPage

PER_PAGE = 24


def shop_context(page: "ShopPage", request: HttpRequest) -> dict[str, Any]:
    """Categories and all products of one language."""
    from store.models import CategoryPage, ProductPage  # noqa: PLC0415 - pages call this module

    categories = CategoryPage.objects.live().child_of(page).order_by("path")
    return {"categories": categories, **_list(ProductPage.objects.live().child_of(page), request)}


def category_context(page: "CategoryPage", request: HttpRequest) -> dict[str, Any]:
    """The live products of one category."""
    from store.models import ProductPage  # noqa: PLC0415

    return _list(ProductPage.objects.live().filter(categories=page), request)


def _list(pages: Any, request: HttpRequest) -> dict[str, Any]:
    listing = paginate(request, pages.order_by("title"), PER_PAGE)
    groups = offers.groups_for(listing.object_list)
    return {"listing": listing, "groups": [groups[page.pk] for page in listing.object_list if page.pk in groups]}


def product_context(page: "ProductPage", request: HttpRequest) -> dict[str, Any]:
    """One product: its card, delivery in words, where it is told."""
    groups = offers.groups_for([page])
    group = groups.get(page.pk)
    told = mentions.pages_mentioning(page, page.locale_id)
    shop = page.product.shop
    return {
        "group": group,
        "product": page.product,
        "promise": delivery.promise(shop, timezone.now()),
        "told_in": told,
        "structured": structured.product(page, group, shop) if group else None,
    }
