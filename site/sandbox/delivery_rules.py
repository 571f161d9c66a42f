"""What tests ask of the next webhook deliveries: duplicated, reordered, delayed, dropped, forged."""

import threading
import time
from dataclasses import dataclass, field

MANNERS = ("duplicated", "reordered", "delayed", "dropped", "tampered", "stale", "wrong_secret")
# Reordered events are held this long after the first, then go one by one, the last one first.
HELD, STEP = 1.5, 0.2


@dataclass
class Rule:
    manner: str
    count: int = 1
    seconds: float = 0
    copies: int = 2
    types: list[str] = field(default_factory=list)
    used: int = 0
    begun: float = 0


_rules: list[Rule] = []
_lock = threading.Lock()


def add(rule: Rule) -> None:
    with _lock:
        _rules.append(rule)


def clear() -> None:
    with _lock:
        _rules.clear()


def waiting() -> list[dict[str, object]]:
    with _lock:
        return [dict(vars(rule)) for rule in _rules]


def take(kind: str) -> tuple[str, float]:
    """The manner of the next delivery of this type, and by how many seconds it is late."""
    with _lock:
        for rule in _rules:
            if rule.types and kind not in rule.types:
                continue
            rule.used += 1
            if rule.used >= rule.count:
                _rules.remove(rule)
            if rule.manner == "reordered":
                rule.begun = rule.begun or time.time()
                due = rule.begun + HELD + STEP * (rule.count - rule.used)
                return rule.manner, max(due - time.time(), 0)
            if rule.manner == "duplicated":
                return f"duplicated:{rule.copies}", rule.seconds
            return rule.manner, rule.seconds
    return "", 0
