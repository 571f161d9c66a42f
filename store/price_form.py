"""Fields for the price of each audience that has a name, for whatever form the owner sets prices in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import money
from store import audiences
from store.models import Offer


class AudiencePrices(forms.Form):
    """Call `ask_audiences` in __init__ and `clean_audiences` in clean; `audience_changes` goes to `pricing.set_others`."""

    audience_fields: dict[str, str]

    def ask_audiences(self, offer: Offer, others: dict[str, int]) -> None:
        """A field for each, with what it pays now (`others` {audience: minor units}: `pricing.asked`)."""
        self.currency = offer.currency
        known = audiences.known()
        self.audience_fields = {f"price_{key.replace(':', '_')}": key for key in known}
        for name, key in self.audience_fields.items():
            self.fields[name] = forms.CharField(
                label=_("Price: %(who)s") % {"who": known[key].label}, required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )  # fmt: skip
            self.initial[name] = money.typed(others.get(key), offer.currency)

    def clean_audiences(self, cleaned: dict[str, Any]) -> None:
        """Each price in minor units; None where it is empty."""
        for name in self.audience_fields:
            typed = str(cleaned.get(name) or "").strip()
            try:
                cleaned[name] = money.parse(typed, self.currency) if typed else None
            except ValidationError as error:
                self.add_error(name, error)

    @property
    def audience_changes(self) -> dict[str, int | None]:
        """{audience: minor units, or None to end it} of what was changed."""
        changed = set(self.changed_data)
        return {key: self.cleaned_data[name] for name, key in self.audience_fields.items() if name in changed}
