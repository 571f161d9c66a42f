"""Which live pages speak of a thing, by Wagtail's reference index; the floor needs to know no page type."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Model, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex
from wagtail.query import PageQuerySet

from core import visible

FRONTS = 2  # depth of the front pages: they show everything, so they tell nothing of one thing


def references(instances: Iterable[Model]) -> QuerySet[ReferenceIndex]:
    """What pages refer to these; the index files every page type under Page."""
    found = ReferenceIndex.get_references_to_in_bulk(list(instances))
    return found.filter(base_content_type=ContentType.objects.get_for_model(Page))


def pages_mentioning(instance: Model, locale_id: int | None = None) -> list[Page]:
    """Live public pages that refer to `instance`, newest first, in a fixed number of queries."""
    pages = _pages([instance]).exclude(pk=instance.pk)
    if locale_id:
        pages = pages.filter(locale_id=locale_id)
    return list(pages.specific())


def told_in(instances: Iterable[Model], locale_id: int) -> list[Page]:
    """The same for several translations of one thing, without front pages: title and address only, one query."""
    known = list(instances)
    pages = _pages(known).filter(locale_id=locale_id, depth__gt=FRONTS)
    return list(pages.exclude(pk__in=[row.pk for row in known if isinstance(row, Page)]))


def _pages(instances: Iterable[Model]) -> PageQuerySet:
    ids = references(instances).annotate(page_id=Cast("object_id", BigIntegerField())).values("page_id")
    found: PageQuerySet = visible.open_to_all(Page.objects.filter(pk__in=ids))
    return found.select_related("locale").order_by("-first_published_at", "-pk")


def mentions(page: Page, instances: Iterable[Model]) -> bool:
    """Whether the page refers to one of these."""
    known = list(instances)
    return bool(known) and references(known).filter(object_id=str(page.pk)).exists()
