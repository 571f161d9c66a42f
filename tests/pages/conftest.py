"""A live demo shop of this package's own, and what a walk through it in each language saw."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Browser

from home import demo_load
from store import gateway
from tests import factories
from tests.journeys.conftest import browser, playwright
from tests.journeys.shop import LiveShop
from tests.pages import behind, circle, front, wares
from tests.pages.tour import Record, Visit, walk
from tests.rig.standin import Standin

__all__ = ["browser", "playwright"]


class NotedShop(LiveShop):
    """Writes down which templates it renders."""

    application = "tests.pages.wsgi:application"

    def __init__(self, folder: Any, standin: Standin) -> None:
        super().__init__(folder, standin)
        self.notes = folder / "templates"
        self.env["TEMPLATE_NOTES"] = str(self.notes)
        self.env["DJANGO_SETTINGS_MODULE"] = "tests.pages.live_settings"

    def templates(self, language: str) -> set[str]:
        """What was rendered in that language."""
        lines = (line.partition(" ") for line in self.notes.read_text().splitlines())
        return {name for spoken, _space, name in lines if spoken == language}


@pytest.fixture
def _django_db_helper() -> None:
    """No transaction around a test: the shop's own processes must see what is laid out."""


@pytest.fixture(scope="package")
def demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NotedShop]:
    """The demo shop with what it lacks, on the test database; all of it is gone afterwards."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    folder = tmp_path_factory.mktemp("demo")
    standin = Standin(folder)
    standin.start()
    shop = NotedShop(folder, standin)
    told = {
        "BASE_URL": shop.base, "STRIPE_API_BASE": standin.base, "SANDBOX_ORIGIN": standin.origin,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
    }  # fmt: skip
    with django_db_blocker.unblock(), override_settings(**told):
        gateway.client.cache_clear()
        try:
            demo_load.start_over(lambda _line: None)
            wares.lay()
            shop.start()
            yield shop
        finally:
            shop.stop()
            standin.stop()
            call_command("flush", interactive=False, verbosity=0)
            cache.clear()
            factories.lay()
    gateway.client.cache_clear()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package", params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="package")
def record(demo: NotedShop, browser: Browser, language: str) -> Record:
    """Every page in one language."""
    found = Record()
    scenes = {**front.SCENES, **circle.SCENES, **({**behind.SCENES, **circle.BEHIND} if language == "fr" else {})}
    visits = {who: Visit(demo, browser, language, found) for who in ("reader", "guest", "buyer", "member", "owner")}
    begun = time.monotonic()
    walk(visits, scenes, found)
    for visit in visits.values():
        visit.page.context.close()
    print(f"{len(found.axe)} places in {language}, {time.monotonic() - begun:.0f} s")
    return found
