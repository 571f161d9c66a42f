"""Checks a request's shape and types against a schema, and words the refusal as Stripe does.

Knows shapes only; the rules that stand in prose are in the resources.
"""

import re
from typing import Any

from sandbox import errors, money
from sandbox.described import Schema, from_description, from_sdk
from sandbox.errors import StripeError
from sandbox.form import Tree, entries
from sandbox.store import nulls

INTEGER = re.compile(r"-?[0-9]+\Z")
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?\Z")
LARGEST = 2**63 - 1
# Texts that an empty value unsets although the description does not say so.
UNSETTABLE = frozenset(
    nulls("city country description email footer line1 line2 name nickname phone postal_code state"),
)
REMOVED = "payment_method_types"
CURRENCY = ("currency", "minimum_amount_currency")
METADATA_KEYS, METADATA_KEY, METADATA_VALUE = 50, 40, 500


def check(method: str, path: str, params: str, sent: Tree) -> Tree:
    """The typed values of a request; both sources must agree that it is well formed."""
    if path.startswith("/v1/payment_intents") and REMOVED in sent:
        raise StripeError(
            f"`{REMOVED}` is no longer supported. Use dynamic payment methods, or "
            "`allowed_payment_method_types` to limit them.",
            code=f"{REMOVED}_no_longer_supported",
            param=REMOVED,
        )
    described = from_description(method, path)
    if described is not None:
        _object(sent, described, "")
    return dict(_object(sent, from_sdk(params), ""))


def _value(sent: Any, schema: Schema, param: str) -> Any:
    if "anyOf" in schema:
        return _any(sent, schema["anyOf"], param)
    match schema.get("type"):
        case "object":
            return _object(sent, schema, param)
        case "array":
            return _array(sent, schema, param)
        case "integer":
            return _integer(_scalar(sent, param), param)
        case "number":
            return _number(_scalar(sent, param), param)
        case "boolean":
            return _boolean(_scalar(sent, param), param)
    return _string(_scalar(sent, param), schema, param)


def _any(sent: Any, choices: list[Schema], param: str) -> Any:
    """The first choice that fits; else the refusal of the choice that is nearest in kind."""
    if sent == "" and any(choice.get("enum") == [""] for choice in choices):
        return ""
    likely = [choice for choice in choices if choice.get("enum") != [""]]
    likely.sort(key=lambda choice: choice.get("type") not in _kinds(sent))
    refusal: StripeError | None = None
    for choice in likely:
        try:
            return _value(sent, choice, param)
        except StripeError as error:
            refusal = refusal or error
    raise refusal or errors.unknown(param)


def _kinds(sent: Any) -> tuple[str, ...]:
    """The types of schema that something sent may be meant for."""
    if not isinstance(sent, dict):
        return ("boolean", "integer", "number", "string")
    return ("object",) if entries(sent) is None else ("array",)


def _object(sent: Any, schema: Schema, param: str) -> Tree:
    if not isinstance(sent, dict):
        raise StripeError("Invalid object", param=param)
    if "properties" not in schema:
        return _map(sent, schema, param)
    known = schema["properties"]
    for name in sent:
        if name not in known:
            raise errors.unknown(_inside(param, name))
    for name in schema.get("required", ()):
        if name not in sent:
            raise errors.missing(_inside(param, name))
    return {name: _value(value, known[name], _inside(param, name)) for name, value in sent.items()}


def _map(sent: Tree, schema: Schema, param: str) -> Tree:
    inner = schema.get("additionalProperties")
    if not isinstance(inner, dict):
        return sent
    is_metadata = param.rpartition("[")[2].rstrip("]") == "metadata"
    if is_metadata:
        _check_metadata(sent, param)
        return {name: _scalar(value, _inside(param, name)) for name, value in sent.items()}
    return {name: _value(value, inner, _inside(param, name)) for name, value in sent.items()}


def _check_metadata(sent: Tree, param: str) -> None:
    if len(sent) > METADATA_KEYS:
        raise StripeError(f"Metadata can have up to {METADATA_KEYS} keys. You passed {len(sent)}.", param=param)
    for name, value in sent.items():
        if len(name) > METADATA_KEY:
            raise StripeError(
                f"Metadata keys can be up to {METADATA_KEY} characters in length: {name}",
                param=param,
            )
        if isinstance(value, str) and len(value) > METADATA_VALUE:
            raise StripeError(
                f"Metadata values can be up to {METADATA_VALUE} characters in length.",
                param=_inside(param, name),
            )


def _array(sent: Any, schema: Schema, param: str) -> list[Any]:
    listed = entries(sent)
    if listed is None:
        raise StripeError("Invalid array", param=param)
    return [_value(one, schema["items"], f"{param}[{index}]") for index, one in enumerate(listed)]


def _scalar(sent: Any, param: str) -> str:
    if not isinstance(sent, str):
        raise StripeError("Invalid string: a hash or an array was given.", param=param)
    return sent


def _integer(text: str, param: str) -> int:
    if not INTEGER.match(text) or len(text) > 20 or abs(int(text)) > LARGEST:
        raise StripeError(f"Invalid integer: {text}", code="parameter_invalid_integer", param=param)
    return int(text)


def _number(text: str, param: str) -> float:
    if not NUMBER.match(text):
        raise StripeError(f"Invalid decimal: {text}", param=param)
    return float(text)


def _boolean(text: str, param: str) -> bool:
    if text not in ("true", "false"):
        raise StripeError(f"Invalid boolean: {text}", param=param)
    return text == "true"


def _string(text: str, schema: Schema, param: str) -> str:
    choices = schema.get("enum")
    if choices is not None:
        if text not in choices:
            raise StripeError(f"Invalid {param}: must be {_one_of(choices)}", param=param)
        return text
    if not text and param.rpartition("[")[2].rstrip("]") not in UNSETTABLE:
        raise StripeError(
            f"You passed an empty string for '{param}'. We assume empty values are an attempt to "
            f"unset a parameter; however '{param}' cannot be unset. You should remove '{param}' "
            "from your request or supply a non-empty value.",
            code="parameter_invalid_empty",
            param=param,
        )
    if schema.get("format") == "decimal" and not NUMBER.match(text):
        raise StripeError(f"Invalid decimal: {text}", param=param)
    if param.rpartition("[")[2].rstrip("]") in CURRENCY:
        return _currency(text, param)
    longest = schema.get("maxLength")
    if longest and len(text) > longest:
        raise StripeError(
            f"Invalid string: {text[:10]}...{text[-10:]}; must be at most {longest} characters",
            param=param,
        )
    return text


def _currency(text: str, param: str) -> str:
    if text.lower() not in money.CURRENCIES:
        raise StripeError(
            f"Invalid currency: {text.lower()}. Stripe currently supports these currencies: "
            f"{', '.join(sorted(money.CURRENCIES))}",
            param=param,
        )
    return text.lower()


def _one_of(choices: list[str]) -> str:
    named = [str(choice) for choice in choices if choice != ""]
    if len(named) == 1:
        return named[0]
    return f"one of {', '.join(named[:-1])}, or {named[-1]}"


def _inside(param: str, name: str) -> str:
    return f"{param}[{name}]" if param else name
