"""The matrix of every address and every role: complete, and an address without a row fails."""

import copy

import pytest
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.models import Site

from core import held
from home import demo_load
from members.models import Report
from store import selling
from tests.house import addresses, roles, roles_behind, world
from tests.rig.standin import Standin

FRONT = addresses.named(behind=False)
BEHIND = addresses.named(behind=True)
OURS = {name: row for name, row in BEHIND.items() if not addresses.is_wagtails(name)}


@pytest.fixture
def doors(db, sandbox, monkeypatch: pytest.MonkeyPatch) -> world.World:
    monkeypatch.setattr(demo_load, "start_over", lambda _say: "")  # a whole shop for each role; test_demo does it
    return world.make()


def ask(doors: world.World, sandbox: Standin, role: str, name: str, url: str) -> str:
    """What this role is told, first to look and then to act; whatever they did is undone, at Stripe too."""
    if name.startswith("store:"):
        sandbox.control("POST", "reset")
    caches["renditions"].clear()
    held.forget()
    selling._held.clear()  # noqa: SLF001 - no verb for it: only tests go back in time
    browser = Client(raise_request_exception=False)
    browser.cookies = copy.deepcopy(doors.doors[role].cookies)
    with transaction.atomic():
        told = roles.letter(browser.get(url)) + roles.letter(browser.post(url))
        transaction.set_rollback(True)
    return told


def wrong(doors: world.World, sandbox: Standin, rows: dict[str, str]) -> list[str]:
    """Rows that say something else than what the roles are told."""
    found, known = [], {**FRONT, **OURS}
    for name, row in sorted(rows.items()):
        url = doors.things.get(name) or addresses.example(name, known[name])
        told = " ".join(ask(doors, sandbox, role, name, url) for role in world.ROLES)
        if told != row:
            found.append(f'"{name}": "{told}",  # and not "{row}", at {url}')
    return found


def test_every_address_has_its_row() -> None:
    assert set(FRONT) == set(roles.FRONT)
    assert set(OURS) == set(roles_behind.OURS)
    assert addresses.nameless() == roles_behind.NAMELESS
    assert set("".join([*roles.FRONT.values(), *roles_behind.OURS.values()])) <= {*"ldg ", *roles.LETTERS.values()}


def test_every_row_speaks_of_something_that_is_there(doors: world.World) -> None:
    """Behind the desk no key is invented, so that a refusal is never that of a thing which does not exist."""
    speaking = {name for name, row in OURS.items() if row.pattern.converters}

    assert speaking - set(doors.things) == set()


def test_who_may_see_and_who_may_act(doors: world.World, sandbox: Standin) -> None:
    found = wrong(doors, sandbox, roles.FRONT)

    assert not found, "\n".join(found)


def test_who_may_see_and_who_may_act_behind_the_desk(doors: world.World, sandbox: Standin) -> None:
    found = wrong(doors, sandbox, roles_behind.OURS)

    assert not found, "\n".join(found)


def test_no_row_lets_an_editor_near_orders_and_people() -> None:
    """The rows themselves: strangers sign in, members are refused, an editor is sent back, to look and to act."""
    open_to = {
        name: row
        for name, row in roles_behind.OURS.items()
        if name.startswith(roles_behind.OWNERS) and not row.startswith("ll ll ff ff ff dd ")
    }

    assert open_to == {}


def test_wagtails_own_addresses_are_shut_to_whoever_does_not_work_here(doors: world.World, sandbox: Standin) -> None:
    found, nowhere = [], set()
    for name, row in addresses.wagtails():
        if name in roles_behind.OPEN:
            continue
        try:
            url = addresses.example(name, row)
        except NoReverseMatch:
            nowhere.add(name)
            continue
        told = " ".join(ask(doors, sandbox, role, name, url) for role in world.ROLES[:5])
        if told != ("nn nn ff ff ff" if name in roles_behind.SHUT else "ll ll ff ff ff"):
            found.append(f"{name}: {told}")

    assert not found, "\n".join(found)
    assert nowhere == roles_behind.NOWHERE


def test_wagtails_own_lists_of_people_are_shut_to_an_editor(doors: world.World, sandbox: Standin) -> None:
    """Who has an account, in which group, on which site: to look, to act, and to act on many at once."""
    member = doors.people["member"].pk
    keys = {"wagtailusers_groups": Group.objects.create(name="Des voisins").pk, "wagtailsites": Site.objects.get().pk}
    deeds = ("delete", "assign_role", "set_active_state")
    urls = [
        reverse("wagtail_bulk_action", args=["members", "user", deed]) + f"?id={member}&next=/cms/" for deed in deeds
    ]
    urls += [
        reverse(name, args=[keys.get(name.partition(":")[0], member)] if row.pattern.converters else [])
        for name, row in addresses.wagtails()
        if name.startswith(roles_behind.PEOPLE)
    ]
    told = {url: ask(doors, sandbox, "editor", "", url) for url in urls}

    assert {url: answer for url, answer in told.items() if answer != "dd"} == {}


def test_a_report_waits_for_the_owner_whatever_an_editor_sends(doors: world.World) -> None:
    """Done or refused, this one deed leads to the desk: the row alone does not tell which it was."""
    url = doors.things["club:report"]

    doors.doors["editor"].post(url)
    assert Report.objects.get().handled_at is None
    doors.doors["owner"].post(url)
    assert Report.objects.get().handled_at
