"""Requests in number, and what they cost the server: requests a second, CPU seconds of its processes, memory."""

import http.client
import os
import re
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CLIENTS = 16
TICKS = os.sysconf("SC_CLK_TCK")
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
COUNT = re.compile(r"(\d+) requests in")


@dataclass(frozen=True)
class Measured:
    """One round: requests a second, and CPU milliseconds of the server for each request."""

    rate: float
    cpu_ms: float


def pids(words: str) -> list[int]:
    """Processes whose command line holds these words, and all their children."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if words in line and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return sorted({pid for root in found for pid in family(root)})


def family(pid: int) -> list[int]:
    """A process and those it started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in family(int(child)))]


def cpu_seconds(processes: list[int]) -> float:
    """User and system time so far."""
    total = 0
    for pid in processes:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory_mb(processes: list[int]) -> float:
    """Resident memory of the largest of them: the one that answers."""
    sizes = []
    for pid in processes:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        sizes.append(int(found.group(1)) / 1024 if found else 0)
    return max(sizes, default=0)


def press(url: str, server: list[int], seconds: float) -> Measured:
    """Ask for one address with sixteen connections: by wrk where it is installed, else by threads of our own."""
    before = cpu_seconds(server)
    if shutil.which("wrk"):
        rate, count = by_wrk(url, seconds)
    else:
        rate, count = by_threads(url, seconds)
    return Measured(rate, 1000 * (cpu_seconds(server) - before) / max(count, 1))


def by_wrk(url: str, seconds: float) -> tuple[float, int]:
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{int(seconds)}s", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    if "Non-2xx" in said:
        raise RuntimeError(f"{url} answered errors:\n{said}")
    rate, count = RATE.search(said), COUNT.search(said)
    if rate is None or count is None:
        raise RuntimeError(said)
    return float(rate.group(1)), int(count.group(1))


def by_threads(url: str, seconds: float) -> tuple[float, int]:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    counts = [0] * CLIENTS
    end = time.monotonic() + seconds

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        while time.monotonic() < end:
            connection.request("GET", target)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{url}: {answer.status}")
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds, sum(counts)
