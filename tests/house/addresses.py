"""Every address of the shop, with an example of each."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

SAMPLE = uuid.UUID("3f2504e0-4f89-41d3-9a0c-0305e82c3301")


def walk(
    patterns: list[Any] | None = None, namespace: str = "", prefix: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """(full name, route, pattern) of all."""
    for row in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(row.pattern)
        if isinstance(row, URLResolver):
            inner = f"{namespace}{row.namespace}:" if row.namespace else namespace
            yield from walk(row.url_patterns, inner, route)
        else:
            yield f"{namespace}{row.name or ''}", route, row


def named(*, behind: bool) -> dict[str, URLPattern]:
    """{name: pattern} of the editor's addresses (`behind`), or of all others."""
    return {name: row for name, route, row in walk() if name.strip(":") and route.startswith("cms/") is behind}


def example(name: str, row: URLPattern) -> str:
    """An address of that name; what it speaks of does not exist."""
    samples: dict[str, Any] = {}
    for key, converter in row.pattern.converters.items():
        if isinstance(converter, IntConverter):
            samples[key] = 1
        elif isinstance(converter, UUIDConverter):
            samples[key] = SAMPLE
        else:
            samples[key] = "articles" if key == "section" else "x"
    if not row.pattern.converters:
        regex = getattr(row.pattern, "_regex", "")
        samples = dict.fromkeys(getattr(row.pattern.regex, "groupindex", {}), "1") if regex else {}
    if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"}:
        samples = {"pk": 1}
    return reverse(name, kwargs=samples)
