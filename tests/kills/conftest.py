"""How often each step is killed: once, or as often as KILLS says (the soak: ten times)."""

import os

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The same test again and again, each with its own number."""
    times = int(os.environ.get("KILLS", "1"))
    if times > 1:
        metafunc.fixturenames.append("time_killed")
        metafunc.parametrize("time_killed", range(times))
