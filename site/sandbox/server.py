"""The threaded web server, and the thread beside it that sends webhooks and lets time pass."""

import logging
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from sandbox import described, passing_time, routes
from sandbox.cut import CutLine
from sandbox.webhooks import TICK, Courier

type App = Callable[..., Iterable[bytes]]

log = logging.getLogger("sandbox.server")
RESET = struct.pack("ii", 1, 0)


class Server(ThreadedWSGIServer):
    request_queue_size = 256

    def server_bind(self) -> None:
        """Without the look-up of our own name, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name = str(self.server_address[0])
        self.server_port = int(self.server_address[1])
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(WSGIRequestHandler):
    """One connection, kept open for several requests."""

    disable_nagle_algorithm = True

    def get_environ(self) -> dict[str, Any]:
        environ = super().get_environ() | {"sandbox.cut": self.cut}
        # Where the client names no type the base class guesses one.
        return environ | {"CONTENT_TYPE": self.headers.get("Content-Type", "")}

    def cut(self) -> None:
        """Resets the connection instead of answering."""
        self.close_connection = True
        line: Any = self.connection
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        line.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base class's name
        log.info(format, *args)


def cutting(app: App) -> App:
    """The app, with a cut line as an end of the connection."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except CutLine:
            environ["sandbox.cut"]()
            raise ConnectionResetError from None

    return answer


def serve(host: str, port: int) -> None:
    """Serves until interrupted."""
    server = Server((host, port), Handler)
    server.set_app(cutting(get_wsgi_application()))
    threading.Thread(target=_beside, daemon=True, name="time").start()
    threading.Thread(target=_warm_up, daemon=True, name="warm-up").start()
    log.warning("Stripe stand-in on http://%s:%s", host, port)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return


def _beside() -> None:
    courier, ticks = Courier(), 0
    while True:
        try:
            courier.send_due()
            if ticks % round(0.5 / TICK) == 0:
                passing_time.tick()
        except Exception:
            log.exception("the thread of time stumbled")
        ticks += 1
        time.sleep(TICK)


def _warm_up() -> None:
    """Reads the schemas before they are needed; the server answers meanwhile."""
    described.published()
    for operation in routes.OPERATIONS:
        described.from_sdk(operation.params)
        described.from_description(operation.method, operation.template)
