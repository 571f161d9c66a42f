"""The shop as it runs, which also writes down every template that it renders and the language it spoke then."""

import os
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.template.base import Template
from django.urls import get_resolver, path
from django.utils import translation

from comptoir.wsgi import application

__all__ = ["application"]
NOTES = Path(os.environ["TEMPLATE_NOTES"]).open("a", buffering=1)  # noqa: SIM115 - as long as the server
seen: set[str] = set()
render = Template._render  # noqa: SLF001 - the one place that pages, parents and parts all go through


def noted(template: Template, context: Any) -> Any:
    """Render it, after a line in the notes when it is new in this language."""
    line = f"{translation.get_language()} {template.name}\n"
    if line not in seen:
        seen.add(line)
        NOTES.write(line)
    return render(template, context)


def broken(_request: HttpRequest) -> None:
    """An address whose code fails, so that the last page of all is seen."""
    raise RuntimeError


get_resolver().url_patterns[:0] = [path(f"{prefix}_broken/", broken) for prefix in ("", "en/")]
Template._render = noted  # type: ignore[method-assign]  # noqa: SLF001
