"""The editor's form of a product's page: published, it tells what the law wants told."""

from typing import Any

from django.utils.translation import gettext as _

from core.page_form import PageForm


class ProductPageForm(PageForm):
    """Essential characteristics (C. conso L111-1), and warnings where the product needs them (Reg. 2023/988, art. 19)."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.is_deferred_validation:
            if not cleaned.get("summary"):
                self.add_error("summary", _("Say what it is: the law wants it told before somebody orders."))
            if self.instance.product.needs_warnings and not cleaned.get("warnings"):
                self.add_error("warnings", _("Say what to mind: this product needs safety warnings."))
        return cleaned
