"""Sends what stands in the outbox: signed, at least once, again with growing pauses.

A background thread; the outbox outlives a restart. Time here is real time, because the receiver
compares the signature's timestamp with its own clock.
"""

import hashlib
import hmac
import http.client
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from sqlite3 import Row
from urllib.parse import urlsplit

from sandbox.store import Body, db

PAUSES = (3, 10, 30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
PATIENCE = 20
TICK = 0.1
STALE = 900
SENDERS = 8
log = logging.getLogger("sandbox.webhooks")


class Courier:
    """Hands due deliveries to a few sender threads and writes down how each went."""

    def __init__(self) -> None:
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhook")
        self._flying: set[int] = set()
        self._lock = threading.Lock()

    def send_due(self) -> None:
        rows = db.sql(
            "SELECT * FROM outbox WHERE state = 'pending' AND due <= ? ORDER BY due, seq LIMIT 100",
            time.time(),
        )
        for row in rows:
            with self._lock:
                if row["seq"] in self._flying:
                    continue
                self._flying.add(row["seq"])
            self._senders.submit(self._deliver, row)

    def _deliver(self, row: Row) -> None:
        try:
            event, endpoint = db.get(row["event"]), db.get(row["endpoint"])
            if event is None or endpoint is None or endpoint.body["status"] != "enabled":
                db.sql("UPDATE outbox SET state = 'dropped' WHERE seq = ?", row["seq"])
                return
            _settle(row, _send_all(row["manner"], event.body, endpoint.body, endpoint.private))
        finally:
            with self._lock:
                self._flying.discard(row["seq"])


def _send_all(manner: str, event: Body, endpoint: Body, private: Body) -> str:
    """Sends one delivery in its manner; the answer of the last copy, such as "200"."""
    name, _, copies = manner.partition(":")
    body = dict(event, api_version=endpoint["api_version"] or event["api_version"])
    answers: list[str] = []

    def send() -> None:
        answers.append(_send(endpoint["url"], *_signed(body, private["secret"], name)))

    threads = [threading.Thread(target=send) for _ in range(int(copies or 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return next((one for one in answers if not one.startswith("2")), answers[-1])


def _signed(body: Body, secret: str, manner: str) -> tuple[bytes, str]:
    payload = json.dumps(body, indent=2, ensure_ascii=False).encode()
    moment = int(time.time()) - (STALE if manner == "stale" else 0)
    key = "whsec_another" if manner == "wrong_secret" else secret
    header = signature(payload, key, moment)
    if manner == "tampered":
        forged = payload.replace(b'"amount_total": ', b'"amount_total": 1', 1)
        payload = forged if forged != payload else payload + b" "
    return payload, header


def signature(payload: bytes, secret: str, moment: int) -> str:
    """The ``Stripe-Signature`` header of a payload."""
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + payload, hashlib.sha256)
    return f"t={moment},v1={signed.hexdigest()}"


def _send(url: str, payload: bytes, header: str) -> str:
    """The status of the answer, or why there was none."""
    target = urlsplit(url)
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = kind(target.hostname or "", target.port, timeout=PATIENCE)
    try:
        path = target.path or "/"
        connection.request(
            "POST",
            f"{path}?{target.query}" if target.query else path,
            payload,
            {
                "Content-Type": "application/json; charset=utf-8",
                "Stripe-Signature": header,
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "Accept": "*/*; q=0.5, application/xml",
                "Cache-Control": "no-cache",
            },
        )
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()


def _settle(row: Row, answer: str) -> None:
    attempts = row["attempts"] + 1
    delivered = answer.startswith("2")
    with db.transaction():
        if delivered:
            state, due = "delivered", row["due"]
            _count_down(row["event"])
        elif attempts > len(PAUSES):
            state, due = "failed", row["due"]
        else:
            state, due = "pending", time.time() + PAUSES[attempts - 1]
        db.sql(
            "UPDATE outbox SET state = ?, due = ?, attempts = ?, answer = ?, manner = '' WHERE seq = ?",
            state,
            due,
            attempts,
            answer,
            row["seq"],
        )
    log.info("webhook %s to %s: %s", row["event"], row["endpoint"], answer)


def _count_down(event_id: str) -> None:
    event = db.get(event_id)
    if event is not None:
        event.body["pending_webhooks"] = max(event.body["pending_webhooks"] - 1, 0)
        db.save(event)
