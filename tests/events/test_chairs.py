"""The room drawn as chairs: as many as there are, those taken filled; the same for everybody, fresh by itself."""

import re

import pytest
from django.urls import reverse

from events import chairs, hosting
from tests import factories
from tests.events.test_admission import free

pytestmark = pytest.mark.django_db


def drawn(code: str) -> list[int]:
    """How many chairs are taken, and how many free."""
    return [path.count("M") for path in re.findall(r' d="([^"]*)"', code)]


def test_each_chair_is_drawn_once():
    event = factories.event(capacity=14)
    ticket = factories.ticket(event)
    assert drawn(chairs.of(event)["code"]) == [0, 14]
    free(ticket, 3)
    found = chairs.of(event)
    assert drawn(found["code"]) == [3, 11]
    assert f'aria-label="{found["words"]}"' in found["code"]
    free(ticket, 10, email="b@example.org")
    free(ticket, 1, email="c@example.org")
    assert drawn(chairs.of(event)["code"]) == [14, 0]


@pytest.mark.parametrize(
    ("free", "words"),
    [
        (0, "Les 12 chaises sont prises"),
        (1, "1 chaise libre sur 12"),
        (3, "3 chaises libres sur 12"),
        (12, "12 chaises, toutes libres"),
    ],
)
def test_words(free, words):
    assert chairs.words(free, 12) == words


def test_a_large_room_is_said_and_no_room_or_a_cancelled_one_is_not():
    assert chairs.of(factories.event(capacity=300))["code"] == ""
    assert chairs.of(factories.event(capacity=0)) is None
    event = factories.event(capacity=4)
    hosting.cancel(event)
    assert chairs.of(event) is None


def test_page_draws_them_and_asks_for_them_anew(client):
    event = factories.ticket(factories.event(capacity=4)).event
    page = factories.event_page(event)
    url = reverse("events:chairs", args=[event.pk])
    assert f'data-fresh="{url}"' in client.get(page.url).content.decode()
    free(event.tickets.get(), 1)
    answer = client.get(url)
    assert drawn(answer.content.decode()) == [1, 3]
    assert "Cookie" not in answer.headers.get("Vary", "")
    page.unpublish()
    assert client.get(url).status_code == 404
