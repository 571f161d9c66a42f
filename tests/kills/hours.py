"""What customers do with appointments, each by one word and one key, and the steps at which a process may die in it."""

from collections.abc import Callable
from typing import Any


def places() -> dict[str, tuple[Any, str, str]]:
    """{step: (module, function, before or after it)}."""
    from events import coaching, prepaid

    behind = "after"
    return {
        "time held": (coaching, "hold", behind),
        "time booked": (coaching, "book", behind),
        "time moving": (coaching, "_take", behind),
        "time moved": (coaching, "move", behind),
        "time ending": (coaching, "release", behind),
        "time ended": (coaching, "cancel", behind),
        "hours granted": (prepaid, "grant", behind),
        "hour used": (prepaid, "take", behind),
        "hour returned": (prepaid, "give_back", behind),
    }


def on_credit(key: str) -> None:
    """An appointment that a credit pays for."""
    from events.models import Credit
    from tests import factories

    factories.hour_on_credit(Credit.objects.get(pk=key))


def move(key: str) -> None:
    """Three hours later."""
    from events import coaching
    from events.models import Booking
    from tests import factories

    coaching.move(Booking.objects.get(pk=key), factories.slot(hour=15))


def cancel(key: str) -> None:
    """By its customer."""
    from events import coaching
    from events.models import Booking

    coaching.cancel(Booking.objects.get(pk=key))


ACTS: dict[str, Callable[[str], Any]] = {"hour on credit": on_credit, "move hour": move, "cancel hour": cancel}
