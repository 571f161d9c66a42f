"""Reads the demo shop's files in `site/home/demo/`: tables, words in two languages, days before today."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

FOLDER = Path(__file__).resolve().parents[1] / "demo"
LOCALES = ("fr", "en")
Table = dict[str, Any]
OPENING = time(9, 0)


def table(name: str) -> Table:
    """One TOML file, by its path without extension."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def tables(folder: str) -> list[Table]:
    """All TOML files of a folder, by name; each knows its language (`file.fr.toml`) as `locale`."""
    found = []
    for path in sorted((FOLDER / folder).glob("*.toml")):
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        found.append({**read, "locale": path.stem.partition(".")[2]})
    return found


def html(name: str, locale: str) -> str:
    """The body of one page."""
    return (FOLDER / "pages" / f"{name}.{locale}.html").read_text(encoding="utf-8")


def said(words: Mapping[str, str], locale: str) -> str:
    """The words in that language, French where there are no others."""
    return words.get(locale) or words["fr"]


def ago(days: int, at: str | time = OPENING) -> datetime:
    """So many days before today at a Paris clock time ("21:14"); negative days lie ahead."""
    clock = time.fromisoformat(at) if isinstance(at, str) else at
    day = timezone.localdate() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, clock))


def later(moment: datetime, days: int | None, at: str) -> datetime:
    """That clock time so many days before today, but an hour after `moment` where it would come before it."""
    if days is None:
        return moment + timedelta(hours=1)
    return max(ago(days, at), moment + timedelta(hours=1))
