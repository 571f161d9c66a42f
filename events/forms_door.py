"""Who comes without a seat."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.models import Event, Ticket
from store.models import Offer


class WalkInForm(forms.Form):
    """Name, address for the ticket and the receipt, and which kind of seat."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    ticket = forms.ModelChoiceField(label=_("Ticket"), queryset=Ticket.objects.none(), empty_label=None)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Ticket.objects.filter(event=event, offer__state=Offer.State.LIVE)
        locale = (get_language() or "fr").split("-")[0]
        self.fields["ticket"].queryset = kinds.select_related("offer__shop")  # type: ignore[attr-defined]
        self.fields["ticket"].label_from_instance = lambda row: row.label(locale)  # type: ignore[attr-defined]
