"""What holds for a whole product: name, code, VAT, right of withdrawal, picture, safety (Reg. 2023/988)."""

from typing import Any

from django import forms
from django.db import transaction
from wagtail.images.widgets import AdminImageChooser
from wagtail.log_actions import log

from store.editor import variants
from store.models import Product


class FactsForm(forms.ModelForm[Product]):
    """VAT goes to all its variants."""

    class Meta:
        model = Product
        fields = [
            "name", "code", "photo", "tax_code", "legal_type", "height_cm", "i_am_maker", "maker_name", "maker_address",
            "maker_contact", "eu_responsible", "identifier", "gtin",
        ]  # fmt: skip
        widgets = {
            "photo": AdminImageChooser,
            "maker_address": forms.Textarea(attrs={"rows": 3}),
            "eu_responsible": forms.Textarea(attrs={"rows": 3}),
        }

    @property
    def safety(self) -> list[Any]:
        names = ("i_am_maker", "maker_name", "maker_address", "maker_contact", "eu_responsible", "identifier", "gtin")
        return [self[name] for name in names]

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
