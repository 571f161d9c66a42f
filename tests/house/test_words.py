"""What is committed speaks of the product: no machine, no address of a registry, no workshop talk."""

import re
import subprocess

from tests.rig.processes import ROOT

WORDS = (
    r"(?i:\bchat" r"gpt\b)", r"(?i:\bclau" r"de\b)", r"(?i:\bopen" r"ai\b)", r"(?i:\banth" r"ropic\b)", r"(?i:\bcopi" r"lot\b)",
    r"(?:#|//|--)\s*(?:TO" r"DO|FIX" r"ME|XX" r"X)\b", r"/ro" r"ot/", r"/wo" r"rk/", r"pypi\.org/sim" r"ple",
)  # fmt: skip
TALK = re.compile("|".join(f"(?:{word})" for word in WORDS))
TEXT = {".py", ".md", ".html", ".txt", ".css", ".js", ".toml", ".po", ".lock", ".sh", ""}


def committed() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [name for name in done.stdout.split("\0") if name]


def test_nothing_committed_talks_of_the_workshop() -> None:
    found = []
    for name in committed():
        file = ROOT / name
        if file.suffix not in TEXT or not file.is_file() or name == "comptoir":
            continue
        for number, line in enumerate(file.read_text(errors="ignore").splitlines(), start=1):
            if TALK.search(line):
                found.append(f"{name}:{number}: {line.strip()[:80]}")

    assert found == []


def test_nothing_built_is_committed() -> None:
    assert [name for name in committed() if name.endswith((".mo", ".pyc", ".sqlite3")) or name.startswith("var/")] == []
