"""How long what is known of people is kept: the only place that names a period. The privacy page tells these figures."""

from datetime import datetime, timedelta

BASKET = timedelta(days=90)
"""A basket that nobody touches."""
LIMITS = timedelta(days=2)
"""Addresses of the network, counted against abuse."""
UNPAID = timedelta(days=90)
"""Who placed an order that was never paid."""
DELIVERY = timedelta(days=90)
"""Phone and word of the buyer, once nothing is left to send."""
NOTICES = timedelta(days=90)
"""Notices from Stripe that were handled."""
ANSWERS = timedelta(days=30)
"""What guests answered for a meeting, and who waited for one, once it is over."""
GUESTS = timedelta(days=3 * 365)
"""Names and addresses on seats, after the meeting (CNIL: three years after the last contact)."""
CONTRACT = timedelta(days=5 * 365 + 1)
"""Proof of what was agreed or declared: appointments, withdrawals, ends of contracts (C. civ. 2224)."""
IDLE = timedelta(days=2 * 365)
"""An account that nobody uses (CNIL)."""
WARNING = timedelta(days=30)
"""Between the mail that warns and the erasure of an idle account."""
ACCOUNTING_YEARS = 10
"""Paid orders, from the end of the year they were paid in (C. com. L123-22)."""


def accounts_since(now: datetime) -> datetime:
    """Orders paid before that moment are no accounts any more."""
    start = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return start.replace(year=now.year - ACCOUNTING_YEARS)


def accounts_until(paid_at: datetime) -> int:
    """The last year to whose end an order that was paid then is kept."""
    return paid_at.year + ACCOUNTING_YEARS
