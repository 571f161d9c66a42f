"""What a reader is given: an article with the offers it names, what stands at its end, and teasers of others."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, linebreaks, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from blog import reserved, structured
from core import dates, held, photo, preload, visible
from core import head as heads
from store import kinds, offers
from store.rich_text import offers_in

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blog.models import ArticlePage, JournalPage

WORDS_A_MINUTE = 220
FAR = 6
SELLING = {"produit", "shelf", "text"}  # and the blocks of kinds that are no goods


@dataclass
class Teaser:
    """One article as a list shows it."""

    title: str
    url: str
    section: str
    summary: str
    by: str
    image: Any
    image_alt: str


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
    """Live articles, newest first, with what a teaser shows and without their text."""
    from blog.models import ArticlePage  # noqa: PLC0415 - pages call this module

    found = visible.open_to_all(ArticlePage.objects.order_by("-date", "-pk").defer("body"))
    found = found.select_related("author", "section", "cover", "locale").prefetch_related("cover__renditions")
    return found.child_of(journal) if journal else found


def teaser(article: "ArticlePage", request: HttpRequest | None = None) -> Teaser:
    """An article in a list."""
    return Teaser(
        article.title, article.get_url(request) or "", article.section.name if article.section else "", article.summary,
        ", ".join([when(article), reading_time(article)]), article.cover, article.cover_alt,
    )  # fmt: skip


def when(article: "ArticlePage") -> str:
    """ "14 November 2026"."""
    return dates.words(article.date, "j F Y")


def reading_time(article: "ArticlePage") -> str:
    """ "6 min read"."""
    return _("%(n)s min read") % {"n": article.minutes}


@dataclass
class Named:
    """Keys of what a text shows: product pages and pictures; `others`: (block, key) of kinds that are no goods.

    `told` are the keys of all offers in the order of the text, as `read_along` answers them.
    """

    products: list[int]
    photos: list[int]
    others: list[tuple[str, int]]
    told: list[Any]


def article_context(article: "ArticlePage", request: HttpRequest) -> dict[str, Any]:
    """The article with its offers (one batch), the list at its end, and the next one to read."""
    body = reserved.public(article)
    named = named_in(body)
    own = [article.cover, article.social_image, article.author.portrait if article.author else None]
    groups = read_along(body, named, article.locale.language_code, request, own)
    known = list({groups[pk].key: groups[pk] for pk in named.told if pk in groups}.values())
    shown = [group for group in known if group.state != "draft" or getattr(request, "is_preview", False)]
    journal = journal_of(article)
    crumbs = [{"title": _("Home"), "url": heads.home(article.locale.language_code)}, journal]
    head = heads.of(article, request, summary=article.summary, picture=article.cover, alt=article.cover_alt)
    tags = list(article.tags.all())
    author = writer(article, journal)
    structured.article(head, article, shown, crumbs, [tag.name for tag in tags])
    if author:
        structured.signed(head, author["name"], author["url"])
    kept_for = reserved.audience(article)
    if kept_for:
        structured.kept(head)
    follows = next_article(article)
    return {
        "head": head,
        "alternates": heads.switches(head, article.locale.language_code),
        "offer_groups": groups,
        "source_page": article,
        "blocks": levels(body),
        "kept_for": kept_for,
        "rest_url": reverse("article-rest", args=[article.pk]) if article.pk else "",
        "named_offers": shown if len(shown) > 1 or _far_up(body) else [],
        "all_offers": shown,
        "next_article": teaser(follows, request) if follows else None,
        "journal": journal,
        "byline": byline(article, journal),
        "writer": author,
        "section_url": address(journal, "section", article.section.slug) if article.section else "",
        "tags": [{"title": tag.name, "url": address(journal, "tag", tag.slug)} for tag in tags],
    }


def named_in(body: Any) -> Named:
    """Read from the stored stream, before any block asks the database."""
    told: list[Any] = []
    photos: list[int | None] = []
    for row in body.raw_data:
        kind, value = row["type"], row["value"]
        told.extend(_told(kind, value))
        if kind == "image":
            photos.append(_photo(value.get("image")))
        elif kind == "gallery":
            photos.extend(_photo(item) for item in _items(value.get("images")))
    products = [key for key in told if isinstance(key, int)]
    others = [key for key in told if isinstance(key, tuple)]
    return Named(products, [pk for pk in photos if pk], others, told)


def _told(kind: str, value: Any) -> list[Any]:
    """Keys of the offers that one stored block shows: a page's, or (block, key)."""
    if kind == "produit":
        found = [value.get("product")]
    elif kind == "shelf":
        found = _items(value.get("products"))
    elif kind == "text":
        found = offers_in(str(value))
    elif kinds.is_known(kind):
        key = kinds.key_in(kind, value)
        return [(kind, key)] if key else []
    else:
        found = []
    return [pk for pk in found if pk]


def _items(rows: Any) -> list[Any]:
    """A list block's values, with or without ids around them."""
    return [row["value"] if isinstance(row, dict) and "value" in row else row for row in rows or []]


def _photo(value: Any) -> int | None:
    return value.get("image") if isinstance(value, dict) else value


def read_along(body: Any, named: Named, code: str, request: HttpRequest, own: Iterable[Any] = ()) -> kinds.Groups:
    """Offers, pictures and all renditions (of `own` pictures too) in a fixed number of queries; the blocks take them."""
    pages = offers.product_pages(named.products, code)
    photos = photo.by_id(named.photos)
    groups = offers.groups_of(pages, code, request=request, with_photos=[*own, *photos.values()])
    elsewhere = [pk for pk in named.products if pk not in pages]
    with preload.given(pages=pages, photos=photos):
        list(body)
    return {**groups, **kinds.load(named.others, elsewhere, code, request)}


def levels(body: Any) -> list[tuple[Any, str]]:
    """Each block with the heading level that an offer in it takes: one below what stands above it."""
    rows, level = [], "h2"
    for block in body:
        level = "h3" if block.block_type == "heading" else level
        rows.append((block, level))
    return rows


def kept_context(article: "ArticlePage", request: HttpRequest) -> dict[str, Any]:
    """The part that is kept for some, with its offers; only for who may read it."""
    body = reserved.kept(article)
    named = named_in(body)
    groups = read_along(body, named, article.locale.language_code, request)
    return {"page": article, "offer_groups": groups, "source_page": article, "blocks": levels(body)}


def _far_up(body: Any) -> bool:
    """The only offer stands so far above the end that it should be named there again."""
    places = [i for i, block in enumerate(body) if _sells(block)]
    return bool(places) and len(body) - 1 - places[-1] >= FAR


def _sells(block: Any) -> bool:
    if block.block_type == "text":
        return bool(offers_in(block.value.source))
    return block.block_type in SELLING or kinds.is_known(block.block_type)


def next_article(article: "ArticlePage") -> "ArticlePage | None":
    """The one before it in time, else the newest other: never a dead end while another exists. One query."""
    others = live_articles().filter(locale_id=article.locale_id).exclude(pk=article.pk).prefetch_related(None)
    is_newer = Case(When(date__lt=article.date, then=Value(0)), default=Value(1))
    return others.order_by(is_newer, "-date", "-pk").first()


def journal_of(article: "ArticlePage") -> dict[str, str]:
    """{title, url} of the journal in which it stands."""
    return held.get(("journal", article.path[: -article.steplen]), lambda: _journal_of(article))


def _journal_of(article: "ArticlePage") -> dict[str, str]:
    journal = article.get_parent()
    return {"title": journal.title, "url": journal.url or ""} if journal else {"title": "", "url": ""}


def address(journal: dict[str, str], name: str, value: str) -> str:
    """Where the journal's list under a heading stands."""
    from blog.models import JournalPage  # noqa: PLC0415

    return journal["url"] + JournalPage().reverse_subpage(name, args=[value])


def byline(article: "ArticlePage", journal: dict[str, str]) -> SafeString:
    """Who, when, how long: with a link to the author."""
    rest = f"{when(article)}, {reading_time(article)}"
    if article.author is None:
        return format_html("{}", rest)
    url = address(journal, "author", article.author.slug)
    return format_html('<a href="{}" rel="author">{}</a>, {}', url, article.author.name, rest)


def writer(article: "ArticlePage", journal: dict[str, str]) -> dict[str, Any] | None:
    """The author as the note at the end shows her."""
    if article.author is None:
        return None
    author = article.author
    url = address(journal, "author", author.slug)
    return {"name": author.name, "url": url, "portrait": author.portrait, "words": paragraphs(author.words)}


def paragraphs(text: str) -> SafeString:
    """What she typed, with its paragraphs."""
    return mark_safe(linebreaks(text, autoescape=True)) if text else mark_safe("")  # noqa: S308 - escaped by linebreaks
