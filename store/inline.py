"""Offer links in running text as the reader sees them: the words, then the live price, from the page's one batch."""

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from store import rich_text

WHOLE = re.compile(r'(<a\b[^>]*\blinktype="offer"[^>]*>)(.*?)</a>', re.DOTALL)


def with_prices(source: str, groups: dict[Any, Any], *, drafts: bool = False) -> str:
    """Stored rich text with each offer link drawn; plain words where nothing is left to link to."""

    def draw(found: re.Match[str]) -> str:
        keys = rich_text.offers_in(found[1])
        group = groups.get(keys[0]) if keys else None
        if group is None or not group.url or (group.state == "draft" and not drafts):
            return found[2]
        return _drawn(group, mark_safe(found[2]))  # noqa: S308 - stored rich text, already cleaned

    return WHOLE.sub(draw, source) if 'linktype="offer"' in source else source


def as_links(source: str, links: Mapping[Any, dict[str, str]]) -> str:
    """Stored rich text for other programs: offer links lead to the product's page and say nothing of its price."""

    def draw(found: re.Match[str]) -> str:
        keys = rich_text.offers_in(found[1])
        url = links.get(keys[0], {}).get("url") if keys else ""
        return f'<a href="{escape(url)}">{found[2]}</a>' if url else found[2]

    return expand_db_html(WHOLE.sub(draw, source))


def _drawn(group: Any, words: SafeString) -> str:
    return get_template("components/inline_offer.html").render({"group": group, "words": words}).strip()
