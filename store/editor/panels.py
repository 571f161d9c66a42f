"""What a product page's form shows of its product: price and stock to read, with the way to their own screen."""

from typing import Any

from django.urls import reverse
from django.utils.module_loading import import_string
from wagtail.admin.panels import Panel

STANDING = "store.editor.standing.of_one"  # by name: it knows the models, which know this panel


class StandingPanel(Panel):
    """Never a field: a page's versions carry words, not money."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "store/editor/standing_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.product_id)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            shown = import_string(STANDING)(self.instance.product)
            return {**context, "shown": shown, "screen": reverse("products:screen", args=[self.instance.product_id])}
