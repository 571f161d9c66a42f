"""`python -m tests.rig.catalogue`: every word shown to people has its French. Needs no xgettext.

Python sources are read by their syntax tree, templates through Django's own `templatize`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from tests.rig.processes import ROOT

FOLDERS = ("site/comptoir", "site/core", "site/home", "site/templates", "blog", "store", "members", "events")
CATALOGUE = ROOT / "site" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
SINGLE = {"gettext", "gettext_lazy", "gettext_noop", "_", "lazy", "pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
CALL = re.compile(r"\b(?:gettext|ngettext|pgettext|npgettext|_)\(")
PLACE = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}|%[sd]")

type Key = tuple[str, str]  # context, msgid


def calls(tree: ast.AST) -> Iterator[Key]:
    """Messages of the translation calls in a syntax tree."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [row.value for row in node.args if isinstance(row, ast.Constant) and isinstance(row.value, str)]
        if name in SINGLE | PLURAL and words:
            has_context = name.startswith(("p", "np"))
            yield (words[0], words[1]) if has_context and len(words) > 1 else ("", words[0])


def in_python(file: Path) -> Iterator[Key]:
    yield from calls(ast.parse(file.read_text()))


def in_template(file: Path) -> Iterator[Key]:
    """`templatize` turns a template into calls among filler; each call is cut out and parsed."""
    text = templatize(file.read_text())
    for match in CALL.finditer(text):
        end = match.end()
        while (end := text.find(")", end) + 1) > 0:
            try:
                tree = ast.parse(text[match.start() : end].strip())
            except SyntaxError:
                continue
            yield from calls(tree)
            break


def messages() -> dict[Key, str]:
    """{(context, msgid): a file that says it}."""
    found: dict[Key, str] = {}
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if "migrations" in file.parts or "demo" in file.parts:
                continue
            if file.suffix == ".py":
                keys = in_python(file)
            elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
                keys = in_template(file)
            else:
                continue
            for key in keys:
                found.setdefault(key, str(file.relative_to(ROOT)))
    return found


def places(text: str) -> set[str]:
    return {match.group(0) for match in PLACE.finditer(text)}


def faults() -> list[str]:
    """What is not translated, is marked unsure, or lost a placeholder."""
    held = {(row.msgctxt or "", row.msgid): row for row in polib.pofile(str(CATALOGUE)) if not row.obsolete}
    said = messages()
    found = [
        f"no French: {key[1]!r} ({where})"
        for key, where in said.items()
        if key[1].strip() and key not in held and not known_elsewhere(*key)
    ]
    for row in held.values():
        texts = list(row.msgstr_plural.values()) if row.msgid_plural else [row.msgstr]
        if row.fuzzy or not all(texts):
            found.append(f"unsure or empty: {row.msgid!r}")
        elif not all(places(text) <= places(row.msgid) | places(row.msgid_plural) for text in texts):
            found.append(f"another placeholder: {row.msgid!r}")
        elif not row.msgid_plural and places(row.msgid) != places(row.msgstr):
            found.append(f"a placeholder is lost: {row.msgid!r}")
    return found


def known_elsewhere(context: str, words: str) -> bool:
    """Django, Wagtail and allauth bring their own French."""
    from django.utils import translation

    with translation.override("fr"):
        translated = translation.pgettext(context, words) if context else translation.gettext(words)
    return translated != words


def main() -> int:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    found = faults()
    for row in found:
        print(row)
    print(f"{len(messages())} messages, {len(found)} faults.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
