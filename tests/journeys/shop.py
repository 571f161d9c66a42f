"""The shop as readers meet it: web server, worker and stand-in as processes of their own, on the test database."""

import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from store import gateway
from tests.rig.processes import ROOT, Process, free_port
from tests.rig.standin import KEY, Standin

MANAGE = str(ROOT / "site" / "manage.py")
PATIENCE = 15.0


class LiveShop:
    """Starts once; a journey lays its own goods on the shared counter."""

    application = "comptoir.wsgi:application"

    def __init__(self, folder: Path, standin: Standin) -> None:
        self.standin = standin
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.env = self._environment()
        self.web = Process("the web server", self._command(), self.env, folder / "web.log")
        worker = [sys.executable, MANAGE, "ox_worker", "--interval", "0.2", "-v", "0"]
        self.worker = Process("the worker", worker, self.env, folder / "worker.log")

    def _command(self) -> list[str]:
        return [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", self.application,
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        """What an installation is told, with the tests' database; no test settings."""
        kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        return {
            **kept,
            "DATABASE_URL": database_url(),
            "COMPTOIR_VAR": str(settings.VAR),
            "BASE_URL": self.base,
            "STAFF_SECOND_FACTOR": "0",
            "STRIPE_API_BASE": self.standin.base,
            "SANDBOX_ORIGIN": self.standin.origin,
            "TASK_LEASE": "10",
        }

    def start(self) -> None:
        """Static files, the webhook endpoint with its secret, then the processes."""
        self.manage("collectstatic", "--noinput", "-v0")
        self.env["STRIPE_WEBHOOK_SECRETS"] = self._endpoint()["secret"]
        self.web.env = self.worker.env = self.env
        self.web.start()
        self.worker.start()
        self.web.wait_for(f"{self.base}/healthz")

    def stop(self) -> None:
        self.worker.stop()
        self.web.stop()

    def _endpoint(self) -> Any:
        told = {"url": f"{self.base}/stripe/webhook/", "api_version": settings.STRIPE_API_VERSION}
        body = urllib.parse.urlencode([*told.items(), *(("enabled_events[]", name) for name in gateway.EVENTS)])
        request = urllib.request.Request(
            f"{self.standin.base}/v1/webhook_endpoints", body.encode(), {"Authorization": f"Bearer {KEY}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def manage(self, *command: str) -> str:
        """A management command, as the owner would run it."""
        done = subprocess.run(
            [sys.executable, MANAGE, *command],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"manage {' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout


def database_url() -> str:
    """The address of the database that this test process uses."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urllib.parse.urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{name}").geturl()


def until(true: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until a condition on the database holds; says what was missing."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.1)
    return found
