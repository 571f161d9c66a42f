"""One stylesheet from many small files: static/css/order.txt lists them; no build step, no @import chain."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

NAME = "css/site.css"


def build() -> Path:
    """Write the joined sheet under var/ when a part is newer, and say where it is."""
    css = Path(settings.STATICFILES_DIRS[0])
    order = css / "css" / "order.txt"
    names = [line.strip() for line in order.read_text().splitlines() if line.strip() and not line.startswith("#")]
    parts = [css / "css" / name.removeprefix("css/") for name in names]
    target = Path(settings.VAR) / "css" / NAME
    newest = max((part.stat().st_mtime for part in [order, *parts]), default=0)
    if not target.exists() or target.stat().st_mtime < newest:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(part.read_text() for part in parts))
    return target


class StylesheetFinder(BaseFinder):
    """Gives Django's static files the joined sheet as css/site.css."""

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        if path != NAME:
            return []
        found = str(build())
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        if not matches_patterns(NAME, ignore_patterns or ()):
            yield NAME, FileSystemStorage(location=str(build().parents[1]))
