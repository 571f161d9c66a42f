"""What the owner types about an event. Dates are on the clock of the place."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from core import money
from events.models import Event
from members.models import Plan
from store.models import Offer
from store.owner.dates import DateTimeInput
from store.owner.order_forms import MoneyField

FACTS = (
    "name", "kind", "venue_name", "venue_address", "venue_postcode", "venue_city", "venue_country", "online_url", "door_code",
    "host_name", "host_phone",
)  # fmt: skip
RULES = (
    "legal_type", "cancel_hours", "on_cancel", "transfer_hours", "transfer_fee", "offer_hours", "has_waiting_list", "shows_guests",
)  # fmt: skip


class Local(forms.DateTimeField):
    """A moment as the clock of the place shows it, without a zone; a form's `at` makes it UTC."""

    widget = DateTimeInput

    def to_python(self, value: Any) -> datetime | None:
        found = super().to_python(value)
        return found.replace(tzinfo=None) if found else None

    def prepare_value(self, value: Any) -> Any:
        return value


class WhenForm(forms.Form):
    """From when to when."""

    begins = Local(label=_("begins"))
    ends = Local(label=_("ends"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        begins, ends = said.get("begins"), said.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", now("It ends after it begins."))
        if begins and ends and not self.errors:
            zone = ZoneInfo(self.zone)
            said["starts_at"], said["ends_at"] = begins.replace(tzinfo=zone), ends.replace(tzinfo=zone)
        return said


class EventForm(forms.ModelForm):  # type: ignore[type-arg]
    """Facts and rules of an event; its date, places and state have verbs of their own."""

    class Meta:
        model = Event
        fields = [*FACTS, *RULES]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of, words = self.instance.shop.currency, Event._meta.get_field("transfer_fee")  # noqa: SLF001 - Django's own
        self.fields["transfer_fee"] = MoneyField(
            label=words.verbose_name, currency=of, required=False, help_text=now("Empty or 0: nothing.")
        )
        self.initial["transfer_fee"] = money.typed(self.instance.transfer_fee or None, of)

    def clean_transfer_fee(self) -> int:
        """Nothing, or as much as a card can be asked for."""
        fee: int = self.cleaned_data["transfer_fee"]
        if money.is_too_little(fee, self.instance.shop.currency):
            raise forms.ValidationError(now("A card cannot be asked for so little."))
        return fee


class NewForm(WhenForm):
    """The least that makes an event."""

    name = forms.CharField(label=_("name"), max_length=160)
    kind = forms.ChoiceField(label=_("kind"), choices=Event.Kind.choices)
    zone_name = forms.ChoiceField(label=_("time zone"))
    capacity = forms.IntegerField(
        label=_("places in all"), min_value=0, max_value=100_000, help_text=_("0: as many as come.")
    )
    price = MoneyField(label=_("price of a seat"), required=False, help_text=_("Empty or 0: free."))

    field_order = ["name", "kind", "begins", "ends", "zone_name", "capacity", "price"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"zone": "UTC", **kwargs})
        self.fields["zone_name"].choices = [(name, name) for name in sorted(available_timezones())]  # type: ignore[attr-defined]
        self.zone = (
            str(self.data.get("zone_name") or "UTC") if self.data.get("zone_name") in available_timezones() else "UTC"
        )


class PlacesForm(forms.Form):
    """How many people fit in."""

    capacity = forms.IntegerField(
        label=_("places in all"), min_value=0, max_value=100_000, help_text=_("0: as many as come.")
    )


class AfterwardsForm(forms.Form):
    """What the mail of the day after holds besides the words on the event's pages; of each page's variants the first."""

    photos_url = forms.URLField(
        label=_("photos"), required=False, help_text=_("Where they can be seen; for the mail afterwards.")
    )
    offers = forms.TypedMultipleChoiceField(
        label=_("what you offer afterwards"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = Offer.objects.filter(shop=event.shop_id, state=Offer.State.LIVE, datechange=None)
        over = Q(ticket__event=event) | Q(ticket__event__starts_at__lte=timezone.now())
        rows = live.exclude(over).order_by("pk").with_sellables()
        named: dict[object, tuple[int, str]] = {}
        plans = Plan.kind().pk
        for row in rows:
            page = row.sellable.page_in("fr") if row.sellable else None
            if page:
                named.setdefault(page.pk, (row.pk, page.title))
            elif row.sellable and row.kind_id == plans:
                named[f"plan {row.pk}"] = (row.pk, row.sellable.title("fr"))
        self.fields["offers"].choices = sorted(named.values(), key=lambda one: one[1])  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """Yes, it is cancelled."""

    sure = forms.BooleanField(label=_("Yes: cancel it, give everything back and tell everybody."))
