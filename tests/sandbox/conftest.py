"""The stand-in as a subprocess, the official SDK and raw HTTP as its clients, and a receiver of
webhooks. Every answer and every event is checked against Stripe's published description where it
is at hand; where it is not, the tests that say so are skipped and the others run unchecked."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from tests.sandbox import description

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk_test_comptoir"
VERSION = "2026-10-28.endive"


def pytest_report_header() -> str:
    path = description.path()
    return f"stripe description: {path}" if path else "stripe description: NOT AT HAND, bodies unchecked"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Sandbox:
    """A running stand-in; ``start`` may be called again after ``stop``."""

    def __init__(self, file: Path, port: int) -> None:
        self.file, self.port = file, port
        self.base = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Starts it and returns the seconds until it answered."""
        env = os.environ | {"PYTHONPATH": str(ROOT / "site")}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", str(self.port), "--db", str(self.file)],
            env=env,
            cwd=ROOT,
        )
        while time.monotonic() < begun + 15:
            try:
                requests.get(self.base, timeout=5)
            except requests.ConnectionError:
                time.sleep(0.02)
            else:
                return time.monotonic() - begun
        raise TimeoutError("the stand-in did not start")

    def stop(self, *, kill: bool = False) -> None:
        if self.process is not None:
            self.process.kill() if kill else self.process.terminate()
            self.process.wait(10)

    def control(self, method: str, path: str, /, **told: Any) -> Any:
        answer = requests.request(method, f"{self.base}/_control/{path}", json=told, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def outcome(self, session: Any, outcome: str, **told: Any) -> Any:
        return self.control("POST", f"sessions/{session.id}/{outcome}", **told)

    def raw(self, method: str, path: str, data: Any = None, **headers: str) -> requests.Response:
        """A request without the SDK; the answer is checked against the description."""
        sent = {"Authorization": f"Bearer {KEY}", "Stripe-Version": VERSION}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer = requests.request(
            method, self.base + path, data=data, headers={k: v for k, v in sent.items() if v}, timeout=40
        )
        description.check_answer(method, path, answer.status_code, answer.json())
        return answer


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    """The stand-in shares no memory with the shop's tests: nothing of theirs to forget."""


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox") / "state.sqlite3", free_port())
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """The running stand-in, empty."""
    running.control("POST", "reset")
    yield running
    running.control("DELETE", "faults")


class CheckingClient(stripe.RequestsClient):
    """The SDK's own client, which checks each body it receives."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        content, status, headers = super().request(method, url, *args, **kwargs)
        path = url.split("://", 1)[1].partition("/")[2]
        description.check_answer(method.upper(), f"/{path}", status, json.loads(content))
        return content, status, headers


def make_client(base: str, key: str = KEY, *, retries: int = 0, read: float = 20) -> Any:
    return stripe.StripeClient(
        key,
        max_network_retries=retries,
        stripe_version=VERSION,
        base_addresses={"api": base, "connect": base, "files": base, "meter_events": base},
        http_client=CheckingClient(timeout=(3.05, read)),
    )


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    return make_client(sandbox.base)


class Receiver:
    """A shop's webhook address: keeps what came, answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, str, float]] = []
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signature = self.headers["Stripe-Signature"]
                receiver.got.append((body, signature, time.monotonic()))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _, _ in self.got]

    def types(self) -> list[str]:
        return [event["type"] for event in self.events()]

    def wait(self, count: int, seconds: float = 6) -> list[dict[str, Any]]:
        """The events, once at least ``count`` have come; each is checked."""
        end = time.monotonic() + seconds
        while len(self.got) < count and time.monotonic() < end:
            time.sleep(0.03)
        assert len(self.got) >= count, f"{len(self.got)} of {count}: {self.types()}"
        for event in self.events():
            description.check_event(event)
        return self.events()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture
def payment() -> dict[str, Any]:
    """Params of the least session in payment mode."""
    return {
        "mode": "payment",
        "ui_mode": "embedded_page",
        "return_url": "http://127.0.0.1:8000/retour/?session_id={CHECKOUT_SESSION_ID}",
        "line_items": [
            {
                "quantity": 2,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 2345,
                    "product_data": {"name": "Bol bleu"},
                },
            }
        ],
    }
