"""All state of the stand-in: objects as JSON documents in one SQLite file, behind one lock.

The only module that speaks SQL, apart from the outbox in ``sandbox.outbox`` and the keys in
``sandbox.idempotency``, which use the same connection inside ``db.transaction()``.
"""

import json
import secrets
import sqlite3
import string
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

type Body = dict[str, Any]

ALPHABET = string.ascii_letters + string.digits
SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    object TEXT NOT NULL,
    parent TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,
    private TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_kind ON objects (object, deleted, seq);
CREATE INDEX IF NOT EXISTS objects_parent ON objects (parent, seq) WHERE parent != '';
CREATE INDEX IF NOT EXISTS objects_intent
    ON objects (json_extract(body, '$.payment_intent'))
    WHERE json_extract(body, '$.payment_intent') IS NOT NULL;
CREATE INDEX IF NOT EXISTS invoices_of
    ON objects (json_extract(body, '$.parent.subscription_details.subscription'))
    WHERE json_extract(body, '$.parent.subscription_details.subscription') IS NOT NULL;
CREATE INDEX IF NOT EXISTS sessions_open
    ON objects (json_extract(body, '$.expires_at'))
    WHERE object = 'checkout.session' AND json_extract(body, '$.status') = 'open';
CREATE TABLE IF NOT EXISTS later (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    due REAL NOT NULL, what TEXT NOT NULL, target TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL, endpoint TEXT NOT NULL, due REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'pending',
    manner TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (state, due);
CREATE INDEX IF NOT EXISTS outbox_event ON outbox (event);
CREATE TABLE IF NOT EXISTS keys (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL, answer TEXT NOT NULL, made_by TEXT NOT NULL, created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
TABLES = ("objects", "later", "outbox", "keys", "meta")


@dataclass
class Record:
    """One object: ``body`` is what the API shows, ``private`` what only we know of it."""

    body: Body
    private: Body = field(default_factory=dict)
    parent: str = ""
    seq: int = 0

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def deleted(self) -> bool:
        return bool(self.body.get("deleted"))


def new_id(prefix: str, length: int = 24) -> str:
    """A new id: ``new_id("cus")`` gives cus_…, ``new_id("pi_3")`` gives pi_3…"""
    mark = "" if "_" in prefix else "_"
    return f"{prefix}{mark}{''.join(secrets.choice(ALPHABET) for _ in range(length))}"


def nulls(names: str) -> Body:
    """A null for each of the names, which are parted by spaces."""
    return dict.fromkeys(names.split())


# The moment that a thread works at while it catches up with what fell due.
_moment: ContextVar[int | None] = ContextVar("moment", default=None)


class Store:
    """The connection and its lock; ``now()`` is the stand-in's own clock, which tests move."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.offset = 0
        self._depth = 0

    def open(self, path: str) -> None:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.executescript(SCHEMA)
        self.offset = int(self.meta("offset", "0"))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything or nothing; an inner block joins the outer one."""
        with self.lock:
            if self._depth == 0:
                self.connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self.connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self.connection.execute("COMMIT")

    def now(self) -> int:
        moment = _moment.get()
        return int(time.time()) + self.offset if moment is None else moment

    @contextmanager
    def at(self, moment: int) -> Iterator[None]:
        """What is done inside happens at that moment, whatever the clock says."""
        token = _moment.set(moment)
        try:
            yield
        finally:
            _moment.reset(token)

    def move_clock(self, seconds: int) -> None:
        """Moves the clock; deliveries that wait come nearer by as much."""
        with self.transaction():
            self.offset += seconds
            self.set_meta("offset", str(self.offset))
            self.sql("UPDATE outbox SET due = due - ? WHERE state = 'pending'", max(seconds, 0))

    def sql(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        with self.lock:
            return self.connection.execute(statement, values).fetchall()

    def meta(self, name: str, default: str = "") -> str:
        rows = self.sql("SELECT value FROM meta WHERE name = ?", name)
        return str(rows[0]["value"]) if rows else default

    def set_meta(self, name: str, value: str) -> None:
        self.sql("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value)

    def add(self, body: Body, private: Body | None = None, parent: str = "") -> Record:
        record = Record(body, private or {}, parent)
        self.sql(
            "INSERT INTO objects (id, object, parent, created, body, private) VALUES (?, ?, ?, ?, ?, ?)",
            record.id,
            body["object"],
            parent,
            body.get("created", self.now()),
            json.dumps(body),
            json.dumps(record.private),
        )
        return record

    def save(self, record: Record) -> None:
        self.sql(
            "UPDATE objects SET body = ?, private = ?, deleted = ? WHERE id = ?",
            json.dumps(record.body),
            json.dumps(record.private),
            int(record.deleted),
            record.id,
        )

    def remove(self, key: str) -> None:
        self.sql("DELETE FROM objects WHERE id = ?", key)

    def get(self, key: str) -> Record | None:
        rows = self.sql("SELECT * FROM objects WHERE id = ?", key)
        return _record(rows[0]) if rows else None

    def children(self, parent: str, kind: str) -> list[Record]:
        rows = self.sql(
            "SELECT * FROM objects WHERE parent = ? AND object = ? AND deleted = 0 ORDER BY seq",
            parent,
            kind,
        )
        return [_record(row) for row in rows]

    def select(self, kind: str, where: str = "", values: tuple[Any, ...] = ()) -> list[Record]:
        """Records of one kind, oldest first; ``where`` continues the condition."""
        rows = self.sql(
            f"SELECT * FROM objects WHERE object = ? AND deleted = 0 {where}",  # noqa: S608 our own text
            kind,
            *values,
        )
        return [_record(row) for row in rows]

    def later(self, seconds: int, what: str, target: str) -> None:
        """Asks ``passing_time`` to let something happen to an object."""
        self.sql(
            "INSERT INTO later (due, what, target) VALUES (?, ?, ?)",
            self.now() + seconds,
            what,
            target,
        )

    def overdue_sessions(self, now: int) -> list[Record]:
        """Open sessions whose time is over; worded so that SQLite uses the index for them."""
        rows = self.sql(
            "SELECT * FROM objects WHERE object = 'checkout.session' "
            "AND json_extract(body, '$.status') = 'open' "
            "AND json_extract(body, '$.expires_at') <= ?",
            now,
        )
        return [_record(row) for row in rows]

    def wipe(self) -> None:
        with self.transaction():
            for table in TABLES:
                self.sql(f"DELETE FROM {table}")  # noqa: S608 names of our own tables
            self.offset = 0


def _record(row: sqlite3.Row) -> Record:
    return Record(json.loads(row["body"]), json.loads(row["private"]), row["parent"], row["seq"])


db = Store()
