"""One live shop for all journeys; a browser, an article and a look at the books for each."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Playwright, sync_playwright

from store.models import DeliveryRate
from tests import factories
from tests.journeys.reader import Reader
from tests.journeys.shop import LiveShop
from tests.rig.standin import Standin

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ABROAD = 990
WIDTH = int(os.environ.get("JOURNEY_WIDTH", "390"))
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("journey")
            item.add_marker("django_db")


@pytest.fixture
def _django_db_helper() -> None:
    """No transaction around a journey: the shop's own processes must see what it lays out."""


@pytest.fixture(scope="package")
def live_shop(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveShop]:
    """Server, worker and stand-in; what the journeys wrote is gone afterwards."""
    # Playwright's own loop runs in this thread; the database is used between its steps, never inside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    folder = tmp_path_factory.mktemp("live")
    standin = Standin(folder)
    standin.start()
    with django_db_blocker.unblock():
        factories.open_shop()
        shop = LiveShop(folder, standin)
        try:
            shop.start()
            yield shop
        finally:
            shop.stop()
            standin.stop()
            call_command("flush", interactive=False, verbosity=0)
            factories.lay()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not at hand")
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    one = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    yield one
    one.close()


@pytest.fixture
def house(live_shop: LiveShop, django_db_blocker: Any, settings: Any) -> Iterator[LiveShop]:
    """The live shop, whose database this test may write to; its books are looked at in the end."""
    settings.BASE_URL = live_shop.base
    settings.STRIPE_API_BASE = live_shop.standin.base
    # What is written here is read by processes that know no quick hasher of tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    with django_db_blocker.unblock():
        send_abroad()
        yield live_shop
        live_shop.standin.control("POST", "deliveries", mode="normal")
        live_shop.standin.control("DELETE", "faults")
        look_at_the_books()


def send_abroad() -> None:
    """Two countries at two prices: the total hangs on the address, so that our recap asks for it."""
    home = factories.open_shop().delivery_methods.order_by("pk").first()
    if not home.rates.filter(amount=ABROAD).exists():
        DeliveryRate.objects.create(method=home, countries=["BE"], amount=ABROAD)


@pytest.fixture
def one_country(house: LiveShop) -> None:
    """One price to one country: Stripe's form may ask for the address."""
    DeliveryRate.objects.filter(amount=ABROAD).delete()


@pytest.fixture
def visitor(house: LiveShop, browser: Browser) -> Iterator[Callable[..., Reader]]:
    """A new person with a browser of their own; `options` are Playwright's for a context."""
    readers: list[Reader] = []

    def come(**options: Any) -> Reader:
        given = {"viewport": {"width": WIDTH, "height": 844}, "locale": "fr-FR", **options}
        readers.append(Reader(browser.new_context(**given), house.base, house.standin.origin))
        return readers[-1]

    yield come
    complaints = [text for reader in readers for text in reader.complaints()]
    for reader in readers:
        reader.context.close()
    assert complaints == []


@pytest.fixture
def reader(visitor: Callable[..., Reader]) -> Reader:
    return visitor()


def look_at_the_books() -> None:
    """`manage verify`: what may never be true is not."""
    said = io.StringIO()
    try:
        call_command("verify", stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())
