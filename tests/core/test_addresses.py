"""A NUL, which PostgreSQL keeps in no text, is refused at the door and in forms: nobody gets a 500 by typing one."""

import pytest
from django.test import Client
from django.urls import reverse

from events.models import WaitingEntry
from tests import factories
from tests.house import addresses

pytestmark = pytest.mark.django_db
FRONT = [addresses.example(name, row) for name, row in addresses.named(behind=False).items() if row.pattern.converters]
PATHS = [path.replace("/x", nul) for path in FRONT if "/x" in path for nul in ("/%00", "/a%00b")]


@pytest.mark.parametrize(
    "path", [*PATHS, "/%00/", "/en/%00/", "/boutique/%00/", "/cms/%00/", "/media/%00", "/static/%00"]
)
def test_a_nul_in_the_path_names_nothing(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.headers["Cache-Control"] in {"private, no-store", "public, max-age=0, must-revalidate"}


def test_the_shop_says_so_in_its_own_words(client: Client) -> None:
    assert "Nothing stands here" in client.get("/en/place/%00/").content.decode()


@pytest.mark.parametrize("path", ["/", "/agenda/?kind=%00", "/commande/acheter/?offer=%00", "/membres/?q=%00"])
def test_a_nul_in_the_query_names_nothing(client: Client, path: str) -> None:
    client.force_login(factories.member())

    assert client.get(path + ("?q=a%00b" if path == "/" else "")).status_code == 404
    assert client.get("/?q=%2500").status_code == 200


def test_a_nul_in_a_form_is_refused_by_its_field(client: Client) -> None:
    event = factories.event(capacity=1)
    factories.ticket(event)
    factories.event_page(event)
    said = {"size": "1", "name": "A\0", "email": "a\0@example.org"}

    assert client.post(reverse("events:wait", args=[event.pk]), said).status_code == 422
    assert client.post(reverse("store:find-order"), {"number": "A\0", "email": "a@example.org"}).status_code == 422
    assert client.post(reverse("store:withdraw"), {"name": "A\0", "email": "a@example.org"}).status_code == 422
    assert client.post(reverse("account_login"), {"login": "a\0@example.org", "password": "\0"}).status_code == 200
    assert client.post(reverse("account_request_login_code"), {"email": "a\0@example.org"}).status_code == 200
    assert client.post(reverse("store:add"), {"offer": "\0", "quantity": "\0"}).status_code == 410
    assert client.post(reverse("store:buy"), {"offer": "\0", "token": "\0", "total": "\0"}).status_code < 500
    assert not WaitingEntry.objects.exists()


def test_a_nul_among_ticked_boxes_is_passed_over(client: Client) -> None:
    client.force_login(factories.person())

    assert client.post(reverse("members:mails"), {"wanted": ["\0"]}).status_code == 302
