"""Who is kept from a page, asked inside the page's own query instead of before it; and which translation is shown."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import Page, PageViewRestriction

Pages = TypeVar("Pages", bound="QuerySet[Page]")
AnyPage = TypeVar("AnyPage", bound=Page)


def is_restricted() -> Exists:
    """Whether a view restriction stands on the page or above it; to annotate or exclude pages with."""
    asked = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    return Exists(PageViewRestriction.objects.annotate(asked=asked).filter(asked__startswith=F("page__path")))


def open_to_all(pages: Pages) -> Pages:  # noqa: UP047 - mypy's plugin reads this form
    """Live pages that nobody is kept from."""
    return pages.filter(~is_restricted(), live=True)


def in_language(pages: Iterable[AnyPage], locale: str) -> AnyPage | None:  # noqa: UP047 - as above
    """Of these translations of one page the live one in that language, else the first that is live; None: none is."""
    live = [page for page in pages if page.live]
    return min(live, key=lambda page: (page.locale.language_code != locale, page.pk), default=None)
