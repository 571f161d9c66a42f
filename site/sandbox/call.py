"""One request as a handler sees it, and which request is being worked on."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import not_found
from sandbox.store import Body, Record, db

API_VERSION = "2026-10-28.endive"


@dataclass
class Call:
    params: Body
    path: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    request_id: str | None = None
    key: str | None = None
    origin: str = ""

    def given(self, *names: str) -> Body:
        """The named params that were sent, empty values as null."""
        sent = {name: self.params[name] for name in names if name in self.params}
        return {name: None if value == "" else value for name, value in sent.items()}


current: ContextVar[Call | None] = ContextVar("current", default=None)

# The ``param`` of a wrong id in the address, where that is not the placeholder's name.
SAID = {"customer": "id", "charge": "id", "subscription": "id"}


def asked(call: Call, kind: str, *, even_deleted: bool = False) -> Record:
    """The object that the address names."""
    (name, key), *_ = call.ids.items()
    record = db.get(key)
    gone = record is not None and record.deleted and not even_deleted
    if record is None or gone or record.body["object"] != kind:
        raise not_found(kind, key, SAID.get(kind, name))
    return record


def referred(kind: str, key: str, param: str) -> Record:
    """The object that a parameter names; 400 when there is none."""
    record = db.get(key)
    if record is None or record.body["object"] != kind or record.deleted:
        raise not_found(kind, key, param, status=400)
    return record


def metadata(sent: Body) -> Body:
    """The metadata that something begins with; an empty value is none."""
    return {name: value for name, value in (sent.get("metadata") or {}).items() if value != ""}


def merge_metadata(body: Body, sent: Any) -> None:
    """Adds the keys sent; an empty value removes its key, an empty metadata removes all."""
    if sent == "":
        body["metadata"] = {}
    elif sent is not None:
        merged = {**body.get("metadata", {}), **sent}
        body["metadata"] = {name: value for name, value in merged.items() if value != ""}
