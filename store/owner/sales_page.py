"""The report of sales by article, with its period and its export."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import money
from core.models import Shop
from store.owner.dates import DateInput
from store.owner.exports import SafeExport
from store.owner.pages import OwnerPage
from store.owner.sales import Row, by_article

PERIODS = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("year", gettext_lazy("this year")),
    ("", gettext_lazy("always")),
]


class PeriodForm(forms.Form):
    """From a day to a day, both included; empty: open."""

    since = forms.DateField(label=gettext_lazy("Since"), required=False, widget=DateInput)
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DateInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            raise forms.ValidationError(_("The period ends before it begins."))
        return data


def shortcuts() -> list[dict[str, Any]]:
    """Periods in one click."""
    today = timezone.localdate()
    starts: dict[str, date | None] = {
        "30": today - timedelta(days=29), "90": today - timedelta(days=89), "year": today.replace(month=1, day=1), "": None,
    }  # fmt: skip
    return [{"label": label, "since": starts[key].isoformat() if starts[key] else ""} for key, label in PERIODS]  # type: ignore[union-attr]


class SalesPage(SafeExport, OwnerPage):
    """Which article earns what."""

    template_name = "store/owner/sales.html"
    page_title = gettext_lazy("Sales by article")
    header_icon = "doc-full"
    export_filename = "ventes-par-article"
    export_headings = {
        "title": gettext_lazy("Article"), "orders": gettext_lazy("Orders"), "units": gettext_lazy("Units"), "sold": gettext_lazy("Sold"),
        "back": gettext_lazy("Given back"), "net": gettext_lazy("Stays"), "currency": gettext_lazy("Currency"),
    }  # fmt: skip
    list_export = list(export_headings)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PeriodForm(request.GET)
        period = form.cleaned_data if form.is_valid() else {}
        self.shop = Shop.objects.current()
        sales = by_article(self.shop, period.get("since"), period.get("until"))
        if self.is_export:
            return self.as_spreadsheet(sales.rows, request.GET["export"])
        context = {
            **self.get_context_data(), "form": form, "sales": sales, "shortcuts": shortcuts(),
            "currency": self.shop.currency, "has_articles": any(row.net for row in sales.articles),
            "carrying": sum(row.carries for row in sales.articles), "media": form.media,
        }  # fmt: skip
        return self.render_to_response(context)

    def to_row_dict(self, item: Row) -> dict[str, Any]:
        amounts = [money.to_decimal(amount, self.shop.currency) for amount in (item.sold, item.back, item.net)]
        cells = [item.title, item.orders, item.units, *amounts, self.shop.currency]
        return dict(zip(self.list_export, cells, strict=True))
