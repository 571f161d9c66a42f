"""The only writer of Stock, StockMove and Hold. Nothing scarce is promised outside `hold`."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from core.models import Shop
from store.exceptions import OutOfStock
from store.models import Hold, Left, Offer, Order, OrderLine, Stock, StockMove

LIVE = (Hold.State.RESERVED, Hold.State.KEPT)


@transaction.atomic
def hold(lines: Iterable[OrderLine], *, ask_at: datetime) -> None:
    """Reserve all units of these lines or none. Lines that have a live hold keep it: a second call changes nothing.

    Locks every offer, then every pool in key order, counts, inserts; raises OutOfStock with what is left.
    """
    lines = list(lines)
    lock_offers(line.offer_id for line in lines)
    wanted = _wanted(lines)
    pools = {pool.pk: pool for pool in Stock.objects.filter(pk__in={pk for pk, _line in wanted}).locked()}
    left = Stock.objects.left(list(pools))
    have = set(
        Hold.objects.filter(line__in=[line for _pk, line in wanted], state__in=LIVE).values_list("stock", "line")
    )
    asked: dict[int, int] = defaultdict(int)
    fresh = [(pk, line) for pk, line in wanted if (pk, line.pk) not in have]
    for pk, line in fresh:
        asked[pk] += line.quantity
        _require(asked[pk], left[pk], line.offer)
    Hold.objects.bulk_create(Hold(stock_id=pk, line=line, quantity=line.quantity, ask_at=ask_at) for pk, line in fresh)


@transaction.atomic
def lock_offers(offer_ids: Iterable[int]) -> None:
    """Which pools these offers are sold from stands until the transaction ends. In key order, and before any pool."""
    rows = Offer.objects.filter(pk__in=set(offer_ids)).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))


def _wanted(lines: Collection[OrderLine]) -> list[tuple[int, OrderLine]]:
    """(pool, line) pairs: an offer with no pool is unlimited, with two it needs both."""
    pools = _pools_behind([line.offer_id for line in lines])
    return [(pk, line) for line in lines for pk in pools[line.offer_id]]


def _pools_behind(offer_ids: Iterable[int]) -> dict[int, list[int]]:
    """{offer pk: keys of its pools}."""
    pools: dict[int, list[int]] = defaultdict(list)
    links = Stock.offers.through.objects.filter(offer_id__in=offer_ids)
    for offer_id, stock_id in links.values_list("offer_id", "stock_id"):
        pools[offer_id].append(stock_id)
    return pools


def _require(asked: int, left: Left, offer: Offer) -> None:
    if asked > left.free:
        raise OutOfStock(offer, max(left.free, 0), left.ask_at if left.paying else None)


def look(wanted: Iterable[tuple[Offer, int]], *, mine: Collection[str]) -> None:
    """Raise OutOfStock as `hold` would now; locks nothing, writes nothing.

    What unpaid orders with these tokens hold counts as free.
    """
    wanted = list(wanted)
    pools = _pools_behind([offer.pk for offer, _quantity in wanted])
    left = Stock.objects.left([pk for found in pools.values() for pk in found], mine)
    asked: dict[int, int] = defaultdict(int)
    for offer, quantity in wanted:
        for pk in pools[offer.pk]:
            asked[pk] += quantity
            _require(asked[pk], left[pk], offer)


@transaction.atomic
def extend(order: Order, ask_at: datetime) -> None:
    """A new session is open for the order: ask later."""
    Hold.objects.filter(line__order=order, state=Hold.State.RESERVED).update(ask_at=ask_at)


@transaction.atomic
def keep(order: Order) -> None:
    """Paid: what was reserved is sold. A second call changes nothing."""
    _pools_of(order)
    Hold.objects.filter(line__order=order, state=Hold.State.RESERVED).update(state=Hold.State.KEPT, ask_at=None)


@transaction.atomic
def release(order: Order) -> None:
    """The order will not be paid, as Stripe said: its reserved units are free. A second call changes nothing."""
    _pools_of(order)
    Hold.objects.filter(line__order=order, state=Hold.State.RESERVED).update(state=Hold.State.RELEASED, ask_at=None)


def _pools_of(order: Order) -> None:
    """Lock the pools that the order touches, in key order."""
    ids = set(Hold.objects.filter(line__order=order).values_list("stock_id", flat=True))
    list(Stock.objects.filter(pk__in=ids).locked())


@transaction.atomic
def use(line: OrderLine, quantity: int, effect_key: str) -> None:
    """`quantity` kept units leave the house. `effect_key` makes a second call harmless."""
    ids = set(line.holds.filter(state=Hold.State.KEPT).values_list("stock_id", flat=True))
    for pool in Stock.objects.filter(pk__in=ids).locked():
        if _move(pool, -quantity, StockMove.Reason.SHIPPED, effect_key=f"{effect_key}:{pool.pk}"):
            _shrink(line, pool, quantity, Hold.State.USED)


@transaction.atomic
def give_back(line: OrderLine, quantity: int, *, only: Collection[int] | None = None) -> None:
    """`quantity` units that were kept and have not left are free again, in each of its pools or in the pools `only`."""
    ids = set(line.holds.filter(state=Hold.State.KEPT).values_list("stock_id", flat=True))
    ids &= ids if only is None else set(only)
    for pool in Stock.objects.filter(pk__in=ids).locked():
        _shrink(line, pool, quantity, Hold.State.RELEASED)


@transaction.atomic
def keep_in(line: OrderLine, quantity: int, offer: Offer) -> None:
    """Units of another offer's pools for a line that is paid: its seat goes to another date. Raises OutOfStock."""
    pools = list(Stock.objects.filter(offers=offer).locked())
    left = Stock.objects.left([pool.pk for pool in pools])
    for pool in pools:
        _require(quantity, left[pool.pk], offer)
        kept, made = Hold.objects.get_or_create(
            stock=pool, line=line, state=Hold.State.KEPT, defaults={"quantity": quantity}
        )
        if not made:
            Hold.objects.filter(pk=kept.pk).update(quantity=F("quantity") + quantity)


@transaction.atomic
def take_in(pool: Stock, offers: Iterable[Offer], holds: Iterable[Hold]) -> None:
    """From now on these offers are sold from this new pool, of which `holds` (unsaved) are promised already."""
    pool.offers.add(*offers)
    Hold.objects.bulk_create(holds)


@transaction.atomic
def dissolve(pool: Stock, *, by: Any = None) -> None:
    """Nothing is sold from this pool any more: nothing of it is promised, and nothing is in it. The offers are locked."""
    locked = Stock.objects.filter(pk=pool.pk).locked().get()
    locked.offers.clear()
    Hold.objects.filter(stock=locked, state__in=LIVE).update(state=Hold.State.RELEASED, ask_at=None)
    if locked.on_hand:
        adjust(locked, -locked.on_hand, StockMove.Reason.USED, by=by)


def _shrink(line: OrderLine, pool: Stock, quantity: int, into: str) -> None:
    """Take `quantity` off the kept hold; what is taken goes to state `into`."""
    held = Hold.objects.filter(line=line, stock=pool, state=Hold.State.KEPT).first()
    if held is None:
        return
    taken = min(quantity, held.quantity)
    if taken == held.quantity:
        held.state = into
        held.save(update_fields=["state"])
        return
    Hold.objects.filter(pk=held.pk).update(quantity=F("quantity") - taken)
    Hold.objects.create(stock=pool, line=line, quantity=taken, state=into)


@transaction.atomic
def adjust(pool: Stock, quantity: int, reason: str, *, note: str = "", by: Any = None, effect_key: str = "") -> bool:
    """The owner's move: so many units more or fewer. Raises ValueError below zero. False: done before."""
    locked = Stock.objects.filter(pk=pool.pk).locked().get()
    if locked.on_hand + quantity < 0:
        raise ValueError(f"{pool}: {locked.on_hand} on hand, {quantity} asked")
    user = by if getattr(by, "pk", None) else None
    return _move(locked, quantity, reason, note=note, by=user, effect_key=effect_key)


@transaction.atomic
def count(pool: Stock, on_hand: int, *, note: str = "", by: Any = None) -> bool:
    """The owner counted: `on_hand` units are there. False when nothing differs."""
    locked = Stock.objects.filter(pk=pool.pk).locked().get()
    difference = on_hand - locked.on_hand
    return bool(difference) and adjust(locked, difference, StockMove.Reason.COUNTED, note=note, by=by)


def _move(pool: Stock, quantity: int, reason: str, *, effect_key: str = "", **extra: Any) -> bool:
    """Write the move and the sum together; the pool is locked. False: this effect was there already."""
    if effect_key and StockMove.objects.filter(effect_key=effect_key).exists():
        return False
    StockMove.objects.create(stock=pool, quantity=quantity, reason=reason, effect_key=effect_key or None, **extra)
    Stock.objects.filter(pk=pool.pk).update(on_hand=F("on_hand") + quantity)
    return True


def make(shop: Shop, name: str, on_hand: int = 0, *, by: Any = None) -> Stock:
    """A new pool with so many units in it."""
    pool = Stock.objects.create(shop=shop, name=name)
    if on_hand:
        adjust(pool, on_hand, StockMove.Reason.RECEIVED, by=by)
        pool.refresh_from_db(fields=["on_hand"])
    return pool
