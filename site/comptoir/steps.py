"""Steps on the way to a running shop, each done only when something it depends on has changed."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from comptoir.children import Refused

ROOT = Path(__file__).resolve().parents[2]
MANAGE = str(ROOT / "site" / "manage.py")
APPS = ("site/core", "site/home", "blog", "store", "members", "events")


@contextmanager
def timed(words: str) -> Iterator[None]:
    """Say what is being done and how long it took."""
    print(f"  {words:<34}", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - begun:5.1f} s", flush=True)


def manage(env: Mapping[str, str], *command: str) -> str:
    """Run a management command and return what it printed; raises Refused with its words when it fails."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, MANAGE, *command], env=dict(env), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise Refused(f"manage {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def once(stamp: Path, mark: str, words: str, act: Callable[[], object]) -> None:
    """Do it unless the stamp holds this very mark."""
    if is_marked(stamp, mark):
        return
    with timed(words):
        act()
    set_mark(stamp, mark)


def is_marked(stamp: Path, mark: str) -> bool:
    """Whether that was done already."""
    return stamp.exists() and stamp.read_text() == mark


def set_mark(stamp: Path, mark: str) -> None:
    """It is done."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark)


def mark_of(files: Iterable[Path], *extra: str) -> str:
    """A short name for the content of these files."""
    digest = hashlib.blake2b(digest_size=16)
    for file in sorted(files):
        digest.update(str(file).encode() + b"\0" + file.read_bytes())
    digest.update("\0".join(extra).encode())
    return digest.hexdigest()


def migrations() -> list[Path]:
    """What decides whether `migrate` has anything to do: our migrations, and the lock for all others'."""
    return [
        ROOT / "requirements.lock",
        *(file for app in APPS for file in (ROOT / app / "migrations").glob("*.py")),
    ]


def static_files() -> list[Path]:
    """What decides whether static files must be collected anew."""
    ours = [ROOT / "static", *(ROOT / app / "static" for app in APPS)]
    found = [file for folder in ours if folder.is_dir() for file in folder.rglob("*") if file.is_file()]
    return [
        ROOT / "requirements.lock",
        ROOT / "site/core/storage.py",
        ROOT / "site/core/stylesheet.py",
        *found,
    ]


def catalogues() -> None:
    """Compile the translations whose .po is newer than its .mo; no msgfmt needed."""
    stale = [
        file
        for file in (ROOT / "site" / "locale").rglob("*.po")
        if not file.with_suffix(".mo").exists() or file.with_suffix(".mo").stat().st_mtime <= file.stat().st_mtime
    ]
    if not stale:
        return
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - a second start has no need of it
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for source in stale:
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parents[1].name)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)
