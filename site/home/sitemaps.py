"""The sitemap, split by type, with real dates; basket, account and orders are not in it."""

from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from blog.models import ArticlePage, JournalPage
from core import here, visible
from core.models import BasePage
from events.models import EventIndexPage, EventPage, ServicePage
from home.models import HomePage, StandardPage
from members.models import ClubPage
from store.models import CategoryPage, ProductPage, ShopPage

FIELDS = ("pk", "url_path", "path", "depth", "last_published_at", "content_type_id", "locale_id")


class Pages(Sitemap[BasePage]):
    """Live public pages of some kinds, without those that the owner hides from search engines."""

    limit = 5000
    protocol = urlsplit(settings.BASE_URL).scheme

    def __init__(self, *models: type[BasePage]) -> None:
        self.models = models

    def items(self) -> list[BasePage]:
        roots = here.Roots()
        found = list(chain.from_iterable(self.of(model) for model in self.models))
        for page in found:
            page.sitemap_path = page.get_url(roots) or ""
        return [page for page in found if page.sitemap_path]

    def of(self, model: type[BasePage]) -> Any:
        """One query for each kind, without texts."""
        return visible.open_to_all(model._default_manager.filter(noindex=False)).only(*FIELDS).order_by("path")  # noqa: SLF001

    def location(self, item: BasePage) -> str:
        return str(item.sitemap_path)

    def lastmod(self, item: BasePage) -> datetime | None:
        found: datetime | None = item.last_published_at
        return found

    def get_latest_lastmod(self) -> datetime | None:
        return max((page.last_published_at for page in self.items() if page.last_published_at), default=None)

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.BASE_URL).netloc


SITEMAPS = {
    "articles": Pages(ArticlePage),
    "products": Pages(ProductPage, CategoryPage),
    "events": Pages(EventPage, ServicePage),
    "pages": Pages(HomePage, JournalPage, ShopPage, EventIndexPage, ClubPage, StandardPage),
}
