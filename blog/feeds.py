"""RSS and Atom in full text; offers are plain links with their name: no button, and no price that grows old."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import feedgenerator
from django.utils.safestring import SafeString, mark_safe

from blog import reading, reserved
from blog.models import ArticlePage, Section
from core import head as heads
from core import here, photo, preload
from core.models import Shop
from store import catalogue, inline, kinds, offers

ITEMS = 20
Links = Mapping[Any, dict[str, str]]
OWN = re.compile(r'((?:href|src)=")/(?!/)')


@dataclass
class Source:
    """Whose feed, at which address, of what."""

    shop: Shop
    path: str
    language: str
    section: Section | None


class FullText(feedgenerator.Rss201rev2Feed):
    """RSS with content:encoded."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


class FullAtom(feedgenerator.Atom1Feed):
    """Atom with content."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class Rss(Feed[ArticlePage, Source]):
    """The newest articles of the address's language, of all sections or one."""

    feed_type: Any = FullText
    item_guid_is_permalink = False

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().__call__(request, *args, **kwargs)
        response.is_public = True  # type: ignore[attr-defined]
        return response

    def get_object(self, request: HttpRequest, *_args: Any, **kwargs: Any) -> Source:
        language = offers.language()
        wanted = kwargs.get("section")
        section = get_object_or_404(Section, slug=wanted, locale__language_code=language) if wanted else None
        return Source(catalogue.shop_here(request), request.path, language, section)

    def title(self, source: Source) -> str:
        return f"{source.shop.name} · {source.section.name}" if source.section else source.shop.name

    def link(self, source: Source) -> str:
        return heads.absolute(heads.home(source.language))

    def feed_url(self, source: Source) -> str:
        return heads.absolute(source.path)

    def feed_guid(self, source: Source) -> str:
        return heads.absolute(source.path)

    def description(self, source: Source) -> str:
        return source.section.words if source.section else source.shop.tagline

    def items(self, source: Source) -> list[ArticlePage]:
        found = reading.live_articles().filter(locale__language_code=source.language).defer(None)
        return told(list((found.filter(section=source.section) if source.section else found)[:ITEMS]), source.language)

    def item_title(self, item: ArticlePage) -> str:
        return item.title

    def item_description(self, item: ArticlePage) -> str:
        return item.summary

    def item_link(self, item: ArticlePage) -> str:
        return heads.absolute(item.feed_path)

    def item_guid(self, item: ArticlePage) -> str:
        """For ever the same, whatever becomes of title and address."""
        return f"urn:uuid:{uuid.uuid5(item.translation_key, item.locale.language_code)}"

    def item_pubdate(self, item: ArticlePage) -> datetime:
        return item.date

    def item_updateddate(self, item: ArticlePage) -> datetime:
        return item.last_published_at or item.date

    def item_author_name(self, item: ArticlePage) -> str:
        return item.author.name if item.author else ""

    def item_extra_kwargs(self, item: ArticlePage) -> dict[str, Any]:
        return {"content": item.feed_content}


class Atom(Rss):
    """The same as Atom."""

    feed_type = FullAtom

    def subtitle(self, source: Source) -> str:
        return self.description(source)


def told(articles: list[ArticlePage], language: str) -> list[ArticlePage]:
    """The articles with `feed_path` and `feed_content`; pictures and offers of all of them in a fixed number of queries."""
    named = {article.pk: reading.named_in(reserved.public(article)) for article in articles}
    pages = offers.product_pages((pk for row in named.values() for pk in row.products), language)
    photos = photo.by_id(pk for row in named.values() for pk in row.photos)
    photo.attach(photos.values())
    roots = here.Roots()
    others = kinds.load(
        [key for row in named.values() for key in row.others],
        [pk for row in named.values() for pk in row.products if pk not in pages], language,
    )  # fmt: skip
    links: Links = {
        **{pk: link(page, roots) for pk, page in pages.items()},
        **{key: {"title": group.title, "url": group.url} for key, group in others.items()},
    }
    for article in articles:
        with preload.given(pages=pages, photos=photos):
            article.told_body = reserved.public(article)
            list(article.told_body)
        article.feed_path = article.get_url(roots) or ""
        article.feed_content = content(article, links)
    return articles


def link(page: Any, roots: Any) -> dict[str, str]:
    """What a feed says of an offer: its name, and where it is."""
    return {"title": page.title, "url": (page.get_url(roots) or "") if page.live else ""}


def content(article: ArticlePage, links: Links) -> str:
    """The whole text with absolute addresses."""
    blocks = [(_kind(block.block_type), _value(block, links)) for block in article.told_body]
    html = render_to_string(
        "blog/feed_item.html", {"article": article, "blocks": blocks, "is_cut": reserved.audience(article)}
    )
    return OWN.sub(rf"\1{settings.BASE_URL}/", html)


def _kind(block: str) -> str:
    """Whatever is for sale is a link to a feed reader."""
    return "produit" if kinds.is_known(block) else block


def _value(block: Any, links: Links) -> Any:
    if block.block_type == "text":
        return text(block.value.source, links)
    if block.block_type == "produit":
        return [links[page.pk]] if (page := block.value.get("product")) and page.pk in links else []
    if block.block_type == "shelf":
        return [links[page.pk] for page in block.value.get("products") or [] if page and page.pk in links]
    if kinds.is_known(block.block_type):
        row = block.value.get(kinds.field_of(block.block_type))
        found = links.get((block.block_type, row.pk)) if row else None
        return [found] if found else []
    return block.value


def text(source: str, links: Links) -> SafeString:
    """Running text whose offer links are ordinary links."""
    return mark_safe(inline.as_links(source, links))  # noqa: S308 - the editor's own cleaned text
