"""Spreadsheets of the owner's lists, as the programs of her language open them; no cell is ever a formula."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from wagtail.admin.views.mixins import Echo, SpreadsheetExportMixin

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")  # OWASP, CSV injection


class SafeExport(SpreadsheetExportMixin):
    """CSV in UTF-8 with its mark; a French spreadsheet program wants semicolons and decimal commas.

    Moments are told in the shop's time zone, to the minute.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # A file is written after the view: the language of the desk is no longer set then.
        self.language = translation.get_language() or "fr"
        self.is_french = self.language.startswith("fr")

    def write_csv_response(self, queryset: Iterable[Any]) -> StreamingHttpResponse:
        response: StreamingHttpResponse = super().write_csv_response(queryset)
        response.headers["Content-Type"] = "text/csv; charset=utf-8"
        return response

    def stream_csv(self, queryset: Iterable[Any]) -> Iterator[bytes]:
        writer = csv.DictWriter(Echo(), self.list_export, delimiter=";" if self.is_french else ",")
        with translation.override(self.language):
            head = writer.writerow({field: self.get_heading(queryset, field) for field in self.list_export})
        yield codecs.BOM_UTF8 + head
        for item in queryset:
            with translation.override(self.language):
                row = self.write_csv_row(writer, self.to_row_dict(item))
            yield row

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        is_text = export_format == self.FORMAT_CSV
        if isinstance(value, datetime):
            moment = timezone.localtime(value, timezone.get_default_timezone())
            return f"{moment:%Y-%m-%d %H:%M}" if is_text else moment.replace(second=0, microsecond=0, tzinfo=None)
        if isinstance(value, Decimal) and is_text:
            return f"{value:f}".replace(".", ",") if self.is_french else f"{value:f}"
        return harmless(super().preprocess_field_value(field, value, export_format))


def harmless(value: Any) -> Any:
    """Text that begins like a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(DANGEROUS):
        return f"'{value}"
    return value
