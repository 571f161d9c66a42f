"""Offer links in running text: stored as a product page's key, shown with the live price."""

import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.rich_text import LinkHandler

from store import offers
from store.models import ProductPage

LINK = re.compile(r'<a\b[^>]*\blinktype="offer"[^>]*>')
KEY = re.compile(r'\bid="(\d+)"')


def offers_in(source: str) -> list[int]:
    """Keys of the product pages that a rich text names, in order."""
    found = [KEY.search(tag) for tag in LINK.findall(source)]
    return [int(match.group(1)) for match in found if match]


class OfferLinkHandler(LinkHandler):
    """`<a linktype="offer" id="12">` -> a link with the price, where no page has drawn it already (store.inline).

    All links of one text cost the same few queries. A link to nothing keeps its words and loses its address.
    """

    identifier = "offer"

    @staticmethod
    def get_model() -> Any:
        return ProductPage

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Any]:
        keys = [key_of(attrs) for attrs in attrs_list]
        pages = {page.pk: page for page in offers.pages_by_id(key for key in keys if key)}
        return [pages.get(key) for key in keys]

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, Any]) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        pages = cls.get_many(attrs_list)
        groups = offers.groups_for(pages)
        return [opening_tag(groups.get(page.pk) if page else None) for page in pages]

    @classmethod
    def extract_references(cls, attrs: dict[str, Any]) -> Any:
        """So that usage counts and "told in" know of it."""
        if key_of(attrs):
            yield cls.get_model(), str(key_of(attrs)), "", ""


def key_of(attrs: dict[str, Any]) -> int:
    """The product page's key; 0 for what is none."""
    key = str(attrs.get("id", ""))
    return int(key) if key.isdecimal() else 0


def opening_tag(group: offers.OfferGroup | None) -> SafeString:
    """The start of the link; without a page to go to, no address: then it is no link."""
    if group is None or not group.url or group.state == "draft":
        return SafeString("<a>")
    return format_html(
        '<a class="inline-offer" href="{}" data-offer="{}" data-price="{}">',
        group.url, group.default.offer_id, group.price_text,
    )  # fmt: skip
