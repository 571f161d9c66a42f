"""A new product, in the chooser or on its own page. What was typed comes back, the picture too."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.models import Collection, Locale

from core import money
from core.models import Photo, Shop
from store.editor import axes as options
from store.editor import making
from store.editor.language import shop_page_in
from store.models import ProductPage, TaxCode


class NewProductForm(forms.Form):
    """Just enough to stand in an article; the rest is finished later."""

    upload = WagtailImageField(label=_("Picture"), required=False)
    name = forms.CharField(label=_("Name"), max_length=160)
    summary = forms.CharField(
        label=_("What it is, in one sentence"), max_length=240, required=False,
        help_text=_("Needed before it is sold: it stands beside the price and above the button to order."),
    )  # fmt: skip
    price = forms.CharField(
        label=_("Price, VAT included"), widget=forms.TextInput(attrs={"inputmode": "decimal", "placeholder": "46,90"})
    )
    units = forms.IntegerField(
        label=_("In stock"), required=False, min_value=0, max_value=100_000,
        help_text=_("Of each variant. Empty: not counted, always there."),
    )  # fmt: skip
    tax_code = forms.ChoiceField(label=_("VAT"), choices=TaxCode.choices, initial=TaxCode.STANDARD)
    axes = forms.CharField(
        label=_("Sizes and colours"), required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Size: 20, 24, 28; Colour: red, blue")}),
        help_text=_("Typed once, they make all variants. Empty: only one."),
    )  # fmt: skip
    kept = forms.ModelChoiceField(Photo.objects.all(), required=False, widget=forms.HiddenInput)
    locale = forms.CharField(widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, locale: Locale, by: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4(), "locale": locale.language_code, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.language, self.by = locale, by
        self.fields["upload"].help_text = ""

    def clean_price(self) -> int:
        return money.parse(self.cleaned_data["price"], Shop.objects.current().currency)

    def clean_axes(self) -> list[options.Axis]:
        return options.parse(self.cleaned_data["axes"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.shop_page = shop_page_in(self.language)
        if self.shop_page is None:
            raise ValidationError(_("There is no shop page in this language yet: make one first."))
        if not self.shop_page.permissions_for_user(self.by).can_add_subpage():
            raise ValidationError(_("You may not add products there."))
        return cleaned

    def keep_picture(self) -> Photo | None:
        """Keep what was uploaded even when the rest was wrong: a browser sends a file only once."""
        upload = self.cleaned_data.get("upload")
        if isinstance(upload, UploadedFile):
            title = self.cleaned_data.get("name") or upload.name or "photo"
            collection = Collection.get_first_root_node()
            made = Photo(title=title, file=upload, uploaded_by_user=self.by, collection=collection)
            made.save()
            self.cleaned_data["kept"] = made
            self.data = {**self.data.dict(), self.add_prefix("kept"): str(made.pk)}  # type: ignore[attr-defined]
        return self.cleaned_data.get("kept")

    @property
    def picture(self) -> Photo | None:
        """The picture that is kept already, to show it."""
        return self.cleaned_data.get("kept") if self.is_bound and hasattr(self, "cleaned_data") else None

    def save(self) -> ProductPage:
        """Make it; the same form again gives the same page."""
        typed = self.cleaned_data
        new = making.NewProduct(
            name=typed["name"], amount=typed["price"], units=typed["units"], tax_code=typed["tax_code"],
            token=typed["token"], photo=typed.get("kept"), axes=typed["axes"], summary=typed["summary"],
        )  # fmt: skip
        assert self.shop_page is not None  # noqa: S101 - clean() has seen to it
        return making.make(new, self.shop_page, by=self.by)
