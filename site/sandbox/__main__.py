"""``python -m sandbox``: starts the stand-in."""

import argparse
import logging
import sys

from sandbox import options, project
from sandbox.store import db


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--public", help="its address for browsers; http://localhost:PORT")
    parser.add_argument("--db", default="var/sandbox.sqlite3", help="the file of its state")
    parser.add_argument("--key", default=options.secret_key, help="the secret key it takes")
    parser.add_argument("--publishable", default=options.publishable_key)
    parser.add_argument("--verbose", action="store_true", help="log each request and webhook")
    told = parser.parse_args()
    logging.basicConfig(
        level=logging.INFO if told.verbose else logging.WARNING,
        format="%(asctime)s %(name)s: %(message)s",
    )
    options.secret_key, options.publishable_key = told.key, told.publishable
    options.origin = told.public or f"http://localhost:{told.port}"
    logging.getLogger("django.request").setLevel(logging.ERROR)
    db.open(told.db)
    project.configure((told.host,))
    from sandbox.server import serve  # noqa: PLC0415 its imports need configured settings

    try:
        serve(told.host, told.port)
    except OSError as error:
        sys.exit(f"The stand-in of Stripe cannot use {told.host}:{told.port}: {error.strerror}.")


if __name__ == "__main__":
    main()
