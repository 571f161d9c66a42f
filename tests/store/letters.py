"""Orders in each state and the mails about them, without Stripe: what it would say is handed in."""

import re
from email.message import EmailMessage
from typing import Any

from django.core import mail as outgoing

from store import fulfilment, gateway, orders
from store.models import Order, Parcel
from tests import factories


def settle(order: Order, *, status: str = "complete", payment: str = "paid") -> Order:
    """Bring the order to what Stripe would say of its session."""
    attempt = order.attempts.latest("number")
    said = gateway.Settlement(
        session_id=f"cs_{attempt.pk}", status=status, payment_status=payment, amount=attempt.amount,
        currency=attempt.currency, livemode=False, reference=str(attempt.public_id), intent_id=f"pi_{attempt.pk}",
        intent_status="succeeded" if payment == "paid" else "processing", customer=None, url=None, client_secret=None,
    )  # fmt: skip
    orders.settle_attempt(attempt.pk, said)
    order.refresh_from_db()
    return order


def paid(**fields: Any) -> Order:
    """A paid order of one thing, in English unless said otherwise."""
    return settle(factories.order(**{"locale": "en", **fields}))


def packed(order: Order) -> Parcel:
    """Its first parcel."""
    fulfilment.fulfil(order.pk)
    return order.parcels.get()


def sent(order: Order) -> Parcel:
    """Its only parcel, on its way."""
    parcel = packed(order)
    fulfilment.ship(parcel, carrier="La Poste", tracking="6A1")
    parcel.refresh_from_db()
    order.refresh_from_db()
    return parcel


def subjects() -> list[str]:
    """Of all mails so far."""
    return [message.subject for message in outgoing.outbox]


def html(message: Any) -> str:
    """The HTML part."""
    found: EmailMessage = message.message()
    body = found.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def flat(text: str) -> str:
    """With plain spaces, for comparing."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)
