"""Money is an integer in minor units with a currency code; only this module turns it into words and back."""

import re
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

LARGEST = 99_999_999
# The least that a card payment may come to, in minor units, where it is not 50: docs.stripe.com/currencies,
# "Minimum and maximum charge amounts". Nothing to pay at all is allowed.
LEAST = {
    "AED": 200, "BGN": 100, "CZK": 1500, "DKK": 250, "GBP": 30, "HKD": 400, "HUF": 17_500, "MXN": 1000, "MYR": 200,
    "NOK": 300, "PLN": 200, "RON": 200, "SEK": 300, "THB": 1000,
}  # fmt: skip
SPACES = re.compile(r"[\s\u00a0\u202f]")
# Few enough digits for exact arithmetic, no exponent, no words such as NaN.
PLAIN = re.compile(r"(?=\.?[0-9])[0-9]{0,12}\.?[0-9]{0,12}")


def exponent(currency: str) -> int:
    """Digits after the point: 2 for EUR, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


def least(currency: str) -> int:
    """The smallest amount that can be paid by card, in minor units."""
    return LEAST.get(currency, 50)


def is_too_little(amount: int, currency: str) -> bool:
    """More than nothing, and less than can be paid by card."""
    return 0 < amount < least(currency)


def to_decimal(amount: int, currency: str) -> Decimal:
    """4690 EUR -> Decimal('46.90'), for feeds and structured data."""
    return Decimal(amount).scaleb(-exponent(currency))


def text(amount: int, currency: str, locale: str | None = None) -> str:
    """4690 EUR -> "46,90 €" in French (no-break spaces), "€46.90" in English."""
    language = (locale or get_language() or "fr").split("-")[0]
    return str(format_currency(to_decimal(amount, currency), currency, locale=language)).replace("\u202f", "\u00a0")


def typed(amount: int | None, currency: str) -> str:
    """4690 -> "46,90" in French, "46.90" in English, to be typed over; None -> nothing."""
    if amount is None:
        return ""
    plain = str(to_decimal(amount, currency))
    return plain if (get_language() or "fr").startswith("en") else plain.replace(".", ",")


def parse(typed: str, currency: str) -> int:
    """ "46,90", "46.90 €" or "1 046,9" -> minor units. Raises ValidationError with words for the typist."""
    cleaned = SPACES.sub("", typed).replace("€", "").upper().replace(currency, "").replace(",", ".")
    value = Decimal(cleaned).scaleb(exponent(currency)) if PLAIN.fullmatch(cleaned) else Decimal(-1)
    if value != value.to_integral_value() or not 0 <= value <= LARGEST:
        raise ValidationError(_("Type a price such as 46.90."))
    return int(value)


def included_tax(amount: int, rate_bp: int) -> int:
    """The VAT contained in an amount; `rate_bp` 2000 is 20 %. Rounded half up, once per line."""
    return (2 * amount * rate_bp + 10_000 + rate_bp) // (2 * (10_000 + rate_bp))


def share(amount: int, weights: list[int]) -> list[int]:
    """Split an amount in proportion to weights, by largest remainder: the parts sum to the whole."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in rest[: amount - sum(parts)]:
        parts[i] += 1
    return parts
