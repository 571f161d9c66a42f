"""The stand-in of Stripe as a child process, and its control plane."""

import hashlib
import hmac
import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.rig.processes import ROOT, Process, free_port

KEY = "sk_test_comptoir"


class Standin:
    """Answers as Stripe does, over real HTTP."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.origin = f"http://localhost:{self.port}"
        env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        command = [
            sys.executable,
            "-m",
            "sandbox",
            "--port",
            str(self.port),
            "--db",
            str(folder / "sandbox.sqlite3"),
        ]
        self.process = Process(
            "the stand-in", command, {**env, "PYTHONPATH": str(ROOT / "site")}, folder / "sandbox.log"
        )

    def start(self) -> None:
        self.process.start()
        self.process.wait_for(self.base)

    def stop(self, *, kill: bool = False) -> None:
        self.process.stop(kill=kill)

    def control(self, method: str, path: str, /, **told: Any) -> Any:
        """A request to `/_control/`: see sandbox.control for what it understands."""
        return self._ask(method, f"/_control/{path}", json.dumps(told).encode())

    def outcome(self, session_id: str, outcome: str, **told: Any) -> Any:
        """What the buyer's bank says: paid, declined, async_pending, async_succeed, async_fail, expire."""
        return self.control("POST", f"sessions/{session_id}/{outcome}", **told)

    def months(self, count: int = 1) -> Any:
        """Moves the stand-in's clock; all that falls due on the way happens, in its order."""
        return self.control("POST", "clock", months=count)

    def renew(self, subscription_id: str) -> Any:
        """Moves the clock to an hour after the running period: paid, refused or ended by then."""
        return self.control("POST", f"subscriptions/{subscription_id}/renew")

    def api(self, path: str) -> Any:
        """A GET of Stripe's API."""
        return self._ask("GET", path, None, {"Authorization": f"Bearer {KEY}"})

    def notices(self, *types: str) -> list[dict[str, Any]]:
        """Events so far, oldest first; of these types if any are named."""
        found: list[dict[str, Any]] = self.api("/v1/events?limit=100")["data"]
        return [event for event in reversed(found) if not types or event["type"] in types]

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str] | None = None) -> Any:
        request = urllib.request.Request(self.base + path, data=body, method=method, headers=headers or {})
        with urllib.request.urlopen(request, timeout=40) as answer:
            return json.load(answer)


def signed(event: dict[str, Any], secret: str = "whsec_tests", at: float | None = None) -> tuple[bytes, str]:
    """(body, Stripe-Signature) of a webhook with that event."""
    body = json.dumps(event).encode()
    stamp = int(at if at is not None else time.time())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return body, f"t={stamp},v1={digest}"
