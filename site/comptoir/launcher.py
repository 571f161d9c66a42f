"""What `./comptoir VERB` does once the dependencies are there. Starts children and ends them; imports no Django."""

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec

from comptoir import demo
from comptoir.children import Refused
from comptoir.steps import MANAGE, ROOT, catalogues


def main(arguments: list[str]) -> int:
    """Run one verb; its exit code."""
    verb, rest = arguments[0], arguments[1:]
    os.chdir(ROOT)
    try:
        catalogues()
        return VERBS[verb](rest)
    except Refused as refusal:
        print(f"comptoir: {refusal}", file=sys.stderr)
        return 1


def manage(rest: list[str]) -> int:
    """Django's command line, with the demo's settings where the demo was set up and nothing else is said."""
    os.environ.update(demo.remembered())
    return become(MANAGE, *rest)


def sandbox(rest: list[str]) -> int:
    """The stand-in of Stripe alone."""
    port = os.environ.get("SANDBOX_PORT", str(demo.SANDBOX_PORT))
    return become("-m", "sandbox", "--port", port, "--db", str(demo.VAR / "sandbox.sqlite3"), *rest)


def module(name: str) -> Callable[[list[str]], int]:
    """A verb that is a module of the tests."""

    def run(rest: list[str]) -> int:
        try:
            found = find_spec(name)
        except ModuleNotFoundError:
            found = None
        if found is None:
            raise Refused(f"there is no {name} in this copy.")
        return become("-m", name, *rest)

    return run


def soak(rest: list[str]) -> int:
    """The long repetitions, on SQLite and then on PostgreSQL."""
    if not (ROOT / "tests" / "soak").is_dir():
        raise Refused("there is no tests/soak in this copy.")
    return become("-m", "tests.rig", "--soak", *rest)


def become(*command: str) -> int:
    """Replace this process by Python with that command line."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606 - our own interpreter


VERBS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo.run,
    "dev": demo.develop,
    "test": module("tests.rig"),
    "check": module("tests.rig.check"),
    "soak": soak,
    "bench": module("tests.bench"),
    "shots": module("tests.shots"),
    "sandbox": sandbox,
    "manage": manage,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
