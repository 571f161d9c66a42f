"""Fixtures that every test may ask for."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection

from tests.rig.standin import Standin


def pytest_report_header() -> str:
    url = os.environ.get("TEST_DATABASE_URL", "")
    return f"database: {'PostgreSQL' if url.startswith('postgres') else 'SQLite'}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run's folder goes with the run; workers leave it to the one that started them."""
    from tests.settings import RUN_DIR

    if not hasattr(config, "workerinput") and not os.environ.get("COMPTOIR_TEST_KEEP"):
        shutil.rmtree(RUN_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with what Wagtail's data migrations would have made, once for all tests."""
    from tests import factories

    with django_db_blocker.unblock():
        factories.lay()


@pytest.fixture(autouse=True)
def _fresh_memory(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a process remembers between requests is forgotten between tests; keys are used again after a rollback."""
    from core import held
    from store import gateway, selling

    held.forget()

    caches["renditions"].clear()
    selling._held.clear()  # noqa: SLF001 - no verb for it: only tests go back in time
    gateway.client.cache_clear()
    mark = request.node.get_closest_marker("django_db")
    flushes = bool(mark and mark.kwargs.get("transaction"))
    if flushes or any(name in request.fixturenames for name in ("transactional_db", "live_server")):
        from tests import factories

        request.getfixturevalue("transactional_db")
        cache.clear()
        factories.lay()
    yield
    gateway.client.cache_clear()


@pytest.fixture
def work() -> Callable[[], list[Any]]:
    """Run what is due in the task queue, as the worker would; a task that fails fails the test."""
    from django_ox.testing import run_tasks

    return lambda: run_tasks(raise_failures=True)


@pytest.fixture(scope="session")
def _standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standin]:
    standin = Standin(tmp_path_factory.mktemp("standin"))
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def sandbox(_standin: Standin, settings: Any) -> Standin:
    """The stand-in of Stripe, empty, with the shop's settings pointed at it."""
    from store import gateway

    _standin.control("POST", "reset")
    settings.STRIPE_API_BASE = _standin.base
    settings.SANDBOX_ORIGIN = _standin.origin
    gateway.client.cache_clear()
    return _standin


@pytest.fixture
def on_postgresql() -> bool:
    """Whether this run is on PostgreSQL."""
    return connection.vendor == "postgresql"
