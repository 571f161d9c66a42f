"""The row of one variant. Only what was changed against what the row showed is written: an old tab undoes nothing."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import money
from store.editor.standing import Variant
from store.models import Goods, Offer
from store.price_form import AudiencePrices

DAY, MOMENT = "%Y-%m-%d", "%Y-%m-%dT%H:%M"


class VariantForm(AudiencePrices):
    """Price as one types it; stock is moved on its own screen."""

    price = forms.CharField(label=_("Price"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    state = forms.ChoiceField(label=_("State"), choices=Offer.State.choices)
    code = forms.CharField(label=_("SKU"), max_length=64)
    weight = forms.IntegerField(label=_("Weight in grams"), min_value=0, max_value=1_000_000)
    options_en = forms.CharField(label=_("Options in English"), required=False)
    max_per_order = forms.IntegerField(label=_("At most per order"), min_value=1, max_value=1000)
    low_at = forms.IntegerField(label=_("Warn me at"), min_value=0, max_value=100_000, required=False)
    back_on = forms.DateField(
        label=_("Back in stock around"), required=False, widget=forms.DateInput({"type": "date"}, format=DAY)
    )
    sale_from = forms.DateTimeField(
        label=_("On sale from"), required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip
    sale_until = forms.DateTimeField(
        label=_("On sale until"), required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip

    public_from = forms.DateTimeField(
        label=_("For these first; for everybody from"), required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip

    def __init__(self, variant: Variant, data: Any = None) -> None:
        self.variant, self.goods = variant, variant.goods
        super().__init__(data, prefix=f"v{self.goods.pk}", initial=shown(variant))
        self.ask_audiences(self.goods.offer, variant.asked.others)
        if not variant.pools:
            del self.fields["low_at"], self.fields["back_on"]
        if not self.goods.options:
            del self.fields["options_en"]
        for field in self.fields.values():
            field.show_hidden_initial = True

    @property
    def more(self) -> list[Any]:
        """What is folded under the row."""
        return [self[name] for name in self.fields if name not in {"price", "state", "code"}]

    @property
    def more_is_wrong(self) -> bool:
        return any(field.errors for field in self.more)

    def clean_price(self) -> int | None:
        typed = self.cleaned_data["price"].strip()
        if not typed and self.variant.amount is not None:
            raise ValidationError(_("A price stays until there is another. To sell no more, archive the variant."))
        return money.parse(typed, self.goods.offer.currency) if typed else None

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Goods.objects.filter(product=self.goods.product_id, code=code).exclude(pk=self.goods.pk).exists():
            raise ValidationError(_("Another variant has this code."))
        return code

    def clean_options_en(self) -> list[str]:
        words = [word.strip() for word in self.cleaned_data["options_en"].split(",") if word.strip()]
        if words and len(words) != len(self.goods.options):
            raise ValidationError(_("As many as in French: %(n)s."), params={"n": len(self.goods.options)})
        return words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("sale_from"), cleaned.get("sale_until")
        if begins and ends and ends <= begins:
            self.add_error("sale_until", _("The end must come after the beginning."))
        self.clean_audiences(cleaned)
        self._clean_early(cleaned)
        return cleaned

    def _clean_early(self, cleaned: dict[str, Any]) -> None:
        """Something is early only for whom it has a price."""
        is_early = "public_from" in self.changed_data and cleaned.get("public_from")
        if is_early and all(cleaned.get(name) is None for name in self.audience_fields):
            self.add_error("public_from", _("Give the price of those who may buy first."))

    @property
    def changes(self) -> dict[str, Any]:
        """{name: value} of what was changed, for `variants.change`."""
        said = {name: self.cleaned_data[name] for name in self.changed_data if name not in self.audience_fields}
        return {**said, "others": self.audience_changes} if self.audience_changes else said


def shown(variant: Variant) -> dict[str, Any]:
    """What the row shows at first."""
    goods, offer = variant.goods, variant.goods.offer
    pool = variant.pools[0] if variant.pools else None
    return {
        "price": money.typed(variant.amount, offer.currency),
        "state": offer.state,
        "code": goods.code,
        "weight": goods.weight,
        "options_en": ", ".join(str(word) for word in goods.options_en),
        "max_per_order": offer.max_per_order,
        "low_at": pool.low_at if pool else None,
        "back_on": pool.back_on if pool else None,
        "public_from": later(variant),
        "sale_from": offer.sale_from,
        "sale_until": offer.sale_until,
    }


def later(variant: Variant) -> datetime | None:
    """When it is everybody's, while that is still to come."""
    begins = variant.asked.begins_at
    return begins if begins and begins > timezone.now() else None
