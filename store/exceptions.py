"""Facts that stop a sale. Verbs raise them with the object; views turn them into words."""

from datetime import datetime
from typing import Any


class CannotBeSold(Exception):
    """Not like this: `reason` is a short code (closed, gone, scheduled, archived, too_many, shop_closed …).

    `said`: the whole sentence for the buyer, where a kind has a reason of its own.
    """

    def __init__(self, offer: Any, reason: str, said: str = "") -> None:
        super().__init__(f"offer {getattr(offer, 'pk', None)}: {reason}")
        self.offer = offer
        self.reason = reason
        self.said = said


class OutOfStock(Exception):
    """Fewer units are free than asked for. `free` is how many; `retry_at` (UTC) is set when others pay for them now."""

    def __init__(self, offer: Any, free: int, retry_at: datetime | None = None) -> None:
        super().__init__(f"offer {getattr(offer, 'pk', None)}: {free} left")
        self.offer = offer
        self.free = free
        self.retry_at = retry_at


class PriceChanged(Exception):
    """The total is not the one that the buyer was shown; amounts in minor units."""

    def __init__(self, shown: int, total: int) -> None:
        super().__init__(f"{shown} -> {total}")
        self.shown = shown
        self.total = total


class ShopClosed(Exception):
    """Nothing can be bought now; `missing` says what the owner has still to fill in (may be empty)."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = missing


class TooLittle(Exception):
    """The total is more than nothing and less than `least`, which a card payment must come to; in minor units."""

    def __init__(self, total: int, least: int, currency: str) -> None:
        super().__init__(f"{total} < {least} {currency}")
        self.total = total
        self.least = least
        self.currency = currency


class NoDelivery(Exception):
    """No method reaches that place with these goods."""


REFUSALS = (CannotBeSold, NoDelivery, OutOfStock, PriceChanged, ShopClosed, TooLittle)
"""What may stop an order before Stripe is asked; `store.words` says each to the buyer."""


class StripeUnavailable(Exception):
    """Stripe did not answer, or answered that it is unwell: the outcome is unknown, the call may be repeated."""


class StripeRefused(Exception):
    """Stripe said no; `code` and `param` are Stripe's own."""

    def __init__(self, message: str, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.param = param
