"""Who is kept from a page, asked inside the page's own query instead of before it."""

from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import Page, PageViewRestriction

Pages = TypeVar("Pages", bound="QuerySet[Page]")


def is_restricted() -> Exists:
    """Whether a view restriction stands on the page or above it; to annotate or exclude pages with."""
    asked = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    return Exists(PageViewRestriction.objects.annotate(asked=asked).filter(asked__startswith=F("page__path")))


def open_to_all(pages: Pages) -> Pages:  # noqa: UP047 - mypy's plugin reads this form
    """Live pages that nobody is kept from."""
    return pages.filter(~is_restricted(), live=True)
