"""Ten or five hundred: no page of meetings and members asks more of the database when there is more to show."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import held
from events.models import CalendarKey, Seat
from store import selling
from tests import factories
from tests.factories.many import Crowd, crowd, grow
from tests.factories.people import sign_in_strongly

pytestmark = pytest.mark.django_db


def queries(client: Client, path: str) -> list[str]:
    """What the shortest of three more views of an address asks: the first fills what a process remembers."""
    found = []
    for _view in range(4):
        with CaptureQueriesContext(connection) as asked:
            response = client.get(path)
        assert response.status_code == 200, path
        found.append([row["sql"] for row in asked])
    return min(found[1:], key=len)


def public(found: Crowd) -> list[str]:
    """What anybody may see, by address."""
    agenda, first = factories.agenda().url, found.page.url
    later = (
        factories.agenda().get_children().live().specific().order_by("-pk").filter(title__regex="^E[0-9]*[13579]$")[0]
    )
    start = later.event.local_start
    seat = Seat.objects.filter(event=found.event).order_by("pk")[0]
    waiting = found.event.waiting.order_by("pk")[0]
    pages = [first, agenda, f"{agenda}?kind=fair", f"{agenda}{start.year}/{start.month}/", f"{agenda}archives/"]
    feeds = [reverse("events:calendar"), reverse("events:calendar-mine", args=[CalendarKey.objects.get().token])]
    seats = [reverse("events:seat", args=[seat.token]), reverse("events:other-date", args=[seat.token])]
    return [
        *pages,
        *feeds,
        *seats,
        reverse("events:waiting", args=[waiting.token]),
        "/live/?o=1",
        reverse("events:chairs", args=[found.event.pk]),
        club().url,
    ]


def club():
    from members.models import ClubPage

    return ClubPage.objects.first() or factories.home().add_child(
        instance=ClubPage(title="Le club", slug="club", locale=factories.locale())
    )


def private() -> list[str]:
    names = ["account", "members:directory", "members:introductions", "members:card", "members:profile"]
    return [reverse(name) for name in names]


def behind(found: Crowd) -> list[str]:
    """What the owner sees."""
    of = [
        reverse(f"meetings:{name}", args=[found.event.pk]) for name in ("event", "roster", "waiting", "move", "cancel")
    ]
    door = [reverse(f"events:{name}", args=[found.event.pk]) for name in ("door", "door-roster")]
    lists = [reverse(name) for name in ("meetings:events", "club:people", "club:tiers", "wagtailadmin_home")]
    return [*of, *door, *lists]


@pytest.fixture
def people() -> dict[str, Client]:
    found = {"anybody": Client(), "person": Client(), "owner": Client()}
    sign_in_strongly(found["owner"], factories.owner())
    return found


def counted(people: dict[str, Client], found: Crowd) -> dict[str, list[str]]:
    """{address: what it asks}."""
    cache.clear()
    held.forget()
    selling._held.clear()  # noqa: SLF001 - no verb for it: only tests go back in time
    asked = {"anybody": public(found), "person": private(), "owner": behind(found)}
    return {path: queries(people[who], path) for who, paths in asked.items() for path in paths}


def test_ten_or_five_hundred_are_the_same_number_of_queries(
    people: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for memory in (held, selling):  # on a slow machine their few seconds end between two views
        monkeypatch.setattr(memory, "TTL", float("inf"))
    member = factories.member()
    sign_in_strongly(people["person"], member)
    CalendarKey.objects.create(user=member)
    found = crowd(member)
    factories.plan()
    grow(found, 10)
    few = counted(people, found)
    grow(found, 500)
    many = counted(people, found)

    assert {path: asked for path, asked in many.items() if len(asked) != len(few[path])} == {}
    assert max(map(len, many.values())) < 60
