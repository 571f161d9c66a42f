"""Child processes of the launcher: all of them end when one of them dies, or when the launcher is told to stop."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PATIENCE = 8.0


class Refused(Exception):
    """Cannot go on; the text is said to the person and nothing else."""


class Stop(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


@dataclass
class Children:
    """What runs beside each other. Each leads a process group, so that its own children end with it."""

    logs: Path
    env: Mapping[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str], *, shown: bool = False) -> None:
        """Run Python with that command line; its words go to a log, or to the terminal when `shown`."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with self.log(name).open("wb") as log:
            out = None if shown else log
            self.running[name] = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, *command], env=dict(self.env), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    def log(self, name: str) -> Path:
        return self.logs / f"{name.replace(' ', '-')}.log"

    def check(self) -> None:
        """Raise Refused, with its last words, when one of them has died."""
        for name, child in self.running.items():
            code = child.poll()
            if code is not None:
                words = "\n".join(self.log(name).read_text(errors="replace").splitlines()[-25:])
                raise Refused(f"the {name} ended (code {code}); everything is stopped.\n{words}")

    def wait_for(self, url: str, seconds: float = 60) -> None:
        """Until `url` answers."""
        end = time.monotonic() + seconds
        while not answers(url):
            self.check()
            if time.monotonic() > end:
                raise Refused(f"nothing answers at {url}; see {self.logs}.")
            time.sleep(0.05)

    def watch(self) -> None:
        """Until one dies or somebody says stop."""
        while True:
            self.check()
            time.sleep(0.3)

    def stop(self, name: str) -> None:
        """End one: politely, then not."""
        child = self.running.pop(name, None)
        if child is not None:
            _signal(child, signal.SIGTERM)
            _end(child, time.monotonic() + PATIENCE)

    def stop_all(self) -> None:
        """End all of them, the last started first."""
        ending = list(reversed(self.running.values()))
        self.running.clear()
        for child in ending:
            _signal(child, signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        for child in ending:
            _end(child, until)


def _end(child: subprocess.Popen[bytes], until: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(max(until - time.monotonic(), 0.1))
    _signal(child, signal.SIGKILL)
    child.wait()


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    """To its whole group, also when the child itself is gone and its own children are not."""
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def answers(url: str) -> bool:
    """Whether somebody speaks HTTP there."""
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def require_free(port: int, variable: str) -> None:
    """Raise Refused when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refused(f"port {port} is taken. Choose another: {variable}={port + 1000} ./comptoir ...") from error


def stop_on_signals() -> None:
    """Ctrl-C, `kill` and a closed terminal all raise Stop in the main thread."""

    def told(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise Stop

    for number in SIGNALS:
        signal.signal(number, told)


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
