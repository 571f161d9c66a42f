"""The stock: what is listed, what may be written down, what is refused."""

from datetime import date

import pytest
from django.test import Client

from store.models import Order, Stock, StockMove
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/cms/shop/stock/"


def names(client: Client, query: str = "") -> list[tuple[str, int, int]]:
    return [(pool.name, pool.held, pool.free) for pool in client.get(f"{URL}{query}").context["object_list"]]


def test_list_shows_what_is_promised_and_free(desk_client: Client, sale: Order) -> None:
    pool = Stock.objects.get()

    assert names(desk_client) == [(pool.name, 2, 8)]
    assert names(desk_client, "?state=low") == []
    Stock.objects.update(low_at=8)
    assert names(desk_client, "?state=low") == [(pool.name, 2, 8)]
    assert names(desk_client, "?q=nothing") == []


def test_empty_list_says_what_to_do_next(desk_client: Client) -> None:
    factories.open_shop()

    assert desk_client.get(URL).status_code == 200
    assert names(desk_client) == []


@pytest.mark.parametrize(("kind", "units", "on_hand", "move"), [
    ("received", 3, 13, 3), ("counted", 4, 4, -6), ("lost", 1, 9, -1), ("used", 10, 0, -10),
])  # fmt: skip
def test_move_is_written_with_reason_note_and_who(
    desk_client: Client, kind: str, units: int, on_hand: int, move: int
) -> None:
    pool = factories.stocked(factories.offer(units=10))

    desk_client.post(f"{URL}{pool.pk}/", {"kind": kind, "units": units, "note": "Inventaire"})

    last = StockMove.objects.first()
    assert last is not None
    assert (Stock.objects.get().on_hand, last.quantity, last.reason, last.note, str(last.by)) == (
        on_hand, move, kind, "Inventaire", "Hélène",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "units"), [("lost", "11"), ("received", "0"), ("received", ""), ("lost", "-1"), ("", "2")]
)
def test_impossible_move_is_refused_and_nothing_typed_is_lost(desk_client: Client, kind: str, units: str) -> None:
    pool = factories.stocked(factories.offer(units=10))

    response = desk_client.post(f"{URL}{pool.pk}/", {"kind": kind, "units": units, "note": "Cassé"})

    assert (response.status_code, Stock.objects.get().on_hand) == (422, 10)
    assert "Cassé" in response.content.decode()


def test_count_that_agrees_moves_nothing(desk_client: Client) -> None:
    pool = factories.stocked(factories.offer(units=10))

    assert desk_client.post(f"{URL}{pool.pk}/", {"kind": "counted", "units": 10}).status_code == 302
    assert StockMove.objects.count() == 1


def test_warning_and_return_are_set_without_touching_the_count(desk_client: Client) -> None:
    pool = factories.stocked(factories.offer(units=10))

    desk_client.post(f"{URL}{pool.pk}/", {"settings": "1", "low_at": 5, "back_on": "2027-03-12"})

    pool.refresh_from_db()
    assert (pool.low_at, pool.back_on, pool.on_hand) == (5, date(2027, 3, 12), 10)


def test_page_names_who_waits(desk_client: Client, sale: Order) -> None:
    assert sale.number in desk_client.get(f"{URL}{Stock.objects.get().pk}/").content.decode()
