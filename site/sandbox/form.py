"""Form encoding as the API reads it: ``a[b][0][c]=1`` becomes nested dicts and lists of text."""

from typing import Any
from urllib.parse import parse_qsl

from sandbox.errors import StripeError

type Tree = dict[str, Any]

FORM = "application/x-www-form-urlencoded"


def decode(text: str) -> Tree:
    """The nested values of a query string or a form body; every leaf is a string."""
    tree: Tree = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        _put(tree, _steps(key), value, key)
    return {name: _lists(value) for name, value in tree.items()}


def _steps(key: str) -> list[str]:
    head, _, rest = key.partition("[")
    if not rest:
        return [head]
    if not rest.endswith("]"):
        raise StripeError(f"Invalid parameter name: {key}", param=key)
    return [head, *rest[:-1].split("][")]


def _put(tree: Tree, steps: list[str], value: str, key: str) -> None:
    node = tree
    for step in steps[:-1]:
        node = node.setdefault(step or _next_index(node), {})
        if not isinstance(node, dict):
            raise StripeError(f"Invalid mix of a value and a hash: {key}", param=key)
    last = steps[-1] or _next_index(node)
    if isinstance(node.get(last), dict):
        raise StripeError(f"Invalid mix of a value and a hash: {key}", param=key)
    node[last] = value


def _next_index(node: Tree) -> str:
    """The place of ``a[]=`` in a list; ``a[][x]=1&a[][y]=2`` continues one entry in real life,
    but the official clients always send an index, so each bracket starts its own here."""
    return str(len(node))


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isascii() and key.isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(inner) for key, inner in value.items()}
