"""Two sources of what a request may carry, read into one kind of schema.

The SDK's typed params are always there; Stripe's published description is used where it lies at
hand. Both become ``{"type", "properties", "required", "enum", "items", "anyOf"}``.
"""

import functools
import importlib
import inspect
import json
import os
import sys
import types
import typing
from decimal import Decimal
from pathlib import Path
from typing import Any

import typing_extensions

from sandbox.form import FORM

type Schema = dict[str, Any]

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "stripe" / "openapi-trimmed.json"
PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    Decimal: {"type": "string", "format": "decimal"},
}


@functools.cache
def published() -> Schema:
    """The published description, or nothing where it is not at hand."""
    path = Path(os.environ.get("STRIPE_OPENAPI") or BESIDE)
    return dict(json.loads(path.read_text())) if path.is_file() else {}


@functools.cache
def from_description(method: str, path: str) -> Schema | None:
    operation = published().get("paths", {}).get(path, {}).get(method.lower())
    if operation is None:
        return None
    content = operation.get("requestBody", {}).get("content", {})
    if method != "GET":
        return dict(content.get(FORM, {}).get("schema", {"type": "object", "properties": {}}))
    asked = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
    return {
        "type": "object",
        "properties": {one["name"]: one["schema"] for one in asked},
        "required": [one["name"] for one in asked if one.get("required")],
    }


@functools.cache
def from_sdk(name: str) -> Schema:
    """The schema of a typed params class, named ``module.Class`` below ``stripe.params``."""
    module, _, kind = name.rpartition(".")
    return _typed_dict(getattr(importlib.import_module(f"stripe.params.{module}"), kind))


@functools.cache
def _options() -> tuple[frozenset[str], Schema]:
    """Names of the client's own options, which every params class inherits."""
    module = sys.modules["stripe._request_options"]
    context = importlib.import_module("stripe._stripe_context").StripeContext
    known = {**vars(module), "Mapping": typing.Mapping, "StripeContext": context}
    return frozenset(module.RequestOptions.__annotations__), known


@functools.cache
def _typed_dict(kind: Any) -> Schema:
    options, known = _options()
    names = {**known, **vars(sys.modules[kind.__module__])}
    hints = typing_extensions.get_type_hints(kind, globalns=names, include_extras=True)
    fields = {name: hint for name, hint in hints.items() if name not in options}
    return {
        "type": "object",
        "properties": {name: _schema(hint) for name, hint in fields.items()},
        "required": [name for name, hint in fields.items() if not _optional(hint)],
    }


def _optional(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.NotRequired, typing_extensions.NotRequired)


def _schema(hint: Any) -> Schema:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if _optional(hint):
        return _schema(args[0])
    if origin is typing_extensions.Literal or origin is typing.Literal:
        plain = PLAIN[type(args[0])]
        return {**plain, "enum": list(args)}
    if origin is list:
        return {"type": "array", "items": _schema(args[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(args[1])}
    if origin in (typing.Union, types.UnionType):
        return _union(args)
    if typing_extensions.is_typeddict(hint):
        return _typed_dict(hint)
    return PLAIN[hint]


def _union(args: tuple[Any, ...]) -> Schema:
    """A choice; enums are closed (the SDK writes ``Literal[...] | str``) and the classes of
    answers, which the client may pass too, are left out."""
    kept = [one for one in args if not _is_answer(one)]
    if any(typing.get_args(one) not in ((), ("",)) and _is_literal(one) for one in kept):
        kept = [one for one in kept if one is not str]
    return _schema(kept[0]) if len(kept) == 1 else {"anyOf": [_schema(one) for one in kept]}


def _is_literal(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Literal, typing_extensions.Literal)


def _is_answer(hint: Any) -> bool:
    kind = typing.get_origin(hint) or hint
    if not inspect.isclass(kind):
        return False
    return any("StripeObject" in parent.__name__ for parent in kind.__mro__)
