"""Choosing a product in the editor."""

from typing import Any

from wagtail.blocks import PageChooserBlock


class ProductChooserBlock(PageChooserBlock):
    """A product page, live or not; a deleted one becomes None and the article stays whole."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["page_type"] = "store.ProductPage"
        super().__init__(**kwargs)
