"""What must be true of all apps together."""

from collections.abc import Iterator

from home import privacy
from store.verify import Check, checked


def checks() -> Iterator[Check]:
    """Each invariant with its breaches, one after the other."""
    yield checked("people", "who was erased is forgotten", privacy.not_forgotten)
