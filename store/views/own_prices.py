"""What a member pays of the offers on a page: private, beside the page that is the same for everybody."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import money
from store import pricing, selling
from store.models import Offer
from store.views.live import keys


def told(request: HttpRequest) -> dict[str, Any]:
    """{"prices": {offer pk: words}} of the offers `?o=` names where this person pays less; nothing for who has no audience."""
    audiences = selling.audiences(request.user)
    asked = keys(request.GET.get("o", "")) if audiences else []
    if not asked:
        return {}
    found = Offer.objects.filter(pk__in=asked, state=Offer.State.LIVE).select_related("shop")
    mine = pricing.quotes(found, audiences)
    return {"prices": {str(pk): _words(quote) for pk, quote in mine.items() if quote.audience}}


def _words(quote: pricing.Quote) -> str:
    return _("Your price: %(price)s") % {"price": money.text(quote.unit, quote.currency)}
