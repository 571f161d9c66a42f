"""The demo's own pages: the mailbox, and a strip to enter as reader or owner. Never routed in production."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

CARDS = [("4242 4242 4242 4242", "paid"), ("4000 0000 0000 0002", "declined"), ("4000 0025 0000 3155", "3-D Secure")]


def letters() -> list[tuple[str, EmailMessage]]:
    """(file name, message), newest first."""
    box = Path(settings.MAILBOX)
    files = sorted(box.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True) if box.exists() else []
    return [(file.name, _read(file)) for file in files[:100]]


def _read(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)  # type: ignore[arg-type, return-value]


def mailbox(request: HttpRequest) -> HttpResponse:
    """All mails that the shop sent."""
    return render(request, "home/mailbox.html", {"letters": letters()})


def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as its reader sees it."""
    found = dict(letters()).get(name)
    if found is None:
        raise Http404
    text, html = found.get_body(("plain",)), found.get_body(("html",))
    return render(
        request,
        "home/letter.html",
        {
            "letter": found,
            "text": text.get_content() if text else "",
            "html": html.get_content() if html else "",
            "attachments": [part.get_filename() for part in found.iter_attachments()],
        },
    )


def strip(request: HttpRequest) -> HttpResponse:
    """The folded strip's inside: enter as reader or owner, test cards, mailbox, start over."""
    return render(request, "home/strip.html", {"cards": CARDS})
