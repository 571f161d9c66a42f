"""What seldom changes and every page needs (menus, where the journal stands), held in process memory for a few seconds.

A change made in this process is seen at once, in others within TTL. Never hold what costs money or guards a door.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

TTL = 5.0
MOST = 500
Held = TypeVar("Held")
_rows: dict[Hashable, tuple[float, object]] = {}
_watched: set[type[Any]] = set()


def get(key: Hashable, make: Callable[[], Held]) -> Held:  # noqa: UP047 - mypy's plugin reads this form
    """What is held under `key`, made anew when it is older than TTL. Treat it as read-only."""
    row = _rows.get(key)
    if row is None or time.monotonic() - row[0] > TTL:
        if len(_rows) >= MOST:
            _rows.clear()
        row = (time.monotonic(), make())
        _rows[key] = row
    return cast("Held", row[1])


def watch(*models: type[Any]) -> None:
    """Saving or deleting one of these forgets everything."""
    _watched.update(models)


def forget() -> None:
    """Ask the database anew from now on."""
    _rows.clear()


@receiver([post_save, post_delete])
def forget_on_change(sender: type[Any], **_kwargs: Any) -> None:
    """Compares with all parents too: saving an article saves a page."""
    if any(issubclass(sender, model) for model in _watched):
        forget()
