"""What recurs, on the order's own page: another card, an end, going on after all. POSTs behind the order's signed link."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import limits
from store import gateway, links, subscriptions, words
from store.exceptions import StripeRefused, StripeUnavailable
from store.models import Order, Subscription
from store.views import tracking

IN_AN_HOUR = 20


@require_POST
@never_cache
def subscription(request: HttpRequest, signed: str) -> HttpResponse:
    """Whoever holds the order's link may: `do` is card, end or resume."""
    try:
        found = links.read(signed)
    except (links.ExpiredLink, links.BadLink) as error:
        raise Http404 from error
    row = subscriptions.of_order(found)
    if row is None or not row.is_alive:
        raise Http404
    keys = [f"ip:{limits.address_of(request)}", f"order:{found.pk}"]
    try:
        limits.spend("subscription", keys, limit=IN_AN_HOUR, seconds=3600)
        return HttpResponseRedirect(_done(request.POST.get("do", ""), row, found), status=303)
    except limits.TooMany as error:
        return tracking.page(request, found, signed, error=words.explain(error), status=429)
    except (StripeUnavailable, StripeRefused) as error:
        return tracking.page(request, found, signed, error=words.explain(error), status=503)


def _done(what: str, row: Subscription, order: Order) -> str:
    """Do it, and say where to go. Stripe's page lives a few minutes: it is made on the click."""
    back = links.order_url(order)
    if what == "card" and row.customer:
        return gateway.portal(row.customer, back)
    verbs = {"end": subscriptions.cancel, "resume": subscriptions.resume}
    if what in verbs and verbs[what](row):
        subscriptions.notify(row)
    return back
