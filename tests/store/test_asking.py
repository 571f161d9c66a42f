"""What the kinds' forms say is kept as JSON keeps it."""

from datetime import UTC, date, datetime
from decimal import Decimal

from store import asking


def test_moments_days_and_amounts_are_text():
    said = {"day": date(2026, 12, 3), "at": datetime(2026, 12, 3, 9, tzinfo=UTC), "price": Decimal("4.50"), "n": 2}
    assert asking.plain(said) == {"day": "2026-12-03", "at": "2026-12-03T09:00:00Z", "price": "4.50", "n": 2}


def test_nothing_chosen_is_nothing():
    assert (asking.chosen(None), asking.raw(None)) == ({}, {})
