"""What an article is written with: the editorial blocks and what is for sale."""

from typing import Any

from django.utils.safestring import mark_safe
from wagtail.rich_text import expand_db_html

from core.blocks import TEXT_FEATURES, EditorialBlocks, TextBlock
from events.blocks import EventBlock
from store import inline
from store.blocks import OfferBlock, ShelfBlock


class SellingText(TextBlock):
    """Running text in which things can be had: its offer links show their price from the page's one batch."""

    def deconstruct(self) -> tuple[str, Any, Any]:
        """To migrations it is a TextBlock: the same words are stored."""
        _path, args, kwargs = super().deconstruct()
        return "core.blocks.TextBlock", args, kwargs

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        groups = context.get("offer_groups")
        if groups is None:
            return context
        request = context.get("request")
        source = inline.with_prices(value.source, groups, drafts=getattr(request, "is_preview", False))
        html = mark_safe(expand_db_html(source))  # noqa: S308 - the editor's own cleaned text
        return {**context, "value": html}


class ArticleBody(EditorialBlocks):
    """Words, pictures and offers."""

    text = SellingText(features=[*TEXT_FEATURES, "offer"])
    produit = OfferBlock()
    shelf = ShelfBlock()
    event = EventBlock()
