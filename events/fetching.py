"""Fetch a public file over https from an address that a person typed: never from this machine or its network.

The name is resolved once, every answer must be a public address, and the connection goes to that very address, so that
a name that changes its mind in between reaches nothing. No redirects, a bound on size, and one on the whole time.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

LARGEST = 2_000_000
SECONDS = 10.0


class NotFetched(Exception):
    """`reason`: address, private, unreachable, answer, too_large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked(address: str) -> SplitResult:
    """Its parts; raises NotFetched("address") for what is not plain https on its usual port."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise NotFetched("address") from error
    if parts.scheme != "https" or not parts.hostname or port not in {None, 443} or "@" in parts.netloc:
        raise NotFetched("address")
    if any(ord(letter) <= 32 or ord(letter) > 126 for letter in address):
        raise NotFetched("address")
    return parts


def is_public(address: str) -> bool:
    """Whether that IP address belongs to the open internet, also where it wears another family's clothes."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner or found.is_site_local or found in ipaddress.ip_network("64:ff9b::/96"):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def public_address(host: str) -> str:
    """The IP address to connect to; raises NotFetched if the name has none or any private one."""
    try:
        rows = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("unreachable") from error
    found = [str(row[4][0]) for row in rows]
    if not found or not all(map(is_public, found)):
        raise NotFetched("private")
    return found[0]


class Pinned(http.client.HTTPSConnection):
    """Speaks to one IP address, and asks it for the certificate of its name."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, 443, timeout=SECONDS, context=ssl.create_default_context())
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, 443), SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def fetch(address: str) -> bytes:
    """The file at that address; raises NotFetched. Never call it inside a transaction."""
    parts = checked(address)
    host = str(parts.hostname)
    connection = Pinned(host, public_address(host))
    clock = threading.Timer(SECONDS, _hang_up, [connection])
    clock.daemon = True
    clock.start()
    try:
        return _read(connection, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched("unreachable") from error
    finally:
        clock.cancel()
        connection.close()


def _read(connection: http.client.HTTPSConnection, path: str) -> bytes:
    headers = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "Comptoir"}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    if answer.status != 200:
        raise NotFetched("answer")
    content = answer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NotFetched("too_large")
    return content


def _hang_up(connection: http.client.HTTPSConnection) -> None:
    """Time is over, however slowly the other side drips."""
    if connection.sock:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
