"""Baskets, buyers and orders, all through the shop's own verbs."""

from typing import Any

from core.models import Shop
from store import cart as carts
from store import checkout
from store.models import Cart, Offer, Order
from tests.factories.goods import offer as new_offer

PERSON = {
    "email": "lea@example.org", "name": "Léa Martin", "line1": "12 rue des Lilas", "postcode": "75011", "city": "Paris",
}  # fmt: skip


def buyer(**fields: Any) -> checkout.Buyer:
    """Somebody in Paris without an account."""
    return checkout.Buyer(**{**PERSON, **fields})


def basket(
    *offers: Offer, quantity: int = 1, shop: Shop | None = None, page_id: int | None = None, **fields: Any
) -> Cart:
    """A basket with `quantity` of each of these offers; without any, one new offer."""
    wanted = offers or (new_offer(),)
    cart = Cart.objects.create(shop=shop or wanted[0].shop, **fields)
    for wish in wanted:
        carts.add(cart, wish, quantity, page_id=page_id)
    return cart


def order(cart: Cart | None = None, *, hosted: bool = False, **fields: Any) -> Order:
    """A placed order with its units held and its attempt written down; Stripe has not been asked."""
    cart = cart or basket()
    who = buyer(**fields)
    shown = checkout.draft(cart.shop, checkout.wishes(cart), country=who.country, method_id=who.method_id).total
    return checkout.start(cart, who, shown_total=shown, hosted=hosted)


def paid(standin: Any, cart: Cart | None = None, **fields: Any) -> Order:
    """An order paid at the stand-in and settled, as the return page does it."""
    from store import reconciling

    placed = order(cart, **fields)
    attempt = placed.attempts.get()
    session = checkout.open_attempt(attempt)
    standin.outcome(session.session_id, "paid")
    reconciling.attempt(attempt.pk, by="test")
    placed.refresh_from_db()
    return placed
