"""Form encoding as the API reads it: ``a[b][0][c]=1`` becomes nested dicts of text.

Whether digits for names mean a list or a hash with such keys is the schema's to say.
"""

from typing import Any
from urllib.parse import parse_qsl

from sandbox.errors import StripeError

type Tree = dict[str, Any]

FORM = "application/x-www-form-urlencoded"
DEEPEST = 20


def decode(text: str) -> Tree:
    """The nested values of a query string or a form body; every leaf is a string."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise StripeError("Invalid request: the parameters are not valid UTF-8.") from None
    tree: Tree = {}
    for key, value in pairs:
        _put(tree, _steps(key), value, key)
    return tree


def _steps(key: str) -> list[str]:
    head, _, rest = key.partition("[")
    if not rest:
        return [head]
    if not rest.endswith("]"):
        raise StripeError(f"Invalid parameter name: {key}", param=key)
    steps = [head, *rest[:-1].split("][")]
    if len(steps) > DEEPEST:
        raise StripeError(f"Invalid parameter name, nested too deeply: {key[:60]}", param=head)
    return steps


def _put(tree: Tree, steps: list[str], value: str, key: str) -> None:
    node = tree
    for depth, step in enumerate(steps[:-1]):
        node = node.setdefault(step or _index(node, steps[depth + 1 :]), {})
        if not isinstance(node, dict):
            raise StripeError(f"Invalid mix of a value and a hash: {key}", param=key)
    last = steps[-1] or _index(node, [])
    if isinstance(node.get(last), dict):
        raise StripeError(f"Invalid mix of a value and a hash: {key}", param=key)
    node[last] = value


def _index(node: Tree, inside: list[str]) -> str:
    """The place of ``a[]=`` in a list: the next one, but ``a[][x]=1&a[][y]=2`` goes on with the
    entry begun before, until that has the name already."""
    last: Any = node.get(str(len(node) - 1))
    if not inside or not isinstance(last, dict):
        return str(len(node))
    for step in inside:
        if not isinstance(last, dict) or step not in last:
            return str(len(node) - 1)
        last = last[step]
    return str(len(node))


def entries(value: Any) -> list[Any] | None:
    """The entries of what was sent as a list; None where the names are not all numbers."""
    if not isinstance(value, dict) or not all(key.isascii() and key.isdigit() for key in value):
        return None
    return [value[key] for key in sorted(value, key=int)]
