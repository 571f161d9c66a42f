"""The parameters of a Checkout Session, written down with the attempt before Stripe is asked (stripe.com/docs/api)."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from store.models import Attempt, Order

DELAYED = ("sepa_debit",)


def params(order: Order, attempt: Attempt) -> dict[str, Any]:
    """Parameters of the Checkout Session. Ids only, no personal data but the e-mail that Stripe's form needs."""
    metadata = {"order": str(order.token), "attempt": str(attempt.public_id)}
    recurs = order.lines.exclude(offer__interval="").exists()
    found: dict[str, Any] = {
        "mode": "subscription" if recurs else "payment",
        "ui_mode": "hosted_page" if attempt.is_hosted else "embedded_page",
        "locale": order.locale if order.locale in {"fr", "en"} else "auto",
        "client_reference_id": str(attempt.public_id),
        "expires_at": int(attempt.expires_at.timestamp()),
        "line_items": _items(order),
        "metadata": metadata,
        "adaptive_pricing": {"enabled": False},
        **_carried(order, metadata, recurs=recurs),
        **_customer(order, recurs=recurs),
        **_asked(order),
        **_methods(order),
    }  # fmt: skip
    with translation.override(order.locale):
        back = f"{settings.BASE_URL}{reverse('store:return')}?session_id={{CHECKOUT_SESSION_ID}}"
        resume = f"{settings.BASE_URL}{reverse('store:resume', args=[order.token])}"
    if attempt.is_hosted:
        return {**found, "success_url": back, "cancel_url": resume}
    return {**found, "return_url": back, "redirect_on_completion": "if_required"}


def _carried(order: Order, metadata: dict[str, str], *, recurs: bool) -> dict[str, Any]:
    """What the payment, or the subscription, carries of us: a session's own metadata stay with it."""
    told = {"metadata": metadata, "description": f"{order.seller.get('name', '')} {order.number}".strip()}
    return {"subscription_data": told} if recurs else {"payment_intent_data": told}


def _customer(order: Order, *, recurs: bool) -> dict[str, Any]:
    """A known buyer's saved card may serve again; of a guest only the e-mail is known, or not even that.

    What recurs keeps its card without asking, and makes its customer by itself.
    """
    if order.user and order.user.stripe_customer and recurs:
        return {"customer": order.user.stripe_customer}
    if order.user is None or recurs:
        return {"customer_email": order.email} if order.email else {}
    saved = {"saved_payment_method_options": {"payment_method_save": "enabled"}}
    if order.user.stripe_customer:
        return {"customer": order.user.stripe_customer, **saved}
    return {"customer_email": order.email, "customer_creation": "always", **saved}


def _asked(order: Order) -> dict[str, Any]:
    """What Stripe's form must ask, where the recap did not (store.lane); `orders` takes it in with the payment."""
    if order.needs_shipping and not order.is_pickup and not order.line1:
        return {"shipping_address_collection": {"allowed_countries": [order.country]}}
    return {} if order.name else {"name_collection": {"individual": {"enabled": True}}}


def _methods(order: Order) -> dict[str, Any]:
    """A seat or an hour does not wait days for its money: no method that settles later."""
    held = (line.offer.sellable for line in order.lines.select_related("offer"))
    if any(sellable and sellable.excludes_delayed for sellable in held):
        return {"excluded_payment_method_types": list(DELAYED)}
    return {}


def _items(order: Order) -> list[dict[str, Any]]:
    """One Stripe line for each of ours, and delivery as a line of its own, in both modes."""
    currency = order.currency.lower()

    def item(name: str, unit: int, quantity: int, sku: str, interval: str = "") -> dict[str, Any]:
        product: dict[str, Any] = {"name": name[:250], "metadata": {"sku": sku} if sku else {"sku": "-"}}
        price: dict[str, Any] = {"currency": currency, "unit_amount": unit, "product_data": product}
        if interval:
            price["recurring"] = {"interval": interval}
        return {"quantity": quantity, "price_data": price}

    lines = order.lines.select_related("offer")
    items = [item(row.title, row.unit_amount, row.quantity, row.sku, row.offer.interval) for row in lines]
    if order.shipping_amount:
        items.append(item(order.delivery_label or "–", order.shipping_amount, 1, "delivery"))
    return items
