"""Threads that start together, each with its own database connection."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of `count` threads returned or raised, all let go at the same instant."""
    gate = threading.Barrier(count)
    answers: list[Any] = [None] * count

    def run(number: int) -> None:
        try:
            gate.wait(timeout=60)
            answers[number] = act(number)
        except Exception as error:  # noqa: BLE001 - the test looks at what was raised
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=180)
    return answers
