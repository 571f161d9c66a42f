"""Offer links in running text: stored as a product page's key, shown with the live price."""

import re
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from wagtail.rich_text import LinkHandler

from store import offers

LINK = re.compile(r'<a\b[^>]*\blinktype="offer"[^>]*>')
KEY = re.compile(r'\bid="(\d+)"')


def offers_in(source: str) -> list[int]:
    """Keys of the product pages that a rich text names, in order."""
    found = [KEY.search(tag) for tag in LINK.findall(source)]
    return [int(match.group(1)) for match in found if match]


class OfferLinkHandler(LinkHandler):
    """`<a linktype="offer" id="12">` -> a link with the price; plain words when the product is gone."""

    identifier = "offer"

    @staticmethod
    def get_model() -> Any:
        return offers.ProductPage

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Any]:
        pages = {page.pk: page for page in offers.pages_by_id(int(attrs["id"]) for attrs in attrs_list)}
        return [pages.get(int(attrs["id"])) for attrs in attrs_list]

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
        yield cls.get_model(), str(attrs["id"]), "", ""


def opening_tag(group: offers.OfferGroup | None) -> SafeString:
    """The start of the link; its price follows by CSS from the attribute, and is kept fresh by its data-offer."""
    if group is None or not group.url or group.state == "draft":
        return SafeString("<a>")
    return format_html(
        '<a class="inline-offer" href="{}" data-offer="{}" data-price="{}">',
        group.url, group.default.offer_id, escape(group.price_text),
    )  # fmt: skip
