"""Shapes of the shop's settings: identity, VAT, terms, delivery. Money is typed in the shop's currency."""

import re
from typing import Any

from babel import Locale
from django import forms
from django.forms import inlineformset_factory
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.rich_text import get_rich_text_editor_widget

from core import closed, money
from core.models import TermsVersion, VatRegime
from store.models import DeliveryMethod, DeliveryRate
from store.owner.dates import DateInput
from store.owner.order_forms import MoneyField

HOURS = [(hour, f"{hour} h") for hour in range(24)]
TERMS_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"]


class ShopForm(WagtailAdminModelForm):
    """Who sells, and how the owner works."""

    dispatch_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Dispatch days"), coerce=int, choices=list(WEEKDAYS.items()), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Days on which parcels leave. None ticked: Monday to Friday."),
    )  # fmt: skip
    dispatch_before = forms.TypedChoiceField(
        label=gettext_lazy("Orders until"), coerce=int, choices=HOURS,
        help_text=gettext_lazy("Paid before this hour, an order leaves the same day."),
    )  # fmt: skip
    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the daily mail"), coerce=int, choices=HOURS,
        help_text=gettext_lazy("Only if you chose one mail a day. Stuck money is told at once."),
    )  # fmt: skip


class VatForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A regime from a day on; what is in force is never rewritten."""

    class Meta:
        model = VatRegime
        fields = ["regime", "starts_on"]
        widgets = {"starts_on": DateInput, "regime": forms.RadioSelect}

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        known = self.instance.shop.vat_regimes.all()
        if known.filter(starts_on=day).exists():
            raise forms.ValidationError(_("A regime begins on that day already."))
        if known.exists() and day < timezone.localdate():
            raise forms.ValidationError(_("The past is written: choose today or a later day."))
        return day


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A draft of the terms of sale."""

    class Meta:
        model = TermsVersion
        fields = ["title", "text_fr", "text_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text_fr", "text_en"):
            widget = get_rich_text_editor_widget(features=TERMS_FEATURES)
            widget.options["ariaLabel"] = str(self.fields[name].label)  # its own label names another element
            self.fields[name].widget = widget
            self.fields[name].validators.append(closed.refuse)


class CountriesField(forms.CharField):
    """ "FR, be" -> ["FR", "BE"]."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        codes = list(dict.fromkeys(re.findall(r"[A-Z0-9]+", super().clean(value).upper())))
        unknown = [code for code in codes if code not in countries()]
        if unknown:
            raise forms.ValidationError(
                _("Unknown country: %(codes)s. Type codes of two letters, such as FR, BE.")
                % {"codes": ", ".join(unknown)}
            )
        return codes


def countries() -> dict[str, str]:
    """{code of two letters: name} in the reader's language."""
    names = Locale.parse((get_language() or "fr").split("-")[0]).territories
    return {
        code: name
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in {"ZZ", "EU", "EZ", "UN", "XA", "XB"}
    }


class OptionalMoneyField(MoneyField):
    """Empty is None, which is not nought."""

    def clean(self, value: Any) -> Any:
        return None if not str(value or "").strip() else super().clean(value)


class MoneyModelForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A model form whose `money_fields` are shown and typed in the currency, and kept in minor units."""

    money_fields: tuple[str, ...] = ()
    currency = "EUR"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.money_fields:
            self.initial[name] = money.typed(getattr(self.instance, name), self.currency) if self.instance.pk else ""


class DeliveryForm(MoneyModelForm):
    """One way of delivery or pick-up."""

    money_fields = ("free_from",)
    free_from = OptionalMoneyField(
        label=gettext_lazy("Free from"),
        required=False,
        help_text=gettext_lazy("Total of goods from which delivery is free; empty: never."),
    )

    position = forms.IntegerField(
        label=gettext_lazy("Place in the list"), min_value=0, max_value=99, initial=0,
        help_text=gettext_lazy("Buyers see the smallest number first."),
    )  # fmt: skip

    class Meta:
        model = DeliveryMethod
        fields = [
            "kind", "name", "name_en", "is_active", "free_from", "days_min", "days_max", "needs_phone", "carrier",
            "tracking_url", "pickup_address", "pickup_hours", "pickup_hours_en", "position",
        ]  # fmt: skip
        widgets = {
            "kind": forms.RadioSelect, "pickup_address": forms.Textarea(attrs={"rows": 2}),
            "pickup_hours": forms.Textarea(attrs={"rows": 2}), "pickup_hours_en": forms.Textarea(attrs={"rows": 2}),
        }  # fmt: skip

    def groups(self) -> list[dict[str, Any]]:
        """The fields under their headings."""
        return [
            {"title": title, "fields": [self[name] for name in names]}
            for title, names in (
                (_("The method"), ["kind", "name", "name_en", "is_active", "position"]),
                (_("When it is sent"), ["carrier", "tracking_url", "days_min", "days_max", "free_from", "needs_phone"]),
                (_("When it is picked up"), ["pickup_address", "pickup_hours", "pickup_hours_en"]),
            )
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("days_min") or 0) > (data.get("days_max") or 0):
            self.add_error("days_max", _("At least as many as the first."))
        if data.get("kind") == DeliveryMethod.Kind.PICKUP and not data.get("pickup_address"):
            self.add_error("pickup_address", _("Say where it is picked up."))
        link = data.get("tracking_url") or ""
        if link and ("{number}" not in link or not link.startswith("https://")):
            self.add_error("tracking_url", _("An https address with {number} where the number goes."))
        return data


class RateForm(MoneyModelForm):
    """What it costs to some countries."""

    money_fields = ("max_total", "amount")
    countries = CountriesField(
        label=gettext_lazy("Countries"), max_length=400, help_text=gettext_lazy("Codes such as FR, BE.")
    )
    max_total = OptionalMoneyField(label=gettext_lazy("Up to a total of"), required=False)
    amount = MoneyField(label=gettext_lazy("Price"))

    class Meta:
        model = DeliveryRate
        fields = ["countries", "max_weight_g", "max_total", "amount"]


RateFormSet = inlineformset_factory(DeliveryMethod, DeliveryRate, form=RateForm, extra=2, can_delete=True)
