"""What is said where something once stood: 410 with its successor. The only writer of GoneAddress."""

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from core import redirects
from store import offers
from store.editor import states
from store.models import GoneAddress, Product, ProductPage


def remember(page: Page, product_id: int | None = None) -> None:
    """A live page is taken away: keep its address. A second call changes nothing."""
    path = page.get_url() or ""
    if path:
        GoneAddress.objects.update_or_create(path=path, defaults={"title": page.title, "product_id": product_id})


def find(request: HttpRequest) -> dict[str, Any] | None:
    """The words for a path where something once stood; None where nothing did."""
    row = GoneAddress.objects.select_related("product", "next_page").filter(path=request.path).first()
    if row is None:
        return None
    page = row.next_page.specific if row.next_page and row.next_page.live else None
    successor = _card(page) or _card(_heir(row.product))
    here = {"title": page.title, "url": page.get_url(request)} if page and successor is None else None
    return {"title": row.title, "successor": successor, "next": here}


def _card(page: Page | None) -> offers.OfferGroup | None:
    if not isinstance(page, ProductPage):
        return None
    found = offers.groups_for([page]).get(page.pk)
    return found and (found.successor or found)


def _heir(product: Product | None) -> ProductPage | None:
    """The page of what took its place and is sold."""
    return offers.heirs([product], offers.language(), timezone.now()).get(product.pk) if product else None


@receiver(page_unpublished, sender=ProductPage)
def on_unpublish(instance: ProductPage, **_kwargs: Any) -> None:
    """The page is put away, by hand or by its date; its product may still stand in orders, but is no longer sold."""
    remember(instance, instance.product_id)
    states.archive_unseen(instance.product)


@receiver(pre_delete, sender=ProductPage)
def on_delete(instance: ProductPage, **_kwargs: Any) -> None:
    """Only what readers could see leaves a word."""
    if instance.live:
        remember(instance, instance.product_id)


@receiver(page_published, sender=ProductPage)
def on_publish(instance: ProductPage, **_kwargs: Any) -> None:
    """It is back."""
    GoneAddress.objects.filter(path=instance.get_url() or "").delete()


redirects.finders.append(find)
