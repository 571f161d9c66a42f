"""Offer links in running text as the reader sees them: the words, then the live price, from the page's one batch."""

import re
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from store import rich_text

WHOLE = re.compile(r'(<a\b[^>]*\blinktype="offer"[^>]*>)(.*?)</a>', re.DOTALL)


def with_prices(source: str, groups: dict[int, Any], *, drafts: bool = False) -> str:
    """Stored rich text with each offer link drawn; plain words where nothing is left to link to."""

    def draw(found: re.Match[str]) -> str:
        keys = rich_text.offers_in(found[1])
        group = groups.get(keys[0]) if keys else None
        if group is None or not group.url or (group.state == "draft" and not drafts):
            return found[2]
        return _drawn(group, mark_safe(found[2]))  # noqa: S308 - stored rich text, already cleaned

    return WHOLE.sub(draw, source) if 'linktype="offer"' in source else source


def _drawn(group: Any, words: SafeString) -> str:
    return get_template("components/inline_offer.html").render({"group": group, "words": words}).strip()
