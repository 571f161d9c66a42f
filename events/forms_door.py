"""Who comes without a seat."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core import money
from events.models import Event, Ticket
from members import card
from store import pricing
from store.models import Offer


class WalkInForm(forms.Form):
    """Name, address for the ticket and the receipt, and which kind of seat."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    ticket = forms.ModelChoiceField(label=_("Ticket"), queryset=Ticket.objects.none(), empty_label=None)
    card = forms.CharField(
        label=_("Club card"), max_length=600, required=False, help_text=_("Its number, or scan it: the member’s price."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Ticket.objects.filter(event=event, offer__state=Offer.State.LIVE)
        locale = (get_language() or "fr").split("-")[0]
        self.fields["ticket"].queryset = kinds.select_related("offer__shop")  # type: ignore[attr-defined]
        self.prices = pricing.shown([ticket.offer for ticket in self.fields["ticket"].queryset], timezone.now())  # type: ignore[attr-defined]
        self.fields["ticket"].label_from_instance = lambda row: self.named(row, locale)  # type: ignore[attr-defined]

    def named(self, ticket: Ticket, locale: str) -> str:
        """ "Place, 12,00 €, club 8,00 €"."""
        offer, public = ticket.offer, self.prices.public
        rows = [ticket.label(locale)]
        if offer.pk in public:
            rows.append(money.text(public[offer.pk], offer.currency, locale) if public[offer.pk] else gettext("free"))
        others = self.prices.others.get(offer.pk, {})
        if others:
            rows.append(gettext("club %(price)s") % {"price": money.text(min(others.values()), offer.currency, locale)})
        return ", ".join(rows)

    def clean_card(self) -> str:
        """A card that is over or none of ours is said, not passed over."""
        shown: str = self.cleaned_data["card"]
        if shown and not card.audiences(shown):
            raise forms.ValidationError(gettext("This card is over, or is not ours."))
        return shown
