"""What an article is written with: the editorial blocks and what is for sale."""

from typing import Any

from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import expand_db_html

from core.blocks import TEXT_FEATURES, EditorialBlocks, TextBlock
from events.blocks import EventBlock, ServiceBlock
from members.blocks import ClubBlock
from members.models import MEMBER, Tier
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


def audiences() -> list[tuple[str, Any]]:
    """(audience, its name): the whole club, then each tier."""
    tiers = [(tier.audience, tier.name) for tier in Tier.objects.all()]
    return [(MEMBER, _("the whole club")), *tiers]


class AudienceSelect(forms.Select):
    """Everybody, the club, or one of its tiers; tiers are read when the form is shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = CallableChoiceIterator(lambda: [("", _("everybody")), *audiences()])


class ReservedBlock(blocks.StructBlock):
    """Cuts the text: what follows is for the club, on the page, in feeds and in search alike."""

    audience = blocks.ChoiceBlock(label=_("For whom"), choices=audiences, default=MEMBER)

    class Meta:
        label = _("Kept for the club")
        icon = "lock"
        group = _("For sale")
        template = "components/blocks/reserved.html"
        description = _("What stands below is read by members only.")

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Tiers come and go without a migration."""
        return "wagtail.blocks.StructBlock", ([("audience", blocks.CharBlock())],), {}


class SellingBody(EditorialBlocks):
    """Words, pictures and offers."""

    text = SellingText(features=[*TEXT_FEATURES, "offer"])
    produit = OfferBlock()
    shelf = ShelfBlock()
    club = ClubBlock()
    event = EventBlock()
    service = ServiceBlock()


class ArticleBody(SellingBody):
    """The same, with a place from which on it is kept for some."""

    reserved = ReservedBlock()
