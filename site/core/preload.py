"""Rows that a page has already read, handed to the chooser blocks of its text, which would else read them by type."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model

_given: ContextVar[dict[type[Model], dict[int, Model]] | None] = ContextVar("given", default=None)


@contextmanager
def given(**rows: dict[int, Any]) -> Iterator[None]:
    """Inside, blocks find these rows: {any name: {pk: row}} of one model each."""
    by_model = {type(next(iter(found.values()))): found for found in rows.values() if found}
    token = _given.set(by_model)
    try:
        yield
    finally:
        _given.reset(token)


def find(model: type[Model], keys: Iterable[int | None]) -> list[Any] | None:
    """The rows of these keys if this model was given and has all of them, else None: ask the database."""
    found = (_given.get() or {}).get(model)
    wanted = list(keys)
    if found is None or any(key is not None and key not in found for key in wanted):
        return None
    return [found[key] if key is not None else None for key in wanted]
