"""What a reader is given: lists of articles, and an article with the offers it names."""

import math
import re
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from core.paging import paginate
from store import offers
from store.rich_text import offers_in

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blog.models import ArticlePage, JournalPage

PER_PAGE = 12
WORDS_A_MINUTE = 220
FAR = 6


def minutes(body: Any) -> int:
    """Reading time of a text, at least one minute."""
    words = len(re.findall(r"\w+", strip_tags(" ".join(_texts(body)))))
    return max(1, math.ceil(words / WORDS_A_MINUTE))


def _texts(body: Any) -> list[str]:
    """The words of a stream, without rendering it."""
    found = []
    for block in body:
        value = block.value
        if block.block_type in {"text", "heading"}:
            found.append(str(getattr(value, "source", value)))
        elif block.block_type in {"quote", "callout"}:
            found.append(str(getattr(value.get("text"), "source", value.get("text"))))
    return found


def live_articles(journal: "JournalPage | None" = None) -> "QuerySet[ArticlePage]":
    """Live articles, newest first, with what a teaser shows."""
    from blog.models import ArticlePage  # noqa: PLC0415 - pages call this module

    found = ArticlePage.objects.live().public().order_by("-date", "-pk")
    found = found.select_related("author", "section", "cover", "locale").prefetch_related("cover__renditions")
    return found.child_of(journal) if journal else found


def listing(journal: "JournalPage", request: HttpRequest, by: str, value: str) -> dict[str, Any]:
    """One page of the journal, all of it or under a heading; 404 for what does not exist."""
    from blog.models import Author, Section  # noqa: PLC0415

    articles, heading = live_articles(journal), None
    if by == "section":
        heading = get_object_or_404(Section, slug=value, locale=journal.locale)
        articles = articles.filter(section=heading)
    elif by == "author":
        heading = get_object_or_404(Author, slug=value, locale=journal.locale)
        articles = articles.filter(author=heading)
    elif by == "tag":
        articles = articles.filter(tags__slug=value)
    elif by == "year":
        articles = articles.filter(date__year=int(value))
    page = paginate(request, articles, PER_PAGE)
    if by in {"tag", "year"} and not page.paginator.count:
        raise Http404
    years = live_articles(journal).order_by("-date__year").values_list("date__year", flat=True).distinct()
    return {
        "listing": page,
        "by": by,
        "heading": heading,
        "heading_text": str(heading) if heading else (value if by != "all" else ""),
        "sections": Section.objects.filter(locale=journal.locale),
        "years": list(dict.fromkeys(years)),
        "empty_text": _("Nothing is written here yet."),
    }


def offer_pages(article: "ArticlePage") -> list[Any]:
    """Every product page that the article names, in order, each once; the chooser blocks load them in one query."""
    found: list[Any] = []
    inline: list[int] = []
    for block in article.body:
        if block.block_type == "produit":
            found.append(block.value.get("product"))
        elif block.block_type == "shelf":
            found.extend(block.value.get("products") or [])
        elif block.block_type == "text":
            inline.extend(offers_in(block.value.source))
    pages = {page.pk: page for page in found if page is not None}
    missing = [pk for pk in inline if pk not in pages]
    for page in offers.pages_by_id(missing):
        pages[page.pk] = page
    return list(pages.values())


def article_context(article: "ArticlePage", request: HttpRequest) -> dict[str, Any]:
    """The article with its offers (one batch), the list at its end, and the next one to read."""
    pages = offer_pages(article)
    groups = offers.groups_for(pages)
    named = list({groups[page.pk].key: groups[page.pk] for page in pages if page.pk in groups}.values())
    shown = [group for group in named if group.state != "draft" or getattr(request, "is_preview", False)]
    return {
        "offer_groups": groups,
        "source_page": article,
        "named_offers": shown if len(shown) > 1 or _far_up(article) else [],
        "all_offers": shown,
        "next_article": next_article(article),
    }


def _far_up(article: "ArticlePage") -> bool:
    """The only offer stands so far above the end that it should be named there again."""
    places = [i for i, block in enumerate(article.body) if block.block_type in {"produit", "shelf", "text"} and _sells(block)]
    return bool(places) and len(article.body) - 1 - places[-1] >= FAR


def _sells(block: Any) -> bool:
    return block.block_type != "text" or bool(offers_in(block.value.source))


def next_article(article: "ArticlePage") -> "ArticlePage | None":
    """The one before it in time, of the same section if there is one; never a dead end while another exists."""
    others = live_articles().filter(locale_id=article.locale_id).exclude(pk=article.pk)
    older = others.filter(date__lt=article.date)
    return older.first() or others.first()
