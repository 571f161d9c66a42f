"""From the order's own page to Stripe's page where a card is put right. A POST behind the order's signed link."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import limits
from store import gateway, links, subscriptions, words
from store.exceptions import StripeRefused, StripeUnavailable
from store.views import tracking

IN_AN_HOUR = 10


@require_POST
@never_cache
def card(request: HttpRequest, signed: str) -> HttpResponse:
    """Made on the click, for it lives a few minutes; whoever holds the order's link may put its card right."""
    try:
        found = links.read(signed)
    except (links.ExpiredLink, links.BadLink) as error:
        raise Http404 from error
    row = subscriptions.of_order(found)
    if row is None or not row.customer or not row.is_alive:
        raise Http404
    keys = [f"ip:{limits.address_of(request)}", f"order:{found.pk}"]
    try:
        limits.spend("portal", keys, limit=IN_AN_HOUR, seconds=3600)
        return HttpResponseRedirect(gateway.portal(row.customer, links.order_url(found)), status=303)
    except limits.TooMany as error:
        return tracking.page(request, found, signed, error=words.explain(error), status=429)
    except (StripeUnavailable, StripeRefused) as error:
        return tracking.page(request, found, signed, error=words.explain(error), status=503)
