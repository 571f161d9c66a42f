"""An hour of something: no page of goods, no shipping, a slot that is scarce without a pool."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db import models
from wagtail.models import Page

from store.exceptions import CannotBeSold, OutOfStock
from store.models import OrderLine, Sellable


class SlotForm(forms.Form):
    """What is chosen before the basket."""

    slot = forms.RegexField(r"^\d{2}:00$", label="Heure")

    def __init__(self, *args: Any, sellable: "Hour", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sellable = sellable


class GuestsForm(forms.Form):
    """What the recap asks: one name for each further unit, and nothing that must be said."""

    wish = forms.CharField(label="Un souhait", max_length=40, required=False)

    def __init__(self, *args: Any, sellable: "Hour", quantity: int, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sellable, self.user = sellable, user
        for number in range(2, quantity + 1):
            self.fields[f"guest{number}"] = forms.CharField(label=f"Invité {number}", max_length=40)


class Hour(Sellable):
    """One kind with every seam; its class attributes are set by tests where they differ."""

    excludes_delayed: ClassVar[bool] = True
    line_template: ClassVar[str] = "kinds/hour.html"
    details_form: ClassVar[type[forms.Form] | None] = GuestsForm

    name = models.CharField(max_length=60)
    legal = models.CharField(max_length=16, default="service")
    words = models.CharField(max_length=40, default="Réserver")
    gives = models.CharField(max_length=40, blank=True)
    begins = models.DateTimeField(null=True)
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="+")

    @property
    def choice_form(self) -> type[forms.Form] | None:  # type: ignore[override]
        return SlotForm if self.legal == "service" else None

    @property
    def legal_type(self) -> str:
        return self.legal

    def title(self, locale: str) -> str:
        return self.name

    def action(self) -> str:
        return self.words

    def pages(self) -> Iterable[Page]:
        return [self.page] if self.page else []

    def grants(self, details: Mapping[str, Any]) -> frozenset[str]:
        return frozenset({self.gives} if self.gives else ())

    def begins_at(self, details: Mapping[str, Any]) -> datetime | None:
        return self.begins

    def lines_of(self, details: Mapping[str, Any], locale: str) -> list[str]:
        return [f"{key}: {value}" for key, value in sorted(details.items()) if value]

    def check_buyer(self, buyer: Any, quantity: int, details: Mapping[str, Any]) -> None:
        if buyer.email.startswith("banned"):
            raise CannotBeSold(self.offer, "one_each")
        if quantity > 3:
            raise CannotBeSold(self.offer, "too_many")

    def hold(self, line: OrderLine, *, ask_at: datetime) -> None:
        slot = line.details.get("slot")
        if slot and not Taken.objects.filter(line=line).exists():
            if Taken.objects.filter(slot=slot).exists():
                raise OutOfStock(self.offer, 0)
            Taken.objects.create(slot=slot, line=line)

    def keep(self, line: OrderLine) -> None:
        Taken.objects.filter(line=line).update(is_kept=True)

    def release(self, line: OrderLine) -> None:
        Taken.objects.filter(line=line, is_kept=False).delete()

    def has_hold(self, line: OrderLine) -> bool:
        return not line.details.get("slot") or Taken.objects.filter(line=line).exists()

    def fulfil(self, line: OrderLine) -> None:
        Given.objects.get_or_create(line=line, defaults={"quantity": line.quantity})

    def revoke(self, line: OrderLine, quantity: int) -> None:
        Given.objects.filter(line=line).update(quantity=line.quantity - line.refunded_quantity)


class Taken(models.Model):
    """A slot that is promised."""

    slot = models.CharField(max_length=5, unique=True)
    line = models.OneToOneField(OrderLine, on_delete=models.CASCADE, related_name="+")
    is_kept = models.BooleanField(default=False)


class Given(models.Model):
    """What was fulfilled."""

    line = models.OneToOneField(OrderLine, on_delete=models.CASCADE, related_name="given")
    quantity = models.PositiveIntegerField()
