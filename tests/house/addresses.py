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


def is_wagtails(name: str) -> bool:
    """Whether Wagtail brings it; the screens of our own snippets are ours. A namespace that nobody knows is ours."""
    return name.startswith(("wagtail", "simple_translation:")) and not name.startswith("wagtailsnippet")


def wagtails() -> list[tuple[str, URLPattern]]:
    """What Wagtail brings behind the desk; a name may stand there twice."""
    return [(name, row) for name, route, row in walk() if route.startswith("cms/") and is_wagtails(name)]


def nameless() -> set[str]:
    """Routes without a name, which no row can speak of."""
    return {route for name, route, _row in walk() if not name.strip(":")}


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
