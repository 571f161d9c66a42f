"""What the loader has made so far, by the names that the files use for it."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale, Page

from blog.models import ArticlePage, Author, Section
from core.models import Photo, Shop
from events.models import Service
from members.models import User
from store.models import DeliveryMethod, Goods, Product, ProductPage

ROUTES = {"terms": "store:terms", "legal": "store:legal", "privacy": "store:privacy", "withdrawal": "store:withdraw"}
CONTACTS = {"tel": "phone", "mailto": "email"}


@dataclass
class Book:
    """Pages are kept as (name, locale): "home", "journal", "shop", "page:about", "category:cuisine"."""

    shop: Shop
    owner: User
    locales: dict[str, Locale]
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    people: dict[int, User] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    sections: dict[tuple[str, str], Section] = field(default_factory=dict)
    authors: dict[tuple[str, str], Author] = field(default_factory=dict)
    articles: dict[tuple[str, str], ArticlePage] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    product_pages: dict[tuple[str, str], ProductPage] = field(default_factory=dict)
    goods: dict[str, Goods] = field(default_factory=dict)
    deliveries: dict[str, DeliveryMethod] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

    def product_page(self, code: str, locale: str) -> ProductPage:
        """The product's page in that language, else in French."""
        return self.product_pages.get((code, locale)) or self.product_pages[code, "fr"]

    def target(self, name: str, locale: str) -> Page | str:
        """What a link of the files means: a page, or an address."""
        kind, _colon, detail = name.partition(":")
        if kind in CONTACTS:
            return f"{kind}:{getattr(self.shop, CONTACTS[kind]).replace(' ', '')}"
        if kind == "section":
            journal = self.pages["journal", locale].specific
            return str(journal.url + journal.reverse_subpage("section", args=[self.sections[detail, locale].slug]))
        page = self.pages.get((name, locale))
        return page or _address(ROUTES[detail or kind], locale)

    def link(self, name: str, locale: str) -> str:
        """The same as an address."""
        found = self.target(name, locale)
        return found if isinstance(found, str) else str(found.url)


def _address(route: str, locale: str) -> str:
    with translation.override(locale):
        return reverse(route)
