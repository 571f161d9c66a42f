"""The Union's notice on the legal guarantee: the official file or words, never a drawing of ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from core import held
from store import bills, checkout, rights
from tests import factories
from tests.store.owner.entering import enter

pytestmark = pytest.mark.django_db
SETTINGS = "/cms/shop/settings/"


@pytest.fixture
def placed(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The official files are where they belong; the tests' stand for them."""
    for code in ("fr", "en"):
        file = tmp_path / rights.NOTICE.format(code)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("<svg/>")
    settings.STATICFILES_DIRS = [tmp_path]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    look_again()
    yield
    look_again()


def look_again() -> None:
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    held.forget()


def recap() -> str:
    cart = factories.basket(factories.goods(factories.ready(live=True)).offer)
    draft = checkout.draft(cart.shop, checkout.wishes(cart), country="FR", method_id=None)
    return render_to_string("store/counter/rights.html", {"rights": bills.rights(draft)})


def test_without_the_file_words_and_the_way_to_the_union_s_page_stand_there(client: Client) -> None:
    page = client.get(factories.product_page().url).content.decode()

    for html in (page, recap()):
        assert "rights__notice" not in html
        assert f'href="{rights.NOTICE_URL}"' in html
    assert "deux ans" in page


def test_file_that_is_placed_shows_by_itself(client: Client, placed: None) -> None:
    page = client.get(factories.product_page().url).content.decode()

    for html in (page, recap()):
        assert 'class="rights__notice" src="/static/img/legal/guarantee-fr.svg"' in html
    english = client.get(factories.product_page(code="en").url).content.decode()
    assert 'src="/static/img/legal/guarantee-en.svg"' in english


def test_file_that_is_placed_and_not_collected_breaks_no_page(placed: None, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "core.storage.HashedStaticFiles"}}

    assert rights.notice("fr") == ""


def test_owner_is_told_what_is_missing_and_where_it_belongs(client: Client) -> None:
    factories.open_shop()

    page = enter(client, factories.owner()).get(SETTINGS).content.decode()

    for code in ("fr", "en"):
        assert f"<code>static/img/legal/guarantee-{code}.svg</code>" in page


def test_owner_is_told_nothing_once_it_shows(client: Client, placed: None) -> None:
    factories.open_shop()

    assert enter(client, factories.owner()).get(SETTINGS).context["notices"] == []
