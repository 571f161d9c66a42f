"""Which live pages speak of a thing, by Wagtail's reference index; the floor needs to know no page type."""

from django.db.models import Model
from wagtail.models import Page, ReferenceIndex


def pages_mentioning(instance: Model, locale_id: int | None = None) -> list[Page]:
    """Live public pages that refer to `instance`, newest first, in a fixed number of queries."""
    ids = {
        row.object_id
        for row in ReferenceIndex.get_references_to(instance).filter(
            base_content_type__app_label="wagtailcore", base_content_type__model="page"
        )
    }
    pages = Page.objects.live().public().filter(pk__in=ids).exclude(pk=instance.pk)
    if locale_id:
        pages = pages.filter(locale_id=locale_id)
    return list(pages.select_related("locale").specific().order_by("-first_published_at"))


def mentions(page: Page, instances: list[Model]) -> bool:
    """Whether the live page refers to one of these."""
    return any(
        ReferenceIndex.get_references_for_object(page)
        .filter(to_object_id=str(instance.pk), to_content_type__model=instance._meta.model_name)  # noqa: SLF001
        .exists()
        for instance in instances
    )
