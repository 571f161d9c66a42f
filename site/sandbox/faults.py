"""Faults that tests order: an error, a rate limit, silence or a cut line, before or after the effect."""

import threading
from dataclasses import dataclass
from fnmatch import fnmatch

KINDS = ("error", "rate_limit", "timeout", "reset", "slow")


@dataclass
class Fault:
    kind: str = "error"
    when: str = "before"
    method: str = "*"
    path: str = "*"
    count: int = 1
    seconds: float = 30
    status: int = 500
    saved: bool = True


_faults: list[Fault] = []
_lock = threading.Lock()
_calm = threading.Event()


def add(fault: Fault) -> None:
    with _lock:
        _faults.append(fault)
        _calm.clear()


def clear() -> None:
    """Forgets all faults and wakes the requests that are kept waiting."""
    with _lock:
        _faults.clear()
        _calm.set()


def waiting() -> list[dict[str, object]]:
    with _lock:
        return [dict(vars(fault)) for fault in _faults]


def take(method: str, path: str) -> Fault | None:
    with _lock:
        for fault in _faults:
            if fnmatch(method, fault.method.upper()) and fnmatch(path, fault.path):
                fault.count -= 1
                if fault.count <= 0:
                    _faults.remove(fault)
                return fault
    return None


def sleep(fault: Fault) -> None:
    """Silence for the fault's seconds, or until faults are cleared."""
    _calm.wait(fault.seconds)
