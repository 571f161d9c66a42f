"""Orders of buyers who speak another language, made ready to be shown in the owner's: one query for each kind of thing."""

from collections.abc import Iterable

from store.models import Order
from store.models.offer import attach_sellables
from store.models.order import language

LINES = "lines__offer"  # what the orders must be prefetched with


def prepare(orders: Iterable[Order]) -> None:
    """Fill what `shown_title` asks for, on the lines themselves and on those of parcels and refunds."""
    found = list(orders)
    foreign = [order for order in found if not order.is_told_in(language())]
    attach_sellables(line.offer for order in foreign for line in order.lines.all())
    for order in found:
        lines = {line.pk: line for line in order.lines.all()}
        held = getattr(order, "_prefetched_objects_cache", {})
        parts = [part for name in ("parcels", "refunds") if name in held for part in held[name]]
        for row in (row for part in parts for row in part.lines.all()):
            row.line = lines[row.line_id]
