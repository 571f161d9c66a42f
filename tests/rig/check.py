"""`./comptoir check`: linters, types, import contracts, templates, migrations, translations, deploy check.

`--fix` lets the formatters write first.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.rig.processes import ROOT

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, str(ROOT / "site" / "manage.py")]
WRITTEN_FOR = "6.0"


def templates() -> list[str]:
    """Our templates; those of mails are laid out for mail readers, not for a linter."""
    folders = ("site", "blog", "store", "members", "events")
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("templates/**/*.html"))]
    return [str(file.relative_to(ROOT)) for file in files if "emails" not in file.parts]


def production(var: str) -> dict[str, str]:
    """The environment of a shop that is open to the world; its keys are made up."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept, "SECRET_KEY": secrets.token_urlsafe(50), "BASE_URL": "https://shop.example", "COMPTOIR_VAR": var,
        "MAIL_FROM": "shop@shop.example", "MAIL_URL": "smtp+tls://user:pass@mail.example:587",
        "STRIPE_SECRET_KEY": "sk_live_" + "0" * 24, "STRIPE_PUBLISHABLE_KEY": "pk_live_" + "0" * 24,
        "STRIPE_WEBHOOK_SECRETS": "whsec_" + "0" * 24,
    }  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One command that must end with 0."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=lambda: dict(os.environ))


@dataclass(frozen=True)
class Result:
    name: str
    passed: bool
    seconds: float
    words: str


def steps(var: str) -> list[Step]:
    pages = templates()
    demo = {**os.environ, "DEMO": "1", "COMPTOIR_VAR": var}
    return [
        Step("mypy, strict", [str(BIN / "mypy")], demo),
        Step("ruff", [str(BIN / "ruff"), "check", "."]),
        Step("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
        Step("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
        Step("templates: djlint", [str(BIN / "djlint"), "--lint", "--quiet", *pages]),
        Step("templates: djhtml", [str(BIN / "djhtml"), "--check", *pages]),
        Step("templates: djade", [str(BIN / "djade"), "--target-version", WRITTEN_FOR, "--check", *pages]),
        Step("missing migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], demo),
        Step("translations complete", [sys.executable, "-m", "tests.rig.catalogue"]),
        Step(
            "deploy check, production profile",
            [*MANAGE, "check", "--deploy", "--database", "default", "--fail-level", "WARNING"],
            production(var),
        ),
        *scripts(),
    ]


def scripts() -> list[Step]:
    """The types in the scripts' comments, where TypeScript is at hand."""
    compiler = shutil.which("tsc")
    if compiler is None:
        print("  skipped: types of the scripts (no tsc here)")
        return []
    files = [str(file) for file in sorted((ROOT / "static" / "js").glob("*.js"))]
    options = ["--checkJs", "--allowJs", "--noEmit", "--strict", "--target", "es2023", "--module", "esnext"]
    return [Step("types of the scripts", [compiler, *options, "--lib", "es2023,dom,dom.iterable", *files])]


def run(step: Step) -> Result:
    begun = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=step.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Result(step.name, done.returncode == 0, time.monotonic() - begun, (done.stdout + done.stderr).strip())


def fix() -> None:
    """What a formatter can write by itself."""
    pages = templates()
    for command in (
        [str(BIN / "ruff"), "check", "--fix", "--quiet", "."],
        [str(BIN / "ruff"), "format", "--quiet", "."],
        [str(BIN / "djade"), "--target-version", WRITTEN_FOR, *pages],
        [str(BIN / "djhtml"), *pages],
    ):
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


def main(arguments: list[str]) -> int:
    """0 when every step passed."""
    if "--fix" in arguments:
        fix()
    failed: list[Result] = []
    with tempfile.TemporaryDirectory() as var, ThreadPoolExecutor(2) as two:
        todo: Callable[[Step], Result] = run
        for result in two.map(todo, steps(var)):
            print(
                f"  {result.name:<36} {'ok' if result.passed else 'FAILED':<7} {result.seconds:5.1f} s",
                flush=True,
            )
            if not result.passed:
                failed.append(result)
    for result in failed:
        print(f"\n== {result.name}\n{result.words[-6000:]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
