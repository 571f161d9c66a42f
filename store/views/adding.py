"""What the page before the basket shows where no script runs: the thing, its price, how many, and the way back."""

from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.models import Photo
from store import offers
from store.forms import AddToCart
from store.models import Offer, ProductPage


def shown(form: AddToCart, choice_form: Form | None = None) -> dict[str, Any]:
    """The offer of a valid form as it stands now."""
    offer, quantity = form.cleaned_data["offer"], form.cleaned_data["quantity"]
    locale = offers.language()
    choice = offers.choice(offer, "", offers.load([offer], locale))
    page = offer.sellable.page_in(locale) if offer.sellable else None
    return {
        "offer": offer, "choice": choice, "quantity": min(quantity, max(choice.max_quantity, 1)),
        "title": offer.sellable.title(locale) if offer.sellable else "",
        "image": _picture(offer, page), "form": choice_form, "back": _back(form.cleaned_data["source"], page),
        "source": form.cleaned_data["source"] or "",
    }  # fmt: skip


def _picture(offer: Offer, page: Page | None) -> Photo | None:
    """The page's first, else what the kind shows of itself."""
    if isinstance(page, ProductPage):
        return offers.picture(page)
    return offer.sellable.picture() if offer.sellable else None


def _back(source: int | None, page: Page | None) -> dict[str, str]:
    """Where the reader came from, else the product's own page, else the basket."""
    read = Page.objects.live().filter(pk=source).first() if source else None
    place = read or page
    if place is None:
        return {"title": _("Your basket"), "url": reverse("store:cart")}
    return {"title": place.title, "url": place.url or ""}
