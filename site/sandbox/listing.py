"""Lists: newest first, cursors, ``created`` ranges and equality filters."""

from collections.abc import Callable
from typing import Any

from sandbox.call import Call, referred
from sandbox.errors import StripeError, exclusive, not_found
from sandbox.store import Body, Record, db

DEFAULT, MOST = 10, 100
RANGE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def answer(
    call: Call,
    kind: str,
    filters: dict[str, str] | None = None,
    keep: Callable[[Record], bool] | None = None,
    where: tuple[list[str], list[Any]] = ([], []),
) -> Body:
    """One page of a kind; ``filters`` maps params to JSON paths, ``where`` holds conditions with
    their values, ``keep`` decides what SQL cannot."""
    conditions, values = _created(call.params.get("created"))
    conditions, values = conditions + where[0], values + where[1]
    for param, path in (filters or {}).items():
        if param in call.params:
            conditions.append(f"json_extract(body, '{path}') = ?")
            values.append(call.params[param])
    limit = _limit(call.params)
    most = f" LIMIT {limit + 1}" if keep is None else ""
    cursor, value, backwards = _place(call.params, kind)
    order = "ORDER BY seq" if backwards else "ORDER BY seq DESC"
    found = db.select(
        kind,
        "".join(f" AND {one}" for one in [*conditions, *cursor]) + f" {order}{most}",
        (*values, *value),
    )
    found = [record for record in found if keep is None or keep(record)]
    shown = list(reversed(found[:limit])) if backwards else found[:limit]
    return wrap([record.body for record in shown], call.path, has_more=len(found) > limit)


def _place(params: Body, kind: str) -> tuple[list[str], list[int], bool]:
    """The condition of the page's cursor, its value, and whether we read upwards."""
    after, before = _ends(params)
    if before:
        return ["seq > ?"], [_cursor(before, "ending_before", kind)], True
    if after:
        return ["seq < ?"], [_cursor(after, "starting_after", kind)], False
    return [], [], False


def _ends(params: Body) -> tuple[str, str]:
    """What the page comes after and what it comes before; one of them at most."""
    after, before = params.get("starting_after", ""), params.get("ending_before", "")
    if after and before:
        raise exclusive("starting_after", "ending_before")
    return after, before


def of_children(call: Call, kind: str, records: list[Record]) -> Body:
    """A page of records that are already at hand, in their own order."""
    limit = _limit(call.params)
    after, before = _ends(call.params)
    ids = [record.id for record in records]
    for param, key in (("starting_after", after), ("ending_before", before)):
        if key and key not in ids:
            raise not_found(kind, key, param, status=400)
    if before:
        end = ids.index(before)
        start, more = max(end - limit, 0), end > limit
    else:
        start = ids.index(after) + 1 if after else 0
        end, more = start + limit, start + limit < len(records)
    return wrap([record.body for record in records[start:end]], call.path, has_more=more)


def wrap(bodies: list[Body], url: str, *, has_more: bool = False) -> Body:
    return {"object": "list", "data": bodies, "has_more": has_more, "url": url}


def _created(sent: Any) -> tuple[list[str], list[Any]]:
    if sent is None:
        return [], []
    if isinstance(sent, int):
        return ["created = ?"], [sent]
    return [f"created {RANGE[name]} ?" for name in sent], list(sent.values())


def _limit(params: Body) -> int:
    limit = int(params.get("limit", DEFAULT))
    if not 1 <= limit <= MOST:
        bound = "greater than or equal to 1" if limit < 1 else f"less than or equal to {MOST}"
        raise StripeError(f"This value must be {bound}.", code="parameter_invalid_integer", param="limit")
    return limit


def _cursor(key: str, param: str, kind: str) -> int:
    return referred(kind, key, param).seq
