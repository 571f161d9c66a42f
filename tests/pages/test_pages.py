"""Every page that a person can see is right: for axe, for the Nu HTML checker, in the console; and none is left out."""

from pathlib import Path

import pytest
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, get_page_models

from tests.house import addresses
from tests.house.test_layout import FOLDERS
from tests.pages import nu, unseen
from tests.pages.conftest import NotedShop
from tests.pages.tour import Record
from tests.rig.processes import ROOT

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
# What is shown in French alone: the owner's screens, and the demo's mailbox. The icon has no language.
FRENCH = (
    "components/favicon",
    "owner/",
    "editor/",
    "wagtailadmin/",
    "store/blocks/preview",
    "home/mailbox",
    "home/letter",
)


def test_every_scene_is_reached(record: Record) -> None:
    assert not record.broken, told({name: [words] for name, words in record.broken.items()})


def test_axe_finds_nothing(record: Record) -> None:
    assert not any(record.axe.values()), told(record.axe)


def test_no_console_error_and_no_policy_report(record: Record) -> None:
    assert not record.console, told(record.console)


def test_nu_finds_no_error(record: Record, tmp_path: Path) -> None:
    wrong = nu.errors(record.html, tmp_path)

    assert len(record.html) > 50
    assert not wrong, told(wrong)


def test_no_address_is_left_out(record: Record, language: str) -> None:
    """An address that is not looked at has its reason, and a reason an address that is there and not looked at."""
    known = set(addresses.named(behind=False)) | set(addresses.named(behind=True))
    wanted = set(addresses.named(behind=False)) | types() | (ours() if language == "fr" else set())

    assert wanted - record.addresses - set(unseen.ADDRESSES) == set()
    assert set(unseen.ADDRESSES) - known == set()
    assert set(unseen.ADDRESSES) & record.looked == set()


def test_no_template_is_left_out(record: Record, demo: NotedShop, language: str) -> None:
    """Each was rendered on the walk in this language, or in French where there is no other."""
    shown = demo.templates(language)
    wanted = {name for name in templates() if language == "fr" or not any(part in name for part in FRENCH)}

    assert wanted - shown - set(unseen.TEMPLATES) == set()
    assert set(unseen.TEMPLATES) - (templates() - shown) == set()


def told(wrong: dict[str, list[str]]) -> str:
    """A line for each fault, the place before it."""
    return "\n".join(["", *(f"{name}: {row}" for name, rows in wrong.items() for row in rows)])


def ours() -> set[str]:
    """The editor's addresses that our own code answers."""
    apps = {"comptoir", "home", "blog", "store", "members", "core"}
    rows = addresses.named(behind=True).items()
    return {name for name, row in rows if row.callback.__module__.partition(".")[0] in apps}


def types() -> set[str]:
    """Every type of page, and every list that a page with lists has."""
    models = [model for model in get_page_models() if model is not Page]
    lists = {model: model.get_subpage_urls() for model in models if issubclass(model, RoutablePageMixin)}
    plain = {f"page:{model.__name__}" for model in models if model not in lists}
    found = {(model.__name__, row.callback.__name__) for model, rows in lists.items() for row in rows}
    return plain | {f"page:{model}.{name}" for model, name in found if name != "index_route"}  # ours stands before it


def templates() -> set[str]:
    """Our templates of pages; mails have tests of their own, and Stripe's stand-in is another site."""
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("templates/**/*.html")]
    names = {
        str(file).rpartition("/templates/")[2] for file in files if not file.is_relative_to(ROOT / "site" / "sandbox")
    }
    return {name for name in names if "emails/" not in name and "/email/" not in name}
