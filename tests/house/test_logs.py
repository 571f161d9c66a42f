"""What logs hold of a refused request: never the key in its address."""

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comptoir import logs

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the shop's own handler writes, as plain lines and as JSON."""
    found: dict[str, list[str]] = {"plain": [], "json": []}
    formats: dict[str, logging.Formatter] = {"plain": logging.Formatter("%(message)s"), "json": logs.AsJson()}
    handlers = []
    for style, shape in formats.items():
        handler: Any = logging.Handler()
        handler.addFilter(logs.WithoutKeys())
        handler.emit = lambda record, style=style, shape=shape: found[style].append(shape.format(record))
        handlers.append(handler)
    monkeypatch.setattr(logging.getLogger("django.request"), "handlers", handlers)
    return found


def test_a_refused_request_is_told_by_its_pattern(client: Client, lines: dict[str, list[str]]) -> None:
    url = reverse("events:seat", args=["kept-by-nobody"])
    assert client.get(url).status_code == 404
    assert client.get("/nulle-part/").status_code == 404

    for style in ("plain", "json"):
        said = "\n".join(lines[style])
        assert "kept-by-nobody" not in said
        assert "<str:token>" in said
        assert "/nulle-part/" in said
