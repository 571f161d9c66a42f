"""Choosing a product in the editor."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.blocks import ChooserBlock

from core.blocks import ReadAlongChooser


class ProductChooserBlock(ReadAlongChooser):
    """A product page, live or not; a deleted one becomes None and the article stays whole."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["page_type"] = "store.ProductPage"
        super().__init__(**kwargs)

    @cached_property
    def widget(self) -> Any:
        from store.editor.chooser import chooser  # noqa: PLC0415 - it knows the models, whose blocks know this one

        return chooser.widget_class()

    def get_form_state(self, value: Any) -> Any:
        """The shop's own chooser asks for less than Wagtail's page chooser."""
        return ChooserBlock.get_form_state(self, value)
