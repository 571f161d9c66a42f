"""The sitemap, split by type, with real dates; basket, account and orders are not in it."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from wagtail.models import Page

from blog.models import ArticlePage
from core.models import BasePage
from store.models import CategoryPage, ProductPage


class Pages(Sitemap[Any]):
    """Live public pages of one kind."""

    limit = 5000
    models: tuple[type[Page], ...] = ()

    def __init__(self, *models: type[Page]) -> None:
        self.models = models

    def items(self) -> QuerySet[Page]:
        found = Page.objects.live().public().exact_type(*self.models) if self.models else Page.objects.live().public()
        if not self.models:
            found = found.not_exact_type(ArticlePage, ProductPage, CategoryPage).filter(depth__gt=1)
        return found.order_by("path").defer_streamfields().specific()

    def location(self, item: Page) -> str:
        return item.get_url_parts()[2] if item.get_url_parts() else "/"

    def lastmod(self, item: Page) -> datetime | None:
        return item.last_published_at


class Public(Pages):
    """Without the pages that the owner hides from search engines."""

    def items(self) -> Any:
        return [page for page in super().items() if not (isinstance(page, BasePage) and page.noindex)]


SITEMAPS = {
    "articles": Public(ArticlePage),
    "products": Public(ProductPage, CategoryPage),
    "pages": Public(),
}
