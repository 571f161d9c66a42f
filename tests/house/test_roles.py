"""The matrix of every address and every role: complete, and an address without a row fails."""

import pytest
from django.urls import NoReverseMatch

from home import demo_load
from tests.house import addresses, roles, world

FRONT = addresses.named(behind=False)
BEHIND = addresses.named(behind=True)


@pytest.fixture
def doors(db, sandbox, monkeypatch: pytest.MonkeyPatch) -> world.World:
    monkeypatch.setattr(demo_load, "start_over", lambda _say: "")  # a whole shop for each role; test_demo does it
    return world.make()


def test_every_address_has_its_row() -> None:
    assert set(FRONT) == set(roles.FRONT)


@pytest.mark.parametrize("name", sorted(roles.FRONT))
def test_who_may_see_and_who_may_act(doors: world.World, name: str) -> None:
    url = doors.things.get(name) or addresses.example(name, FRONT[name])
    seen = {
        role: roles.letter(client.get(url)) + roles.letter(client.post(url)) for role, client in doors.doors.items()
    }

    assert seen == dict(zip(world.ROLES, roles.FRONT[name].split(), strict=True)), url


def test_behind_the_counter_only_the_owner_acts(doors: world.World) -> None:
    """Strangers are asked to sign in, members refused; an editor writes and sees nothing of orders or money."""
    for client in doors.doors.values():
        client.raise_request_exception = False  # Wagtail's own addresses fail on a key that is none
    open_doors: dict[str, list[str]] = {role: [] for role in world.ROLES if role != "owner"}
    for name, row in BEHIND.items():
        if name in roles.OPEN_BEHIND:
            continue
        try:
            url = addresses.example(name, row)
        except NoReverseMatch:
            continue
        for role, found in open_doors.items():
            if doors.doors[role].get(url).status_code == 200:
                found.append(name)

    assert {role: found for role, found in open_doors.items() if role != "editor"} == {
        role: [] for role in ("anonymous", "guest", "member", "other", "tier")
    }
    assert [name for name in open_doors["editor"] if name.startswith(roles.OWNERS)] == []
