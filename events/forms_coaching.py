"""The time of an appointment: chosen before the basket, or anew on its own page."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import appointments, coaching
from events.models import Booking, Service


class SlotForm(forms.Form):
    """Radio buttons, day by day; only what is free when it is asked for."""

    slot = forms.ChoiceField(
        label=_("When"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("This time is not free any more: please choose another.")},
    )

    def __init__(self, *args: Any, sellable: Service, mine: Booking | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.now()
        found = coaching.free_slots(sellable, now, now + timedelta(days=sellable.horizon_days + 1), now, mine=mine)
        self.fields["slot"].choices = appointments.by_day(sellable, found)  # type: ignore[attr-defined]
        if not found:
            self.fields["slot"].help_text = _("No time is free at the moment: please come back in a few days.")
        self.fields["slot"].label = appointments.when_words(sellable)

    @property
    def moment(self) -> datetime | None:
        """The time of a valid form (UTC)."""
        return coaching.moment_of(self.cleaned_data)
