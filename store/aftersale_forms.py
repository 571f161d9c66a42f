"""Shapes of input after the sale: a withdrawal, a lost link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from store.withdrawal import Statement


class WithdrawalForm(forms.Form):
    """What D221-5 asks for and no more: who, which contract, where the receipt goes. No reason is asked."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contract = forms.CharField(
        label=_("Order number"),
        max_length=200,
        help_text=_("It stands in the receipt. Without it: what you bought, and when."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail for the receipt"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    words = forms.CharField(
        label=_("Only for some of the things: which"),
        max_length=2000,
        required=False,
        help_text=_("You need give no reason."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    order = forms.CharField(required=False, widget=forms.HiddenInput)
    """The signed link that the visitor came by; what it cannot prove counts for nothing."""

    def statement(self, locale: str) -> Statement:
        """What was typed, as the verb needs it; line ends as one sign, so that the digest can be checked."""
        typed: dict[str, Any] = self.cleaned_data
        words = typed["words"].replace("\r\n", "\n")
        return Statement(typed["name"], typed["email"], typed["contract"], words, locale)


class FindOrderForm(forms.Form):
    """The order's number and the e-mail that it was placed with."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=12,
        help_text=_("Eight letters and digits, in every mail about the order."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"]).replace(" ", "").upper()
