"""Shapes of input: a tier, a membership on sale, somebody let in by the house."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from members.models import Tier
from store.owner.order_forms import MoneyField

TERMS = [("month", _("each month")), ("year", _("each year")), ("12", _("one year, paid once")), ("0", _("for good"))]


class TierForm(WagtailAdminModelForm):
    """What a tier is called and promises."""

    class Meta:
        model = Tier
        fields = ["name", "name_en", "slug", "promise", "promise_en", "colour", "pause_months"]


class PlanForm(forms.Form):
    """For how long, for how much."""

    term = forms.ChoiceField(label=_("For how long"), choices=TERMS)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"] = MoneyField(label=_("Price"), currency=currency)


class CompForm(forms.Form):
    """Who is let in without paying."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    tier = forms.ModelChoiceField(label=_("Tier"), queryset=Tier.objects.all(), empty_label=None)
    months = forms.IntegerField(label=_("Months (0: for good)"), min_value=0, max_value=120, initial=12)
    note = forms.CharField(label=_("Why, for yourself"), max_length=200, required=False)
