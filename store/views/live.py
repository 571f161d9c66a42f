"""Price and stock of a page's offers, now: public, cheap, and without a session."""

from django.http import HttpRequest, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_GET

from store import kinds, offers
from store.models import Offer
from store.models.offer import attach_sellables

MOST = 60
DIGITS = 19


@require_GET
def live(request: HttpRequest) -> JsonResponse:
    """`?o=3,7,12&l=fr` -> {"offers": {"3": {"price", "amount", "state", "text", "max"}}}. At most 60 offers, no drafts."""
    ids = keys(request.GET.get("o", ""))
    language = "en" if request.GET.get("l") == "en" else "fr"
    with translation.override(language):
        found = list(Offer.objects.filter(pk__in=ids).exclude(state=Offer.State.DRAFT))
        attach_sellables(offer for offer in found if offer.kind_id in kinds.with_a_state())
        batch = offers.load(found, language, with_prior=False) if found else None
        rows = {str(offer.pk): _row(offers.choice(offer, "", batch)) for offer in found} if batch else {}
    response = JsonResponse({"offers": rows})
    response.is_public = True  # type: ignore[attr-defined]
    return response


def keys(text: str) -> list[int]:
    """ "3,7,12" as keys; what is none is left out."""
    parts = text.split(",")
    return sorted({int(part) for part in parts if len(part) < DIGITS and part.isascii() and part.isdigit()})[:MOST]


def _row(choice: offers.OfferChoice) -> dict[str, object]:
    return {
        "price": choice.price_text,
        "amount": choice.amount,
        "state": choice.state,
        "text": choice.state_text,
        "max": choice.max_quantity,
        "club": choice.club_text,
    }
