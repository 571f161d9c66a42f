"""Shapes of input: what is added, and who buys."""

from typing import Any, ClassVar

from babel import Locale
from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core import dates, money
from core.models import Shop
from store import bills, delivery, selling
from store.checkout import Buyer, Draft
from store.models import Address, Offer

MOST = 99_999_999
"""Stripe takes no more, in minor units."""
MOST_OF_ONE = 999
AUTOCOMPLETE = {
    "name": "name", "line1": "address-line1", "line2": "address-line2", "postcode": "postal-code", "city": "address-level2",
}  # fmt: skip


class AddToCart(forms.Form):
    """An offer, how many, the page that named it, and the price of one that it showed (minor units).

    `beside`: what one joins in the same order, so that the price of who belongs counts at once.
    """

    offer = forms.ModelChoiceField(queryset=Offer.objects.none())
    quantity = forms.IntegerField(min_value=1, max_value=MOST_OF_ONE, initial=1, required=False)
    source = forms.IntegerField(min_value=1, required=False)
    seen = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    beside = forms.ModelChoiceField(queryset=Offer.objects.none(), required=False)

    def __init__(self, *args: Any, shop: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("offer", "beside"):
            self.fields[name].queryset = Offer.objects.for_shop(shop).select_related("shop")  # type: ignore[attr-defined]

    def clean_quantity(self) -> int:
        return self.cleaned_data.get("quantity") or 1


def country_choices(codes: list[str]) -> list[tuple[str, str]]:
    """(code, name) in the reader's language."""
    names = Locale.parse((get_language() or "fr").split("-")[0]).territories
    return [(code, names.get(code, code)) for code in codes]


class AddressForm(forms.ModelForm[Address]):
    """One address of a person's book."""

    country = forms.ChoiceField(label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country"}))

    class Meta:
        model = Address
        fields = ("name", "line1", "line2", "postcode", "city", "country", "is_default")
        labels: ClassVar[dict[str, Any]] = {"line1": _("Address"), "line2": _("Floor, building, door code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = delivery.countries(Shop.objects.current())
        held = [self.instance.country] if self.instance.pk and self.instance.country not in codes else []
        self.fields["country"].choices = country_choices([*codes, *held])  # type: ignore[attr-defined]
        for name, kind in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = kind

    def validate_unique(self) -> None:
        """One that is there already is not written twice: store.addresses sees to it."""

    def validate_constraints(self) -> None:
        """As above."""


class CheckoutForm(forms.Form):
    """Who buys and where it goes. Only what this basket needs is asked; nothing twice."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    line1 = forms.CharField(
        label=_("Address"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "address-line1"})
    )
    line2 = forms.CharField(
        label=_("Floor, building, door code"),
        max_length=160, required=False, widget=forms.TextInput(attrs={"autocomplete": "address-line2"}),
    )  # fmt: skip
    postcode = forms.CharField(
        label=_("Postcode"), max_length=16, widget=forms.TextInput(attrs={"autocomplete": "postal-code"})
    )
    city = forms.CharField(
        label=_("Town"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    country = forms.ChoiceField(
        label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country", "data-refresh": ""})
    )
    phone = forms.CharField(
        label=_("Phone, for the carrier"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    method = forms.TypedChoiceField(
        label=_("Delivery"), coerce=int, widget=forms.RadioSelect(attrs={"data-refresh": ""})
    )

    saved = forms.ChoiceField(
        label=_("Send it to"), required=False, widget=forms.RadioSelect(attrs={"data-refresh": ""})
    )
    keep = forms.BooleanField(label=_("Keep this address in my account"), required=False)
    early = forms.BooleanField(
        error_messages={"required": _("Without your request it cannot begin before these 14 days are over.")}
    )

    NOT_OF_BUYER: ClassVar[set[str]] = {"method", "early", "saved", "keep"}
    ADDRESS = ("line1", "line2", "postcode", "city", "country")

    def __init__(self, *args: Any, draft: Draft, user: Any = None, is_fast: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft, self.user, self.is_fast = draft, user, is_fast
        countries = delivery.countries(draft.shop)
        self._set_choices("country", country_choices(countries))
        self.book = list(Address.objects.of(user)) if user and draft.is_sent and not is_fast else []
        self._set_choices("saved", [(str(row.key), str(row)) for row in self.book])
        self._set_choices("method", [(way.method.pk, _way_words(way, draft.currency)) for way in draft.ways])
        self.begins_early = bills.early(draft)
        self.fields["early"].label = gettext(
            "I ask that it begins before the 14 days to change my mind are over; if I withdraw then, I pay my share of "
            "what was done: %(titles)s."
        ) % {"titles": ", ".join(self.begins_early)}
        self._drop(countries)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """The way that the total was counted with is the one that is chosen."""
        if field_name == "method" and self.draft.way:
            return self.draft.way.method.pk
        return super().get_initial_for_field(field, field_name)

    def _set_choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _drop(self, countries: list[str]) -> None:
        """Leave out what need not be asked."""
        way = self.draft.way
        needless = {
            "email": self.user or self.is_fast,
            "name": self.is_fast,
            **dict.fromkeys(self.ADDRESS, self.is_fast or not self.draft.is_sent),
            "phone": not (way and way.method.needs_phone),
            "method": len(self.draft.ways) < 2,
            "saved": len(self.book) < 2,
            "keep": not self.user or self.is_fast or not self.draft.is_sent,
            "early": not self.begins_early,
        }
        needless["country"] = needless["country"] or len(countries) == 1
        for name in [name for name, is_needless in needless.items() if is_needless]:
            del self.fields[name]

    @property
    def boxes(self) -> list[forms.BoundField]:
        """What the law wants ticked, just above the button."""
        return [self["early"]] if "early" in self.fields else []

    def buyer(self, locale: str) -> Buyer:
        """What was typed, as the verbs need it."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in self.NOT_OF_BUYER}
        if self.user:
            typed["email"] = self.user.email
        for name in ("email", "name"):
            typed.setdefault(name, "")
        typed.setdefault("country", self.draft.country)
        way = self.draft.way
        return Buyer(
            **typed, locale=locale, user=self.user, method_id=way.method.pk if way else None,
            audiences=selling.audiences(self.user), consents=self._consents(),
        )  # fmt: skip

    def _consents(self) -> dict[str, Any]:
        """What was asked for by name, word for word, and when."""
        if not self.begins_early:
            return {}
        return {"early": {"words": str(self.fields["early"].label), "at": timezone.now().isoformat()}}


def _way_words(way: delivery.Delivery, currency: str) -> str:
    """A method with its price and day: "Home delivery, €5.00, by Wednesday 25 November"; pick-up from a day on."""
    price = money.text(way.amount, currency) if way.amount else gettext("free")
    day = dates.words(way.arrives_on, "l j F")
    label = way.method.label(get_language() or "fr")
    given = {"method": label, "price": price, "day": day}
    if way.is_pickup:
        return gettext("%(method)s, %(price)s, from %(day)s") % given
    return gettext("%(method)s, %(price)s, by %(day)s") % given
