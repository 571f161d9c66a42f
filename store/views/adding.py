"""What the page before the basket shows where no script runs: the thing, its price, how many, and the way back."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from store import offers
from store.forms import AddToCart


def shown(form: AddToCart) -> dict[str, Any]:
    """The offer of a valid form as it stands now."""
    offer, quantity = form.cleaned_data["offer"], form.cleaned_data["quantity"]
    locale = offers.language()
    choice = offers.choice(offer, "", offers.load([offer], locale))
    product = getattr(offer.sellable, "product", None)
    page = product.page_in(locale) if product else None
    return {
        "offer": offer, "choice": choice, "quantity": min(quantity, max(choice.max_quantity, 1)),
        "title": offer.sellable.title(locale) if offer.sellable else "",
        "image": offers.picture(page) if page else None, "back": _back(form.cleaned_data["source"], page),
        "source": form.cleaned_data["source"] or "",
    }  # fmt: skip


def _back(source: int | None, page: Page | None) -> dict[str, str]:
    """Where the reader came from, else the product's own page, else the basket."""
    read = Page.objects.live().filter(pk=source).first() if source else None
    place = read or page
    if place is None:
        return {"title": _("Your basket"), "url": reverse("store:cart")}
    return {"title": place.title, "url": place.url or ""}
