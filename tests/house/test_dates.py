"""Days are put into words in one place, which knows that French says "1er" (core.dates)."""

import re

from tests.house.test_layout import FOLDERS
from tests.house.test_templates import FILES
from tests.rig.processes import ROOT

IN_TEMPLATES = re.compile(r"""\|date(?!:["'](?:c|U|Y-m-d)["'])\b""")
IN_PYTHON = re.compile(r"\bdate_format\(")
WITHOUT_A_DAY = re.compile(r"""\bdate_format\([^()]*["'][^"'jS]*["']\)""")
ITS_OWN = {"site/core/dates.py"}


def test_no_template_sets_a_day_by_itself() -> None:
    """Machines read |date:"c"; people read |day."""
    wrong = {str(file): IN_TEMPLATES.findall((ROOT / file).read_text()) for file in FILES}

    assert {name: found for name, found in wrong.items() if found} == {}


def test_no_code_sets_a_day_by_itself() -> None:
    """A month alone ("F") may be asked of Django."""
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    wrong = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in files
        if str(file.relative_to(ROOT)) not in ITS_OWN and "sandbox" not in file.parts
        for line in file.read_text().splitlines()
        if IN_PYTHON.search(WITHOUT_A_DAY.sub("", line))
    ]

    assert wrong == []
