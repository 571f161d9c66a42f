"""The editor's form of every page: what is published is looked at first; a draft may hold anything."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm

from core import closed


class PageForm(WagtailAdminPageForm):
    """Nothing that must not be said is published."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            for name, written in list(cleaned.items()):
                try:
                    closed.refuse(written)
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned
