"""Reads the letters that the demo's mail backend wrote into files; writes nothing, but can throw all away."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings

RULE = b"-" * 79
MOST = 200


@dataclass(frozen=True)
class Enclosure:
    """One file in a letter."""

    number: int
    name: str
    mimetype: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One mail as its reader gets it."""

    key: str
    subject: str
    sender: str
    to: str
    at: datetime
    language: str
    text: str
    html: str
    enclosures: tuple[Enclosure, ...]


def all_letters() -> list[Letter]:
    """The last letters, newest first."""
    box = Path(settings.MAILBOX)
    files = sorted(box.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True) if box.exists() else []
    found = [_letter(key, raw, file) for file in files[:MOST] for key, raw in _split(file)]
    return sorted(found, key=lambda letter: letter.at, reverse=True)


def find(key: str) -> Letter | None:
    """One letter by its key."""
    return next((letter for letter in all_letters() if letter.key == key), None)


def throw_away() -> None:
    """Empty the mailbox."""
    for file in Path(settings.MAILBOX).glob("*.log"):
        file.unlink(missing_ok=True)


def _split(file: Path) -> list[tuple[str, bytes]]:
    """(key, message) pairs: Django's backend writes a rule after each message, several into one file."""
    parts = file.read_bytes().split(RULE + b"\n")
    return [(f"{file.stem}-{number}", part) for number, part in enumerate(parts, start=1) if part.strip()]


def _letter(key: str, raw: bytes, file: Path) -> Letter:
    message: Any = email.message_from_bytes(raw, policy=email.policy.default)
    sent = message["Date"].datetime if message["Date"] else None
    return Letter(
        key=key, subject=str(message["Subject"] or ""), sender=str(message["From"] or ""), to=str(message["To"] or ""),
        at=(sent or datetime.fromtimestamp(file.stat().st_mtime).astimezone()).astimezone(),
        language=str(message["Content-Language"] or ""), text=_body(message, "plain"), html=_body(message, "html"),
        enclosures=tuple(
            Enclosure(number, part.get_filename() or "file", part.get_content_type(), part.get_payload(decode=True) or b"")
            for number, part in enumerate(message.iter_attachments(), start=1)
        ),
    )  # fmt: skip


def _body(message: EmailMessage, kind: str) -> str:
    part: Any = message.get_body((kind,))
    return str(part.get_content()) if part else ""
