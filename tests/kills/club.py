"""What happens to members, each by one word and one key, and the steps at which a process may die in it."""

from collections.abc import Callable
from typing import Any


def places() -> dict[str, tuple[Any, str, str]]:
    """{step: (module, function, before or after it)}."""
    from home import privacy
    from members import joining
    from members import privacy as club
    from store import privacy as payments

    behind = "after"
    return {
        "card given": (joining, "grant", behind),
        "card taken back": (joining, "revoke", behind),
        "payments ended": (payments, "end_payments", behind),
        "club forgotten": (club, "erase", behind),
        "person erased": (privacy, "erase", behind),
    }


def erase(key: str) -> None:
    from home import privacy
    from members.models import User

    privacy.erase(User.objects.get(pk=key))


def pay_back(key: str) -> None:
    """All of an order, by its owner."""
    from store import refunds
    from store.models import Order

    order = Order.objects.get(pk=key)
    refunds.start(order, refunds.everything(order))


ACTS: dict[str, Callable[[str], Any]] = {"erase": erase, "pay back": pay_back}
