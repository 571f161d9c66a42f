"""RSS and Atom in full text; offers are plain links with their name, never a buy button."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import feedgenerator
from django.utils.translation import get_language

from blog import reading
from blog.models import ArticlePage
from core.models import Shop

ITEMS = 20


class FullText(feedgenerator.Rss201rev2Feed):
    """RSS with content:encoded."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


class Rss(Feed[ArticlePage, Shop]):
    """The newest articles of the address's language."""

    feed_type: Any = FullText

    def get_object(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> Shop:
        self.request = request
        return Shop.objects.current()

    def title(self, shop: Shop) -> str:
        return shop.name

    def link(self, _shop: Shop) -> str:
        return f"{settings.BASE_URL}/" if get_language() == "fr" else f"{settings.BASE_URL}/{get_language()}/"

    def description(self, shop: Shop) -> str:
        return shop.tagline

    def items(self, _shop: Shop) -> list[ArticlePage]:
        return list(reading.live_articles().filter(locale__language_code=get_language())[:ITEMS])

    def item_title(self, item: ArticlePage) -> str:  # type: ignore[override]
        return item.title

    def item_description(self, item: ArticlePage) -> str:  # type: ignore[override]
        return item.summary

    def item_link(self, item: ArticlePage) -> str:
        return item.full_url or ""

    def item_guid(self, item: ArticlePage) -> str:
        return f"urn:uuid:{item.translation_key}:{item.locale.language_code}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: ArticlePage) -> datetime:
        return item.date

    def item_updateddate(self, item: ArticlePage) -> datetime:
        return item.last_published_at or item.date

    def item_author_name(self, item: ArticlePage) -> str:
        return item.author.name if item.author else ""

    def item_extra_kwargs(self, item: ArticlePage) -> dict[str, Any]:
        return {"content": render_to_string("blog/feed_item.html", {"page": item, "base_url": settings.BASE_URL})}


class FullAtom(feedgenerator.Atom1Feed):
    """Atom with content."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class Atom(Rss):
    """The same as Atom."""

    feed_type = FullAtom

    def subtitle(self, shop: Shop) -> str:
        return shop.tagline
