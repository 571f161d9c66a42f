"""The room as a row of chairs: those that are taken filled, those that are free in outline. Reads only."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from events.models import Event
from store.models import Stock

MOST = 60
"""A larger room is said in words: nobody counts more chairs."""
PER_ROW, WIDE, HIGH = 12, 24, 34
CHAIR = "h5v11h11v15h-5v-10h-6v10h-5z"
"""From the side, its back to the left; from the top of the back."""


def of(event: Event) -> dict[str, Any] | None:
    """{code, words}: drawn and said; None where nobody is to sit there any more, or the room has no end."""
    if not event.room_id or not event.capacity or event.is_cancelled or event.is_over():
        return None
    free = min(max(Stock.objects.left([event.room_id])[event.room_id].free, 0), event.capacity)
    said = words(free, event.capacity)
    return {"words": said, "code": svg(free, event.capacity, said) if event.capacity <= MOST else ""}


def words(free: int, places: int) -> str:
    """ "3 chairs left of 12"."""
    if not free:
        return ngettext("The only chair is taken", "All %(n)s chairs are taken", places) % {"n": places}
    given = {"free": free, "n": places}
    if free == places:
        return ngettext("%(n)s chair, free", "%(n)s chairs, all free", places) % given
    return ngettext("%(free)s chair of %(n)s is free", "%(free)s chairs of %(n)s are free", free) % given


def svg(free: int, places: int, label: str) -> SafeString:
    """One path for the chairs that are taken and one for those that are free, in rows."""
    across = min(places, PER_ROW)
    down = -(-places // across)
    taken = places - free
    return format_html(
        '<svg class="chairs" viewBox="0 0 {} {}" width="{}" role="img" aria-label="{}">'
        '<path class="chairs__taken" d="{}"/><path class="chairs__free" d="{}"/></svg>',
        across * WIDE, down * HIGH, across * WIDE, label, _path(range(taken)), _path(range(taken, places)),
    )  # fmt: skip


def _path(numbers: range) -> str:
    return "".join(f"M{number % PER_ROW * WIDE + 4} {number // PER_ROW * HIGH + 4}{CHAIR}" for number in numbers)
