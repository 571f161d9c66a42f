"""The field for what takes a product's place, wherever she archives: a product chosen by its page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from store import successors
from store.editor import states
from store.editor.chooser import chooser
from store.models import Product, ProductPage


class SuccessorForm(forms.Form):
    """One product's successor; empty: nothing took its place. A circle is refused with its names."""

    def __init__(self, product: Product, data: Any = None) -> None:
        super().__init__(data, prefix=f"p{product.pk}")
        self.product = product
        self.fields["successor"] = forms.ModelChoiceField(
            ProductPage.objects.filter(product__shop=product.shop_id).select_related("product"),
            label=_("What takes its place"), required=False, widget=chooser.widget_class(),
            help_text=_("Readers who still look for this are led there: “Replaced by …”, with its price of the day."),
        )  # fmt: skip
        self.initial["successor"] = page_of(product.successor) if product.successor else None

    def clean_successor(self) -> ProductPage | None:
        page: ProductPage | None = self.cleaned_data["successor"]
        if page:
            try:
                successors.refuse_circle(self.product, page.product)
            except successors.Circle as circle:
                raise forms.ValidationError(told(circle)) from circle
        return page

    def keep(self, *, by: Any) -> bool:
        """Whether another takes its place than before; what was not asked or not touched stays. Raises Circle."""
        page: ProductPage | None = self.cleaned_data["successor"]
        if self.add_prefix("successor") not in self.data or not self.has_changed():
            return False
        return successors.name(self.product, page.product if page else None, by=by)


def told(circle: successors.Circle) -> str:
    """Why not, in the owner's words."""
    if len(circle.way) == 1:
        return _("A product cannot take its own place.")
    names = " → ".join(str(one) for one in (circle.product, *circle.way))
    return _("That leads in a circle: %(names)s.") % {"names": names}


def page_of(product: Product) -> ProductPage | None:
    """The page by which the chooser shows it: in her language, else any, live or not."""
    pages = list(product.pages.select_related("locale").order_by("pk"))
    code = (get_language() or "fr").split("-")[0]
    return min(pages, key=lambda page: page.locale.language_code != code, default=None)


def forms_for(products: Iterable[Product], data: Any = None) -> list[SuccessorForm]:
    """A form for each product that is about to be archived."""
    return [SuccessorForm(product, data) for product in products]


@transaction.atomic
def archive(forms: Iterable[SuccessorForm], *, by: Any) -> None:
    """Archive the products of these valid forms and say what takes their place. Raises successors.Circle."""
    for form in forms:
        form.keep(by=by)
        states.archive(form.product, by=by)
