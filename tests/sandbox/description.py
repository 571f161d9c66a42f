"""Checks bodies against Stripe's published description, unknown fields refused."""

import functools
import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "stripe" / "openapi-trimmed.json"


def path() -> Path | None:
    one = Path(os.environ.get("STRIPE_OPENAPI") or BESIDE)
    return one if one.is_file() else None


@functools.cache
def _read() -> dict[str, Any]:
    one = path()
    return dict(json.loads(one.read_text())) if one else {}


@functools.cache
def _definitions() -> dict[str, Any]:
    return {name: strict(one) for name, one in _read()["components"]["schemas"].items()}


def strict(schema: Any) -> Any:
    """The schema as JSON Schema: null where allowed, no unknown fields, local references."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        made: dict[str, Any] = {"$ref": "#/$defs/" + schema["$ref"].rpartition("/")[2]}
    else:
        made = {key: value for key, value in schema.items() if key not in ("nullable", "properties")}
        made = {key: strict(value) for key, value in made.items()}
        if "properties" in schema:
            made["properties"] = {n: strict(one) for n, one in schema["properties"].items()}
            made["additionalProperties"] = False
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made


@functools.cache
def _validator(kind: str, template: str = "") -> Any:
    if template:
        answer = _read()["paths"][template][kind]["responses"]["200"]
        schema = strict(answer["content"]["application/json"]["schema"])
    else:
        schema = {"$ref": f"#/$defs/{kind}"}
    return jsonschema.Draft202012Validator({**schema, "$defs": _definitions()})


@functools.cache
def _templates() -> list[tuple[str, re.Pattern[str]]]:
    return [(one, re.compile(re.sub(r"\{\w+\}", "[^/]+", one) + r"\Z")) for one in _read()["paths"]]


def _complain(validator: Any, body: Any, where: str) -> None:
    error = jsonschema.exceptions.best_match(validator.iter_errors(body))
    if error is not None:
        spot = "/".join(str(step) for step in error.absolute_path)
        raise AssertionError(f"{where}: {spot}: {error.message[:600]}")


def check_answer(method: str, address: str, status: int, body: Any) -> None:
    if not path():
        return
    if status >= 400:
        _complain(_validator("error"), body, f"{method} {address} -> {status}")
        return
    plain = address.partition("?")[0].rstrip("/")
    for template, pattern in _templates():
        if pattern.match(plain) and method.lower() in _read()["paths"][template]:
            _complain(_validator(method.lower(), template), body, f"{method} {address}")
            return


def check_event(event: dict[str, Any]) -> None:
    if not path():
        return
    _complain(_validator("event"), event, f"event {event.get('type')}")
    inner = event["data"]["object"]
    _complain(_validator(inner["object"]), inner, f"{event['type']} data.object")
