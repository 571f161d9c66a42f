"""Dates as the owner's language writes them: what Wagtail's chooser cannot read it turns into the present moment."""

from datetime import date
from typing import Any

from django.utils.translation import get_language
from wagtail.admin.datetimepicker import to_datetimepicker_format
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

FRENCH = {"%Y-%m-%d": "%d/%m/%Y", "%Y-%m-%d %H:%M": "%d/%m/%Y %H:%M"}


def typed(day: date) -> str:
    """A day as the owner's language types it: what a DateField of Django's reads again."""
    return day.strftime(FRENCH["%Y-%m-%d"]) if (get_language() or "fr").startswith("fr") else day.isoformat()


class _Spoken:
    """Writes, and lets the chooser read, 31/01/2027 in French and 2027-01-31 elsewhere."""

    format: str
    js_format: str

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if (get_language() or "fr").startswith("fr"):
            self.format = FRENCH.get(self.format, self.format)
            self.js_format = to_datetimepicker_format(self.format)
        found: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        return found


class DateInput(_Spoken, AdminDateInput):
    """A day."""


class DateTimeInput(_Spoken, AdminDateTimeInput):
    """A day and a time."""
