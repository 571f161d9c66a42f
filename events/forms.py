"""Shapes of input: what the recap asks of a line of seats, who waits, to whom a seat is handed on."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from events import asking
from events.models import Event, Ticket

MOST_WAITING = 10


class SeatsForm(forms.Form):
    """One optional name for each companion, the owner's questions for each seat, and whether to be named."""

    def __init__(self, *args: Any, sellable: Ticket, quantity: int, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locale = (get_language() or "fr").split("-")[0]
        for number in range(1, quantity + 1):
            if number > 1:
                self.fields[f"name{number}"] = forms.CharField(
                    label=now("Name of guest %(number)s, if you like") % {"number": number},
                    max_length=120,
                    required=False,
                )
            for key, words, needed in asking.questions(sellable, locale):
                label = (
                    words
                    if quantity == 1
                    else now("%(question)s (seat %(number)s)") % {"question": words, "number": number}
                )
                self.fields[f"q{number}_{key}"] = forms.CharField(label=label, max_length=200, required=needed)
        if sellable.event.shows_guests:
            self.fields["shown"] = forms.BooleanField(
                label=now("Show my first name among those who come"), required=False
            )


class WaitForm(forms.Form):
    """Who waits, and how many they are."""

    size = forms.TypedChoiceField(label=_("How many are you?"), coerce=int)
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = max((ticket.offer.max_per_order for ticket in event.tickets.all()), default=1)
        most = min(most, event.capacity or most)
        sizes = [(number, str(number)) for number in range(1, min(most, MOST_WAITING) + 1)]
        self.fields["size"].choices = sizes  # type: ignore[attr-defined]


class HandOnForm(forms.Form):
    """To whom a seat goes."""

    name = forms.CharField(label=_("Their name"), max_length=120)
    email = forms.EmailField(label=_("Their e-mail"), help_text=_("The seat is sent there; your own link ends."))
