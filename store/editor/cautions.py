"""What may be done and is seldom meant: the owner is told after it is saved."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin import messages

from core import money


def of_price(request: HttpRequest, amount: int | None, currency: str) -> None:
    """A price (minor units) that no card can pay by itself; with delivery or other things it can."""
    if amount is not None and money.is_too_little(amount, currency):
        words = _(
            "%(price)s is less than a card can pay, which is %(least)s: alone, without delivery, it cannot be bought."
        )
        texts = {"price": money.text(amount, currency), "least": money.text(money.least(currency), currency)}
        messages.warning(request, words % texts)
