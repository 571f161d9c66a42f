"""What she who writes is told when an article goes out: what readers and search engines will miss."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from blog.models import ArticlePage
from core.models import Photo


@hooks.register("after_publish_page")
def tell_what_is_missing(request: HttpRequest, page: Page) -> None:
    """It is published all the same: these are remarks, not refusals."""
    if isinstance(page, ArticlePage):
        for words in lacking(page):
            messages.warning(request, words)


def lacking(article: ArticlePage) -> list[str]:
    """Description, words for pictures, headings: in her words, empty when all is there."""
    found = []
    if not (article.search_description or article.summary):
        found.append(_("It has no summary: search engines and those who share it will find no description."))
    if article.cover_id and not article.cover_alt:
        found.append(_("The cover has no words: those who cannot see it will take it for decoration."))
    count = wordless(article)
    if count:
        found.append(
            ngettext(
                "%(n)s picture has no words and is not said to be decoration.",
                "%(n)s pictures have no words and are not said to be decoration.",
                count,
            )
            % {"n": count}
        )
    if any(block.block_type == "heading" and not str(block.value).strip() for block in article.body):
        found.append(_("A heading is empty."))
    return found


def wordless(article: ArticlePage) -> int:
    """Pictures in the text without a description that are not marked as decoration."""
    return sum(
        1 for image in _images(article) if not image.decorative and not (image.contextual_alt_text or "").strip()
    )


def _images(article: ArticlePage) -> list[Any]:
    found: list[Any] = []
    for block in article.body:
        if block.block_type == "image":
            found.append(block.value.get("image"))
        elif block.block_type == "gallery":
            found.extend(block.value.get("images") or [])
    return [image for image in found if isinstance(image, Photo)]
