"""`./comptoir test`: every suite on every database, one line each at the end. Arguments go to pytest.

In order: units on SQLite, units on PostgreSQL, the tests of real migrations on PostgreSQL, journeys on PostgreSQL
at 390 pixels, the main ones at 1280 and on SQLite. A missing part skips its suites and says so; with CI=true it fails.
Kills are once on PostgreSQL here, ten times on both databases in the soak.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from tests.rig import parts
from tests.rig.postgres import Postgres
from tests.rig.processes import in_memory

NOTHING = 5
UNITS = "not journey and not soak and not migrated"


@dataclass(frozen=True)
class Suite:
    """One run of pytest."""

    name: str
    marks: str
    on_postgresql: bool = False
    in_browser: bool = False
    side_by_side: str = ""
    workers: int = 2
    where: str = ""
    options: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)


TEST = [
    Suite("units on SQLite", UNITS, side_by_side="loadfile", options=("--ignore=tests/kills",)),
    Suite("units on PostgreSQL", UNITS, on_postgresql=True, side_by_side="loadfile"),
    Suite("real migrations on PostgreSQL", "migrated", on_postgresql=True, options=("--migrations",)),
    Suite(
        "journeys on PostgreSQL, 390 px", "journey and not soak", True, True, "loadfile", env={"JOURNEY_WIDTH": "390"}
    ),
    Suite(
        "main journeys on PostgreSQL, 1280 px",
        "journey and main and not soak",
        True,
        True,
        env={"JOURNEY_WIDTH": "1280"},
    ),
    Suite(
        "main journeys on SQLite, 390 px",
        "journey and main and not soak",
        False,
        True,
        env={"JOURNEY_WIDTH": "390"},
    ),
]
SOAK = [
    Suite("races on SQLite", "soak", where="tests/soak"),
    Suite("kills on SQLite", "race", side_by_side="load", workers=4, where="tests/kills", env={"KILLS": "10"}),
    Suite("races on PostgreSQL", "soak", on_postgresql=True, where="tests/soak"),
    Suite(
        "kills on PostgreSQL",
        "race",
        on_postgresql=True,
        side_by_side="load",
        workers=4,
        where="tests/kills",
        env={"KILLS": "10"},
    ),
]


def main(arguments: list[str]) -> int:
    """0 when every suite passed (and none was skipped, with CI=true)."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    suites, rest = (SOAK, arguments[1:]) if arguments[:1] == ["--soak"] else (TEST, arguments)
    lacking = parts.require()
    server = None if any("PostgreSQL" in words for words in lacking) else Postgres()
    results: list[tuple[str, str, float]] = []
    try:
        if server:
            server.start()
        for suite in suites:
            begun = time.monotonic()
            results.append((suite.name, run(suite, rest, server), time.monotonic() - begun))
    finally:
        if server:
            server.stop()
    return report(results, lacking)


def run(suite: Suite, rest: list[str], server: Postgres | None) -> str:
    """passed, failed, nothing to run, or skipped."""
    if (suite.on_postgresql and server is None) or (suite.in_browser and parts.chromium() is None):
        return "skipped"
    named = [word for word in rest if word.startswith("tests")]
    if suite.where and named and not any(word.startswith(suite.where) for word in named):
        return "nothing to run"
    print(f"\n== {suite.name}", flush=True)
    env = {**os.environ, **suite.env}
    env.pop("TEST_DATABASE_URL", None)
    if folder := in_memory():
        env.setdefault("TMPDIR", folder)
    if suite.on_postgresql and server:
        env["TEST_DATABASE_URL"] = server.url
    workers = ["-n", str(suite.workers), "--dist", suite.side_by_side]
    if not suite.side_by_side or "-n" in rest:
        workers = []
    only = [suite.where] if suite.where and not named else []
    options = ["-q", "--durations=8", "--durations-min=3", "-m", suite.marks, *workers, *suite.options]
    command = [sys.executable, "-m", "pytest", *options, *only, *rest]
    return {0: "passed", NOTHING: "nothing to run"}.get(_to_its_end(command, env), "failed")


def _to_its_end(command: list[str], env: dict[str, str]) -> int:
    """The exit code. When we are told to stop, pytest is asked first: its fixtures end their own processes."""
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL) as running:
        try:
            return running.wait()
        except BaseException:
            running.send_signal(signal.SIGINT)
            try:
                running.wait(60)
            except subprocess.TimeoutExpired:
                running.kill()
            raise


def report(results: list[tuple[str, str, float]], lacking: list[str]) -> int:
    """A line for each suite; the exit code."""
    print("\n== In all")
    for name, result, seconds in results:
        print(f"  {name:<40} {result:<15} {seconds:6.0f} s")
    for words in lacking:
        print(f"  SKIPPED for want of {words}")
    said = {result for _name, result, _seconds in results}
    must_run = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    if lacking and must_run:
        print("  With CI=true a missing part is a failure.")
    return 1 if "failed" in said or "passed" not in said or (lacking and must_run) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
