"""The club in an article: one tier with its prices and the button to join."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from store import kinds, offers


def tiers() -> list[tuple[str, str]]:
    """(key, name) of all, read when the form is shown."""
    from members.models import Tier  # noqa: PLC0415 - the article's body is known before the models are

    return [(str(tier.pk), tier.name) for tier in Tier.objects.all()]


class ClubBlock(blocks.StructBlock):
    """One tier."""

    tier = blocks.ChoiceBlock(label=_("Tier"), choices=tiers)

    class Meta:
        label = _("Club")
        icon = "group"
        group = _("For sale")
        template = "members/blocks/club.html"
        description = _("One tier of the club: what one gets, its price, how to leave, the button to join.")
        preview_template = "store/blocks/preview.html"

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Tiers come and go without a migration."""
        return "wagtail.blocks.StructBlock", ([("tier", blocks.CharBlock())],), {}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        loaded, key = context.get("offer_groups"), value.get("tier") or "0"
        found = loaded if loaded is not None else kinds.load([("club", key)], [], offers.language())  # type: ignore[list-item]
        return {**context, "group": found.get(("club", key))}


def groups(keys: list[Any], locale: str, request: Any) -> dict[Any, Any]:
    """The cards of these tiers by the key that the block holds, read once the models are there."""
    from members import club  # noqa: PLC0415

    return {str(pk): group for pk, group in club.groups([int(key) for key in keys], locale, request).items()}


kinds.register(kinds.Kind("club", "tier", groups))
