"""What an order is promised: its pools' units, and what its kinds hold themselves. Verbs of `stock`, and the kinds' own."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from store import stock
from store.exceptions import CannotBeSold, OutOfStock
from store.models import Order, OrderLine, Sellable
from store.models.offer import attach_sellables


@transaction.atomic
def hold(lines: Collection[OrderLine], *, ask_at: datetime) -> None:
    """Take all that these lines need or nothing; raises OutOfStock or CannotBeSold. May run twice."""
    stock.hold(lines, ask_at=ask_at)
    for line, sellable in behind(lines):
        sellable.hold(line, ask_at=ask_at)


@transaction.atomic
def keep(order: Order) -> None:
    """Paid: all that was held is sold. May run twice."""
    stock.keep(order)
    for line, sellable in behind(order.lines.select_related("offer")):
        sellable.keep(line)


@transaction.atomic
def release(order: Order) -> None:
    """It will not be paid: all that was held is free. May run twice."""
    stock.release(order)
    for line, sellable in behind(order.lines.select_related("offer")):
        sellable.release(line)


def hold_late(order: Order, *, ask_at: datetime) -> list[int]:
    """Hold anew what is free, line by line; returns the keys of the lines that got nothing."""
    short = []
    for line in order.lines.select_related("offer").order_by("pk"):
        try:
            hold([line], ask_at=ask_at)
        except (OutOfStock, CannotBeSold):
            short.append(line.pk)
    return short


def behind(lines: Iterable[OrderLine]) -> list[tuple[OrderLine, Sellable]]:
    """The lines in key order with what they sell; one query for each kind."""
    rows = sorted(lines, key=lambda line: line.pk)
    attach_sellables([line.offer for line in rows])
    return [(line, line.offer.sellable) for line in rows if line.offer.sellable]
