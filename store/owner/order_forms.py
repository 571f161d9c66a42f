"""Shapes of what the owner types about an order."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import money
from core.models import Shop
from store import refunds
from store.models import Order, OrderLine, Parcel
from store.models.order import ADDRESS


class MoneyField(forms.CharField):
    """ "46,90" -> 4690, in the shop's currency where no other is named; empty is nothing."""

    def __init__(self, *, currency: str = "", most: int | None = None, **kwargs: Any) -> None:
        self.currency, self.most = currency, most
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8}))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> int:
        typed = super().clean(value)
        currency = self.currency or Shop.objects.current().currency
        amount = money.parse(typed, currency) if typed else 0
        if self.most is not None and amount > self.most:
            raise ValidationError(_("At most %(amount)s.") % {"amount": money.text(self.most, currency)})
        return amount


class ShipForm(forms.Form):
    """Who carries the parcel, under which number."""

    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=60, required=False)
    tracking = forms.CharField(
        label=gettext_lazy("Tracking number"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, is_withdrawn: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_withdrawn:
            self.fields["anyway"] = forms.BooleanField(label=_("Send it all the same, though the buyer withdraws"))

    def clean_tracking(self) -> str:
        return "".join(self.cleaned_data["tracking"].split())


class SplitForm(forms.Form):
    """How many units of each line go into another parcel."""

    def __init__(self, *args: Any, parcel: Parcel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in parcel.lines.all():
            label = f"{row.line.shown_title} ({row.quantity})"
            self.fields[f"units_{row.pk}"] = forms.IntegerField(
                label=label, min_value=0, max_value=row.quantity, required=False, initial=0
            )

    def units(self) -> dict[int, int]:
        """{parcel line pk: units}"""
        return {int(name.removeprefix("units_")): value for name, value in self.cleaned_data.items() if value}


class NoteForm(forms.Form):
    """What the owner writes for herself."""

    text = forms.CharField(
        label=gettext_lazy("Note for yourself"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The buyer never sees it."),
    )  # fmt: skip


class BuyerForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Who bought and where it goes, put right. The country stays: the price of delivery hangs on it."""

    class Meta:
        model = Order
        fields = ("email", "name", "line1", "line2", "postcode", "city")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.is_sent:
            for name in ADDRESS:
                del self.fields[name]
        for name in {"line1", "city"} & set(self.fields):
            self.fields[name].required = True


class ReasonForm(forms.Form):
    """Why an order is cancelled."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("It stands in the order's history."),
    )


class RefundForm(forms.Form):
    """Units that come back, amounts as a gesture, delivery: never more than is left."""

    shipping: forms.Field
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("It stands in the order's history."),
    )
    restock = forms.BooleanField(
        label=gettext_lazy("What had been sent goes back on the shelf"), required=False, initial=True,
        help_text=gettext_lazy("Only for units that had left; the others are free again by themselves."),
    )  # fmt: skip

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.lines: list[OrderLine] = list(order.lines.all())
        self.left_of_lines = refunds.left_of_lines(order)
        self.payment = order.payments.order_by("-amount", "pk").first()
        self.left = refunds.left_to_refund(self.payment) if self.payment else 0
        self.left_of_shipping = min(refunds.left_of_shipping(order), self.left)
        for line in self.lines:
            self._add(line)
        if self.left_of_shipping:
            self.fields["shipping"] = MoneyField(
                label=_("Delivery"), currency=order.currency, most=self.left_of_shipping, required=False
            )

    def _add(self, line: OrderLine) -> None:
        most = min(self.left_of_lines[line.pk], self.left)
        self.fields[f"units_{line.pk}"] = forms.IntegerField(
            label=_("Units that come back"),
            min_value=0,
            max_value=line.quantity - line.refunded_quantity,
            required=False,
        )
        self.fields[f"gesture_{line.pk}"] = MoneyField(
            label=_("Gesture"), currency=self.order.currency, most=most, required=False
        )

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its two fields and what is left of it."""
        return [
            {
                "line": line,
                "units": self[f"units_{line.pk}"],
                "gesture": self[f"gesture_{line.pk}"],
                "left_units": line.quantity - line.refunded_quantity,
                "left": self.left_of_lines[line.pk],
            }
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        self.wanted = self._wanted(data)
        self.amount = self._amount(self.wanted)
        if not self.amount and not any(self.wanted.units.values()):
            raise ValidationError(_("Type what you give back: units, an amount, or delivery."))
        if self.amount > self.left:
            left = money.text(self.left, self.order.currency)
            raise ValidationError(_("Only %(amount)s of this payment is left to give back.") % {"amount": left})
        return data

    def summary(self) -> list[str]:
        """What was understood, line by line, to be read once more before the money leaves."""
        currency, wanted = self.order.currency, self.wanted
        words = []
        for line in self.lines:
            if wanted.units[line.pk]:
                words.append(f"{wanted.units[line.pk]} × {line.shown_title}")
            if wanted.gestures[line.pk]:
                amount = money.text(wanted.gestures[line.pk], currency)
                words.append(_("Gesture on %(title)s: %(amount)s") % {"title": line.shown_title, "amount": amount})
        if wanted.shipping:
            words.append(_("Delivery: %(amount)s") % {"amount": money.text(wanted.shipping, currency)})
        return words

    def _wanted(self, data: dict[str, Any]) -> refunds.Wanted:
        units = {line.pk: data.get(f"units_{line.pk}") or 0 for line in self.lines}
        gestures = {line.pk: data.get(f"gesture_{line.pk}") or 0 for line in self.lines}
        return refunds.Wanted(units, gestures, data.get("shipping") or 0, data["key"])

    def _amount(self, wanted: refunds.Wanted) -> int:
        """In minor units, as store.refunds will count it; marks a line that would give back too much."""
        amount = wanted.shipping
        for line in self.lines:
            left = self.left_of_lines[line.pk]
            units = min(refunds.worth(line, wanted.units[line.pk]), left)
            value = units + wanted.gestures[line.pk]
            if value > left:
                text = _("Together with the units, at most %(amount)s.")
                most = money.text(left - units, self.order.currency)
                self.add_error(f"gesture_{line.pk}", text % {"amount": most})
            amount += value
        return amount


def everything(order: Order) -> dict[str, Any]:
    """What to type to give back all that is left."""
    found = refunds.everything(order)
    typed: dict[str, Any] = {f"units_{pk}": units for pk, units in found.units.items() if units}
    if found.shipping:
        typed["shipping"] = money.typed(found.shipping, order.currency)
    return typed
