"""Finding a product among many: by its words or code, and by what it is doing."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.models import Locale

from core.models import Shop
from store.editor import finding
from store.editor.standing import Status, with_status
from store.models import ProductPage


class ProductFilter(BaseFilterForm):
    """The form above the chooser's list."""

    q = forms.CharField(
        label=_("Search"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Name or code")})
    )
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *Status.choices],
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )  # fmt: skip

    def filter(self, objects: Any) -> Any:
        words, status = self.cleaned_data["q"].strip(), self.cleaned_data["status"]
        if status:
            objects = objects.filter(product__in=with_status(Shop.objects.current(), status))
        if words:
            self.is_searching, self.search_query = True, words
            objects = objects.filter(product__in=finding.by_words(Shop.objects.current(), words))
        return objects


def once_each(locale: Locale) -> QuerySet[ProductPage]:
    """A page for each product: that of the language where there is one."""
    own = ProductPage.objects.filter(product=OuterRef("product"), locale=locale)
    earlier = ProductPage.objects.filter(product=OuterRef("product"), pk__lt=OuterRef("pk"))
    rows = ProductPage.objects.filter(Q(locale=locale) | (~Exists(own) & ~Exists(earlier)))
    return rows.select_related("product", "locale").order_by("-latest_revision_created_at", "-pk")
