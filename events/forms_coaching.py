"""The time of an appointment: chosen before the basket, or anew on its own page."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from events import appointments, coaching, prepaid
from events.models import Booking, Service


class Slate(forms.RadioSelect):
    """The free times as hours on a slate: a week unfolds its days, a day stands in one row. `zone`: whose clock."""

    template_name = "events/slate.html"
    zone: tzinfo = UTC

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        weeks: dict[date, dict[str, Any]] = {}
        for title, options, _index in context["widget"]["optgroups"]:
            for option in options:
                option["at"] = datetime.fromisoformat(str(option["value"])).astimezone(self.zone)
            monday = options[0]["at"].date() - timedelta(days=options[0]["at"].weekday())
            week = weeks.setdefault(monday, {"monday": monday, "days": [], "is_open": not weeks})
            week["days"].append({"title": title, "hours": options})
            week["is_open"] |= any(option["selected"] for option in options)
        context["widget"]["weeks"] = list(weeks.values())
        return context


class CreditForm(forms.Form):
    """Says in the recap that an hour which was paid in advance pays for it; nothing to fill in, and nothing where none does."""

    def __init__(self, *args: Any, sellable: Service, quantity: int, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        credit = prepaid.next_of(user, sellable) if user else None
        if credit and prepaid.is_needed(sellable, user):
            words = now("Paid in advance: 1 of your %(bought)s appointments (%(left)s left afterwards).")
            label = words % {"bought": credit.bought, "left": credit.left - 1}
            self.fields["credit"] = forms.BooleanField(label=label, initial=True, disabled=True)


class SlotForm(forms.Form):
    """One time of those that are free when it is asked for."""

    slot = forms.ChoiceField(
        label=_("When"),
        widget=Slate,
        error_messages={"invalid_choice": _("This time is not free any more: please choose another.")},
    )

    early = forms.BooleanField(
        required=False,
        label=_("I ask that it begins before the 14 days to change my mind are over; if I withdraw then, I pay my share of what was done."),
    )  # fmt: skip

    def __init__(self, *args: Any, sellable: Service, mine: Booking | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = timezone.now()
        found = coaching.free_slots(sellable, at, at + timedelta(days=sellable.horizon_days + 1), at, mine=mine)
        self.fields["slot"].widget.zone = sellable.calendar.zone
        self.fields["slot"].choices = appointments.by_day(sellable, found)  # type: ignore[attr-defined]
        if not found:
            self.fields["slot"].help_text = _("No time is free at the moment: please come back in a few days.")
        self.fields["slot"].label = appointments.when_words(sellable)

        self.mine = mine
        if mine is None or not any(coaching.is_early(mine, slot) for slot in found[:1]):
            del self.fields["early"]

    def clean(self) -> dict[str, Any]:
        """Of an early time, that it is asked for: the order did so, or this form does."""
        said = super().clean() or {}
        start = coaching.moment_of(said)
        if self.mine and start and not said.get("early") and coaching.is_early(self.mine, start):
            self.add_error("early", now("Without your request it cannot begin before these 14 days are over."))
        said.pop("early", None)
        return said

    @property
    def request(self) -> str:
        """The words that were ticked."""
        return str(self.fields["early"].label) if "early" in self.fields else ""

    @property
    def moment(self) -> datetime | None:
        """The time of a valid form (UTC)."""
        return coaching.moment_of(self.cleaned_data)
