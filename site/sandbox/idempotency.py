"""Idempotency keys: one answer per key for a day, refusals for a key used otherwise."""

import hashlib
import json
import threading
from dataclasses import dataclass

from sandbox.errors import StripeError
from sandbox.store import db

KEPT = 24 * 3600
LONGEST = 255


@dataclass
class Answer:
    status: int
    text: str
    made_by: str


_working: set[str] = set()
_lock = threading.Lock()


def begin(key: str, request: str, sent: object) -> Answer | None:
    """The saved answer of this key, or None after claiming it; ``finish`` must follow then."""
    if len(key) > LONGEST:
        raise StripeError(f"Idempotency keys can be at most {LONGEST} characters long.", kind="idempotency_error")
    with _lock:
        if key in _working:
            raise StripeError(
                "There is currently another in-progress request using this Idempotent Key "
                f"({key}) (that probably means you submitted twice, and the other request is "
                "still going through). Please try again later.",
                code="idempotency_key_in_use",
                status=409,
                kind="idempotency_error",
            )
        saved = _saved(key, request, sent)
        if saved is None:
            _working.add(key)
        return saved


def _saved(key: str, request: str, sent: object) -> Answer | None:
    rows = db.sql("SELECT * FROM keys WHERE key = ? AND created > ?", key, db.now() - KEPT)
    if not rows:
        return None
    row = rows[0]
    if row["request"] != request or row["fingerprint"] != _fingerprint(sent):
        raise StripeError(
            "Keys for idempotent requests can only be used with the same parameters they were "
            f"first used with. Try using a key other than '{key}' if you meant to execute a "
            "different request.",
            kind="idempotency_error",
        )
    return Answer(row["status"], row["answer"], row["made_by"])


def save(key: str, request: str, sent: object, answer: Answer) -> None:
    """Remembers an answer; called in the transaction of the effect."""
    db.sql(
        "INSERT OR REPLACE INTO keys (key, request, fingerprint, status, answer, made_by, created) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        key,
        request,
        _fingerprint(sent),
        answer.status,
        answer.text,
        answer.made_by,
        db.now(),
    )


def finish(key: str) -> None:
    with _lock:
        _working.discard(key)


def _fingerprint(sent: object) -> str:
    return hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()
