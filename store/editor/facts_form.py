"""What holds for a whole product: name, code, VAT, right of withdrawal, picture, safety (Reg. 2023/988)."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.text import slugify
from wagtail.images.widgets import AdminImageChooser
from wagtail.log_actions import log

from store.editor import variants
from store.models import Product
from store.owner.shop_forms import countries

SAFETY = (
    "i_am_maker", "maker_name", "maker_address", "maker_contact", "maker_country", "eu_responsible", "identifier", "gtin",
    "needs_warnings",
)  # fmt: skip


class FactsForm(forms.ModelForm[Product]):
    """VAT goes to all its variants."""

    class Meta:
        model = Product
        fields = [
            "name", "code", "photo", "tax_code", "legal_type", "height_cm", *SAFETY,
        ]  # fmt: skip
        widgets = {
            "photo": AdminImageChooser,
            "maker_address": forms.Textarea(attrs={"rows": 3}),
            "eu_responsible": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(countries().items(), key=lambda row: slugify(row[1]))
        self.fields["maker_country"] = forms.ChoiceField(
            label=self.fields["maker_country"].label, choices=[("", "—"), *named], required=False
        )

    @property
    def safety(self) -> list[Any]:
        return [self[name] for name in SAFETY]

    @property
    def general(self) -> list[Any]:
        return [self[name] for name in ("name", "code", "photo", "tax_code", "legal_type", "height_cm")]

    def keep(self, *, by: Any) -> Product:
        """Save, with the offers' VAT and a line in the log."""
        with transaction.atomic():
            product = self.save()
            variants.set_tax(product, product.tax_code)
            log(product, "wagtail.edit", user=by, data={"fields": sorted(self.changed_data)})
        return product
