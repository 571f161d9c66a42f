"""Params that remember which of them a handler read, so that none is silently ignored.

What a handler neither reads nor shows is refused by name: the stand-in does not have it, and a
test that leans on it must hear so.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sandbox.errors import StripeError

if TYPE_CHECKING:
    from _collections_abc import dict_items, dict_keys, dict_values


class Heard(dict[str, Any]):
    """A request's params; asking for a value, or going through all of them, counts as reading,
    ``in`` does not."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__((name, listening(value)) for name, value in values.items())
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        self.read |= set(super().keys())
        return super().__iter__()

    def keys(self) -> "dict_keys[str, Any]":
        self.read |= set(super().keys())
        return super().keys()

    def items(self) -> "dict_items[str, Any]":
        self.read |= set(super().keys())
        return super().items()

    def values(self) -> "dict_values[str, Any]":
        self.read |= set(super().keys())
        return super().values()

    def ignored(self, inside: str = "") -> Iterator[str]:
        """The bracketed names of the params that nobody read."""
        for name, value in super().items():
            param = f"{inside}[{name}]" if inside else name
            if name in self.read:
                yield from _within(value, param)
            else:
                yield param


def listening(value: Any) -> Any:
    """The value with every mapping in it made to listen."""
    if isinstance(value, dict):
        return Heard(value)
    return [listening(one) for one in value] if isinstance(value, list) else value


def _within(value: Any, param: str) -> Iterator[str]:
    if isinstance(value, Heard):
        yield from value.ignored(param)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _within(one, f"{param}[{index}]")


def refuse_ignored(params: dict[str, Any]) -> None:
    """To be called when the handler is done; its effect is undone by the refusal."""
    for param in params.ignored() if isinstance(params, Heard) else ():
        raise StripeError(f"The stand-in has no `{param}`.", param=param)
