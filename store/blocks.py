"""Offer blocks: what is sold stands in the article. They hold a page; price and stock are read when shown."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from store import offers
from store.choosers import ProductChooserBlock


class OfferBlock(blocks.StructBlock):
    """One product."""

    product = ProductChooserBlock(label=_("Product"))
    note = blocks.CharBlock(
        label=_("A line in your hand"), required=False, max_length=60, help_text=_("Instead of the product's own.")
    )

    class Meta:
        label = _("Product")
        icon = "tag"
        group = _("For sale")
        template = "store/blocks/offer.html"
        description = _("One product with its price, its stock and the button to buy it.")
        preview_template = "store/blocks/preview.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["group"] = offers.group_for(value.get("product"), context, note=value.get("note") or "")
        return context

    def get_preview_value(self) -> Any:
        return self.normalize({"product": offers.sample_page(), "note": ""})


class ShelfBlock(blocks.StructBlock):
    """Several products on one line."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    products = blocks.ListBlock(ProductChooserBlock(label=_("Product")), label=_("Products"), min_num=2, max_num=6)

    class Meta:
        label = _("Shelf")
        icon = "list-ul"
        group = _("For sale")
        template = "store/blocks/shelf.html"
        description = _("Two to six products side by side, in their true sizes.")
        preview_template = "store/blocks/preview.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        groups = [offers.group_for(page, context) for page in value.get("products") or []]
        context["groups"] = [group for group in groups if group]
        return context

    def get_preview_value(self) -> Any:
        sample = offers.sample_page()
        return self.normalize({"title": _("On the counter"), "products": [sample, sample] if sample else []})
