"""Child processes of a test run: each is started here, waited for and ended here."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it get names of their own
ROOM = 4 * 1024**3


def in_memory() -> str | None:
    """A folder that lies in memory and has room for a run; None where there is none."""
    is_there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return str(MEMORY) if is_there else None


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Process:
    """One child with its log; it leads a group of its own, so that `stop` ends its children too."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.name, self.command, self.env, self.log = name, list(command), dict(env), log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        out: IO[bytes]
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    @property
    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def stop(self, *, kill: bool = False) -> None:
        """SIGTERM and ten seconds, then SIGKILL; `kill` asks nobody."""
        if self.running is None:
            return
        if self.is_alive:
            self._signal(signal.SIGKILL if kill else signal.SIGTERM)
            try:
                self.running.wait(10)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self.running.wait(10)
        self.running = None

    def _signal(self, number: int) -> None:
        if self.running is not None:
            os.killpg(self.running.pid, number)

    def wait_for(self, url: str, seconds: float = 30) -> None:
        """Until `url` answers anything; a child that died says its last words."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.is_alive:
                raise RuntimeError(f"{self.name} died:\n{self.tail()}")
            try:
                urllib.request.urlopen(url, timeout=5).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(f"{self.name} does not answer at {url}:\n{self.tail()}")

    def tail(self, lines: int = 40) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
