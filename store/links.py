"""Links to an order without signing in: signed, expiring, with nothing personal in them."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from store.models import Order

SALT = "store.order-link"
VALID = timedelta(days=60)
_signer = signing.TimestampSigner(salt=SALT, sep=".")


class BadLink(Exception):
    """Not one of ours, or no such order."""


class ExpiredLink(Exception):
    """Ours, but too old; `number` is the order's."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


def sign(order: Order) -> str:
    """The order's number with time and signature."""
    return _signer.sign(order.number)


def order_url(order: Order) -> str:
    """The whole address of the order's page, in the order's language."""
    return absolute("store:order", sign(order), locale=order.locale)


def absolute(name: str, *args: object, locale: str) -> str:
    """The whole address of one of our pages in a language, for mails."""
    with translation.override(locale):
        return f"{settings.BASE_URL}{reverse(name, args=args)}"


def read(signed: str) -> Order:
    """The order of a signed link. Raises ExpiredLink and BadLink."""
    try:
        number = _signer.unsign(signed, max_age=VALID)
    except signing.SignatureExpired as error:
        raise ExpiredLink(_signer.unsign(signed)) from error
    except signing.BadSignature as error:
        raise BadLink from error
    try:
        return Order.objects.select_related("shop", "terms", "delivery_method").get(number=number)
    except Order.DoesNotExist as error:
        raise BadLink from error
