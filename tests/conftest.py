"""Fixtures that every test may ask for."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from pytest_django.plugin import blocking_manager_key

from tests.rig.standin import Standin

FLUSHED = pytest.StashKey[bool]()


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


def is_transactional(item: pytest.Item) -> bool:
    """Whether the database is flushed after this test."""
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and (marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences"))
    fixtures = getattr(item, "fixturenames", ())
    return bool(asked) or "transactional_db" in fixtures or "live_server" in fixtures


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a flush took away is laid again before the next test, outside its transaction."""
    if item.config.stash.get(FLUSHED, False):
        from tests import factories

        with item.config.stash[blocking_manager_key].unblock():
            cache.clear()
            factories.lay()
    item.config.stash[FLUSHED] = is_transactional(item)


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """What a process remembers between requests is forgotten between tests; keys are used again after a rollback."""
    from core import held
    from store import gateway, selling

    caches["renditions"].clear()
    held.forget()
    selling._held.clear()  # noqa: SLF001 - no verb for it: only tests go back in time
    gateway.client.cache_clear()
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
