"""Where products stand: in live pages by Wagtail's reference index, in drafts that wait, and in orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from store.models import Order, Product, ProductPage

LAG = timedelta(hours=1)


@dataclass(frozen=True)
class Place:
    """A page that speaks of a product, live or only in its draft."""

    page: Page
    is_draft: bool


@dataclass(frozen=True)
class Places:
    """Everything that would miss the products."""

    pages: list[Place]
    orders: int

    def __bool__(self) -> bool:
        return bool(self.pages or self.orders)


def named_in(page: Page) -> set[int]:
    """Keys of the product pages that this version of a page speaks of, in blocks and in running text."""
    found: set[int] = set()
    for each in page._meta.get_fields():  # noqa: SLF001 - Django's own public-by-custom attribute
        value = each.value_from_object(page) if hasattr(each, "extract_references") else None
        if value is None:
            continue
        references = each.extract_references(value)
        found.update(int(pk) for model, pk, *_paths in references if issubclass(model, ProductPage))
    return found


def of(pages: Iterable[ProductPage]) -> Places:
    """Where these product pages stand, and how many orders hold what would be gone with them."""
    pages = list(pages)
    ids = {page.pk for page in pages}
    live = _by_index(pages, ids)
    drafts = [page for page in _drafts(ids | set(live)) if named_in(page) & ids]
    known = [Place(page, is_draft=not page.live) for page in live.values()]
    waiting = [Place(page, is_draft=True) for page in drafts]
    return Places(sorted([*known, *waiting], key=lambda row: (row.is_draft, row.page.title)), _orders(pages, ids))


def _by_index(pages: list[ProductPage], ids: set[int]) -> dict[int, Page]:
    rows = [row for page in pages for row in ReferenceIndex.get_references_to(page)]
    sources = {int(row.object_id) for row in rows if row.base_content_type.model == "page"} - ids
    return {page.pk: page for page in Page.objects.filter(pk__in=sources).specific(defer=True)}


def _drafts(known: set[int]) -> list[Any]:
    """Newest versions that the index does not know: drafts, and what was written in the last hour."""
    fresh = Q(has_unpublished_changes=True) | Q(latest_revision_created_at__gte=timezone.now() - LAG)
    rows = Page.objects.filter(fresh, latest_revision__isnull=False).exclude(pk__in=known)
    return [page.get_latest_revision_as_object() for page in rows.select_related("latest_revision")]


def _orders(pages: list[ProductPage], ids: set[int]) -> int:
    """Orders of the products that lose their last page."""
    left = ProductPage.objects.filter(product__in=[page.product_id for page in pages]).exclude(pk__in=ids)
    kept = set(left.values_list("product_id", flat=True))
    lost = [page.product_id for page in pages if page.product_id not in kept]
    return Order.objects.filter(lines__offer__goods__product__in=lost).distinct().count()


def products_of(pages: Iterable[ProductPage]) -> list[Product]:
    """The products behind these pages, each once."""
    return list(Product.objects.filter(pages__in=[page.pk for page in pages]).distinct())
