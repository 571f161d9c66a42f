"""Publishing a page together with what it sells and is not yet on sale."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page

from store.editor import places, standing, states
from store.models import Offer, Product, ProductPage


@dataclass(frozen=True)
class Waiting:
    """A product that readers of the page could not buy: its page, and what it lacks before it may be sold."""

    product: Product
    page: ProductPage
    shown: standing.Standing
    lacking: list[str]

    @property
    def is_ready(self) -> bool:
        return not self.lacking


def waiting(page: Page) -> list[Waiting]:
    """Products named in this version of the page whose page is not live or whose variants are all drafts."""
    named = list(ProductPage.objects.filter(pk__in=places.named_in(page)).select_related("product"))
    if isinstance(page.specific, ProductPage):
        named.append(page.specific)
    unfinished = {row.product_id: row for row in named if _is_unfinished(row, is_going=row.pk == page.pk)}
    shown = standing.of(row.product for row in unfinished.values())
    return [Waiting(row.product, row, shown[pk], states.lacking(row.product, row)) for pk, row in unfinished.items()]


def _is_unfinished(page: ProductPage, *, is_going: bool) -> bool:
    """Archived things stay as they are, but for what comes back with its page; what comes by itself is not waiting."""
    state = page.product.offer_state
    if state == Offer.State.ARCHIVED:
        return is_going and not page.live
    is_coming = page.live or page.approved_schedule or is_going
    return state == Offer.State.DRAFT or not (is_coming or page.product.pages.live().exists())


@transaction.atomic
def publish(page: Page, product_ids: Collection[int], *, by: Any) -> list[Product]:
    """Publish the newest version of the page, and of its waiting products those chosen. Returns these.

    Raises states.NotReady when a chosen one may not be sold; then nothing is published.
    """
    draft = page.get_latest_revision_as_object()
    chosen = [row for row in waiting(draft) if row.product.pk in product_ids]
    later = draft.go_live_at if draft.go_live_at and draft.go_live_at > timezone.now() else None
    for row in chosen:
        states.put_on_sale(row.product, by=by, sale_from=later, going=row.page)
        if row.page.pk != page.pk and not row.page.live:
            _publish(row.page, by)
    _publish(page, by)
    return [row.product for row in chosen]


def _publish(page: Page, by: Any) -> None:
    revision = page.get_latest_revision() or page.specific.save_revision(user=by)
    PublishPageRevisionAction(revision, user=by).execute(skip_permission_checks=True)
