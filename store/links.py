"""Signed, expiring links to an order: no login, no personal data in the address."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from store.models import Order

SALT = "order-link"
DAYS = 60


def order_url(order: Order) -> str:
    """The absolute address of the order's own page, good for 60 days, in the order's language."""
    signed = signing.dumps(order.token.hex, salt=SALT)
    with translation.override(order.locale):
        return f"{settings.BASE_URL}{reverse('store:order', args=[signed])}"


def read(signed: str) -> Order | None:
    """The order behind a link; None for a link that is false or too old."""
    try:
        token = signing.loads(signed, salt=SALT, max_age=DAYS * 86400)
    except signing.BadSignature:
        return None
    return Order.objects.filter(token=token).first()
