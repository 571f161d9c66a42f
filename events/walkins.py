"""Somebody comes without a seat: the door sells one through the shop's own checkout."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import money, qr
from events import door
from events.models import Event, Seat
from members import card
from store import cart, checkout, fulfilment, links, words
from store.exceptions import REFUSALS
from store.models import Cart, Order


def take(event: Event, who: dict[str, Any], *, locale: str, by: Any) -> dict[str, Any]:
    """A seat for one guest, at the price of the club's card that they show. Free: they are in. Paid: the address at which their phone pays, and its QR code.

    May run twice: the phone's `key` and the guest are the order's own, so that asking again gives the same seat.
    The answer has `seat`, or `pay_url` and `qr`, or `error` in words. A paid seat is checked in once it is paid.
    """
    try:
        order = _order(who, locale)
    except REFUSALS as error:
        return {"error": words.explain(error)}
    if order.paid_at:
        fulfilment.fulfil(order.pk)
        seat = Seat.objects.taken().get(line__order=order)
        door.check_in(seat, key=f"walk-in:{order.token}", by=by)
        return {"seat": seat.pk}
    url = links.absolute("store:resume", order.token, locale=locale)
    return {"pay_url": url, "qr": qr.svg(url, url), "amount": money.text(order.total, order.currency, locale)}


@transaction.atomic
def _order(who: dict[str, Any], locale: str) -> Order:
    """One seat, ordered in the guest's name; its payment is written down and opened by whoever follows the link."""
    offer = who["ticket"].offer
    key = uuid.uuid5(who.get("key") or uuid.uuid4(), f"{offer.pk}:{who['email'].lower()}")
    basket, is_new = Cart.objects.get_or_create(token=key, defaults={"shop": offer.shop, "is_direct": True})
    if not is_new:
        return Order.objects.for_shop(offer.shop).filter(cart=basket).latest("pk")
    cart.add(basket, offer, 1)
    buyer = checkout.Buyer(
        email=who["email"].lower(), name=who["name"], locale=locale, consents={"door": str(timezone.now())},
        audiences=card.audiences(who.get("card") or ""),
    )  # fmt: skip
    wanted = checkout.wishes(basket)
    found = checkout.draft(offer.shop, wanted, country=buyer.country, audiences=buyer.audiences)
    return checkout.start(basket, buyer, shown_total=found.total, hosted=True)
