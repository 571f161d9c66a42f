"""A PostgreSQL of this run's own: private folder, private port, the settings of a durable one; as root another user's.

Its files lie in memory where there is room: commits are as many and as ordered, only the disk is not waited for.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.rig.processes import free_port, in_memory

LEAST = 15


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, newest first; None where there is none of version 15 or more."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    folders += [Path(found).parent for name in ("initdb",) if (found := shutil.which(name))]
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists() and version(folder) >= LEAST:
            return folder
    return None


def version(folder: Path) -> int:
    words = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return int(words.split()[2].split(".")[0]) if words else 0


def other_user() -> str | None:
    """PostgreSQL refuses to run as root: who then; None for ourselves."""
    if os.geteuid() != 0:
        return None
    known = {row.pw_name for row in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


class Postgres:
    """Started by `start`, ended by `stop`, which removes its folder."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="comptoir-postgres-", dir=in_memory()))
        self.user = other_user()
        self.running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://comptoir@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        found = binaries()
        if found is None:
            raise FileNotFoundError("no PostgreSQL here")
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run(
            [
                found / "initdb",
                "-D",
                self.data,
                "-U",
                "comptoir",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            ]
        )
        options = {
            "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "",
            "fsync": "on", "synchronous_commit": "on", "max_connections": "200",
        }  # fmt: skip
        command = [str(found / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("wb") as log:
            self.running = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **self._as_user())
        self._wait()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def _wait(self) -> None:
        end = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > end or (self.running and self.running.poll() is not None):
                    raise TimeoutError((self.folder / "log").read_text()[-2000:]) from None
                time.sleep(0.1)
            else:
                return

    def _run(self, command: list[object]) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self._as_user(),
        )
        if done.returncode:
            raise RuntimeError(done.stderr)

    def _as_user(self) -> dict[str, Any]:
        """How subprocess is told to run as the other user."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}

    def stop(self) -> None:
        if self.running is not None:
            self.running.terminate()
            try:
                self.running.wait(20)
            except subprocess.TimeoutExpired:
                self.running.kill()
                self.running.wait()
            self.running = None
        shutil.rmtree(self.folder, ignore_errors=True)
