"""The tree keeps its shape: our packages are ours, no floor looks up, sizes stay within bounds."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rig.processes import ROOT

OURS = ("comptoir", "home", "core", "blog", "store", "members", "events", "sandbox")
FOLDERS = ("site", "blog", "store", "members", "events")
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 400, 50, 100
PLAIN_DATA = 15  # statements: a function of fewer is long by the literals it spells out


def modules() -> list[Path]:
    """Our Python files, without migrations."""
    return [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py") if "migrations" not in file.parts]


def test_site_is_a_plain_folder() -> None:
    """A package of that name could not be imported: Python loads its own `site` before it reads any path."""
    assert not (ROOT / "site" / "__init__.py").exists()


@pytest.mark.parametrize("name", OURS)
def test_our_packages_are_found_in_this_repository(name: str) -> None:
    """A dependency that ships a top-level `events` would shadow ours."""
    found = importlib.util.find_spec(name)

    assert found is not None
    assert Path(str(found.origin)).is_relative_to(ROOT)


def test_ignore_files_do_not_swallow_the_site_folder() -> None:
    done = subprocess.run(["git", "check-ignore", "site", "site/manage.py"], cwd=ROOT, capture_output=True, check=False)

    assert done.returncode in {1, 128}


def test_the_floors_import_only_what_lies_below() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_no_lock_holds_an_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert text.count("--hash=sha256:") > 50


def test_modules_stay_below_the_hard_stop() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in modules()}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_functions_stay_below_the_hard_stop() -> None:
    long = {}
    for file in modules():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                statements = sum(isinstance(row, ast.stmt) for row in ast.walk(node)) - 1
                if lines > LONGEST_FUNCTION and statements > PLAIN_DATA:
                    long[f"{file.relative_to(ROOT)}:{node.name}"] = lines

    assert long == {}


def test_templates_stay_below_the_hard_stop() -> None:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("templates/**/*.html")]
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_TEMPLATE} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in modules()
        if file.name != "__init__.py" and ast.get_docstring(ast.parse(file.read_text())) is None
    ]

    assert silent == []
