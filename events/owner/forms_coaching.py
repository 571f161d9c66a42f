"""What the owner types about her time: "9:00-12:00, 14:00-18:00" for each day of the week, and days that differ."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from core import money
from events import busy
from events.fetching import NotFetched
from events.models import Calendar, HourPack, Service, Weekday
from events.owner.forms import Local
from events.receiving import Day, Hours
from store import pricing
from store.models import Offer
from store.owner import dates
from store.owner.order_forms import MoneyField

SERVICE = (
    "name", "name_en", "description", "description_en", "minutes", "step", "buffer_before", "buffer_after", "notice_hours",
    "horizon_days", "change_hours", "place", "place_en", "online_url",
)  # fmt: skip


class SoldForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is on sale, with its price; the price of what is new is typed first."""

    price = MoneyField(label=_("price"), help_text=_("0: free."))
    is_on_sale = forms.BooleanField(label=_("on sale"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            offer = self.instance.offer
            quote = pricing.quotes([offer]).get(offer.pk)
            self.initial["price"] = money.typed(quote.unit if quote else None, offer.currency)
            self.initial["is_on_sale"] = offer.state == Offer.State.LIVE


class ServiceForm(SoldForm):
    """Facts, rules, price."""

    class Meta:
        model = Service
        fields = SERVICE


class PackForm(SoldForm):
    """How many, how long, how much; how many is settled once it is there."""

    class Meta:
        model = HourPack
        fields = ("hours", "months")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].disabled = bool(self.instance.pk)
        self.fields["price"].label = now("price of all of them")
        self.fields["price"].help_text = ""


class MoveForm(forms.Form):
    """Another time, on the clock of the calendar's place."""

    begins = Local(label=_("begins"))

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["begins"].help_text = now("In quarters of an hour. Your rules do not bind you; what is taken does.")

    @property
    def moment(self) -> datetime:
        """The time of a valid form (UTC)."""
        begins: datetime = self.cleaned_data["begins"]
        return begins.replace(tzinfo=self.zone).astimezone(UTC)


def spans(words: str) -> Iterator[tuple[time, time]]:
    """The hours of "9:00-12:00, 14:00-18:00"; raises ValueError for anything else."""
    last = time.min
    for part in filter(None, (piece.strip() for piece in words.replace("–", "-").split(","))):
        starts, ends = (time.fromisoformat(piece.strip().zfill(5)) for piece in part.split("-"))
        if ends <= starts or starts < last:
            raise ValueError(part)
        last = ends
        yield starts, ends


READ = forms.DateField()


class HoursForm(forms.Form):
    """One line for each day of the week; one line for each day that differs."""

    days_off = forms.CharField(
        label=_("Days that differ"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line. Closed: 2026-12-24. Open at other hours: 2026-12-26 9:00-12:00."),
    )  # fmt: skip
    busy = forms.CharField(
        label=_("Calendars that say when you are busy"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=_("One address a line: the private one that your calendar gives, https://….ics. Read every half hour; only the hours are kept."),
    )  # fmt: skip
    weekly: list[Hours]
    days: list[Day]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = {f"day{day.value}": forms.CharField(label=day.label, required=False, max_length=120) for day in Weekday}
        lines["day0"].help_text = _("As in 9:00-12:00, 14:00-18:00. Empty: closed.")
        self.fields = {**lines, **self.fields}

    @staticmethod
    def told(calendar: Calendar) -> dict[str, str]:
        """What stands now, as one would type it."""
        found: dict[str, list[str]] = {}
        for row in calendar.hours.all():
            found.setdefault(f"day{row.weekday}", []).append(f"{row.starts:%H:%M}-{row.ends:%H:%M}")
        days: dict[str, list[str]] = {}
        for off in calendar.exceptions.all():
            said = days.setdefault(dates.typed(off.date), [])
            if off.is_open:
                said.append(f"{off.starts:%H:%M}-{off.ends:%H:%M}")
        text = "\n".join(f"{day} {', '.join(said)}".strip() for day, said in days.items())
        busy_at = "\n".join(calendar.busy_sources.values_list("address", flat=True))
        return {**{name: ", ".join(said) for name, said in found.items()}, "days_off": text, "busy": busy_at}

    @property
    def addresses(self) -> list[str]:
        """Those of a form's calendars, one each."""
        return list(dict.fromkeys((self.cleaned_data.get("busy") or "").split()))

    def clean_busy(self) -> str:
        said = str(self.cleaned_data["busy"])
        for line in said.split():
            try:
                busy.address_of(line)
            except NotFetched:
                raise forms.ValidationError(now("We cannot read this line: %(line)s") % {"line": line}) from None
            if len(line) > 500:
                raise forms.ValidationError(now("We cannot read this line: %(line)s") % {"line": line[:80]})
        return said

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.weekly, self.days = [], []
        for day in Weekday:
            try:
                self.weekly += [(day.value, *span) for span in spans(said.get(f"day{day.value}") or "")]
            except ValueError:
                self.add_error(f"day{day.value}", now("As in 9:00-12:00, 14:00-18:00."))
        try:
            self.days = list(self._days(said.get("days_off") or ""))
        except ValueError as error:
            self.add_error("days_off", now("We cannot read this line: %(line)s") % {"line": error})
        return said

    def _days(self, text: str) -> Iterator[Day]:
        seen = set()
        for line in filter(None, (row.strip() for row in text.splitlines())):
            day, _space, hours = line.partition(" ")
            try:
                found, open_at = READ.clean(day), list(spans(hours))
            except (ValueError, forms.ValidationError):
                raise ValueError(line) from None
            if found in seen:
                raise ValueError(line)
            seen.add(found)
            for span in open_at or [None]:  # type: ignore[list-item]
                yield found, span
