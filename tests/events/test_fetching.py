"""What a person may make this machine ask for: public addresses by https, small and soon, or nothing."""

import socket
from typing import Any

import pytest

from events import fetching
from events.fetching import NotFetched


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.ics", "ftp://example.org/a.ics", "file:///etc/passwd", "https:///a.ics", "https://example.org:22/",
        "https://me:secret@example.org/", "https://example.org/a b", "https://example.org/\r\nHost:x", "https://[::1", "",
    ],
)  # fmt: skip
def test_what_is_not_plain_https_is_refused(address):
    with pytest.raises(NotFetched, match="address"):
        fetching.checked(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
        "2002:7f00:1::", "64:ff9b::7f00:1", "2001:db8::1", "fec0::1",
    ],
)  # fmt: skip
def test_no_private_address_is_public(address):
    assert fetching.is_public(address) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111"])
def test_open_internet_is_public(address):
    assert fetching.is_public(address) is True


def answers(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """Let every name resolve to these."""
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (row, 443)) for row in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: rows)


def test_a_name_with_one_private_address_is_not_asked(monkeypatch):
    answers(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(NotFetched, match="private"):
        fetching.fetch("https://calendar.example.org/a.ics")


def test_a_name_without_address_is_unreachable(monkeypatch):
    def fails(*given: Any, **more: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(NotFetched, match="unreachable"):
        fetching.public_address("calendar.example.org")


def test_the_checked_address_is_the_one_connected_to(monkeypatch):
    asked = []

    def connects(address: Any, timeout: float) -> Any:
        asked.append(address)
        raise OSError

    answers(monkeypatch, "8.8.4.4")
    monkeypatch.setattr(socket, "create_connection", connects)
    with pytest.raises(NotFetched, match="unreachable"):
        fetching.fetch("https://calendar.example.org/a.ics?x=1")
    assert asked == [("8.8.4.4", 443)]


class Answer:
    """What the other side says."""

    def __init__(self, status: int, content: bytes) -> None:
        self.status, self.content = status, content

    def read(self, most: int) -> bytes:
        return self.content[:most]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(302, b""), "answer"),
        (Answer(404, b""), "answer"),
        (Answer(200, b"x" * (fetching.LARGEST + 1)), "too_large"),
    ],
)
def test_redirects_errors_and_endless_files_are_refused(monkeypatch, answer, reason):
    answers(monkeypatch, "8.8.8.8")
    monkeypatch.setattr(fetching.Pinned, "request", lambda *given, **more: None)
    monkeypatch.setattr(fetching.Pinned, "getresponse", lambda self: answer)
    with pytest.raises(NotFetched, match=reason):
        fetching.fetch("https://calendar.example.org/a.ics")


def test_a_good_answer_is_returned_whole(monkeypatch):
    answers(monkeypatch, "8.8.8.8")
    monkeypatch.setattr(fetching.Pinned, "request", lambda *given, **more: None)
    monkeypatch.setattr(fetching.Pinned, "getresponse", lambda self: Answer(200, b"BEGIN:VCALENDAR"))
    assert fetching.fetch("https://calendar.example.org/a.ics") == b"BEGIN:VCALENDAR"
