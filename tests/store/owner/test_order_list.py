"""The list of orders: what is found, what is exported, who may see it."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from store import fulfilment
from store.models import Order, OrderLine
from tests import factories
from tests.store.owner.entering import enter

pytestmark = pytest.mark.django_db
URL = "/cms/shop/orders/"


def numbers(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{URL}{query}")
    assert response.status_code == 200
    return [order.number for order in response.context["object_list"]]


def test_empty_list_says_what_to_do_next(desk_client: Client) -> None:
    page = desk_client.get(URL).content.decode()

    assert 'href="/cms/pages/"' in page


def test_list_leaves_out_what_was_never_paid(desk_client: Client, sale: Order) -> None:
    waiting = factories.order()

    assert numbers(desk_client) == [sale.number]
    assert numbers(desk_client, "?state=placed") == [waiting.number]


def test_search_finds_by_number_name_mail_and_tracking(desk_client: Client, sale: Order) -> None:
    fulfilment.ship(sale.parcels.get(), tracking="6A123")

    for words in (sale.number.lower(), "léa", "lea@example", "6a123"):
        assert numbers(desk_client, f"?q={words}") == [sale.number], words
    assert numbers(desk_client, "?q=personne") == []


def test_filters_narrow(desk_client: Client, sale: Order, sandbox: Any, work: Any) -> None:
    other = factories.paid(sandbox)
    work()
    fulfilment.ship(other.parcels.get())
    key = uuid.uuid4()
    OrderLine.objects.filter(order=other).update(source_key=key, source_title="Lire un balai")
    other.call_for(Order.Attention.DOUBLE)

    assert numbers(desk_client, "?state=shipped") == [other.number]
    assert numbers(desk_client, "?attention=any") == [other.number]
    assert numbers(desk_client, "?attention=dispute") == []
    assert numbers(desk_client, f"?article={key}") == [other.number]
    assert numbers(desk_client, "?todo=pack") == [sale.number]
    assert numbers(desk_client, "?todo=late") == []
    assert numbers(desk_client, "?placed_at_from=2100-01-01") == []
    assert numbers(desk_client, f"?delivery_method={sale.delivery_method_id}") == [other.number, sale.number]


def test_list_costs_the_same_for_many(
    desk_client: Client, sandbox: Any, work: Any, django_assert_max_num_queries: Any
) -> None:
    for _time in range(3):
        factories.paid(sandbox)
    work()
    desk_client.get(URL)

    with django_assert_max_num_queries(26):
        assert len(numbers(desk_client)) == 3


def test_results_alone_are_a_fragment(desk_client: Client, sale: Order) -> None:
    page = desk_client.get(f"{URL}results/?q=léa").content.decode()

    assert sale.number in page
    assert "<html" not in page


def test_writers_see_no_orders(client: Client, sale: Order) -> None:
    writer = factories.owner(is_superuser=False)
    writer.user_permissions.add(Permission.objects.get(codename="access_admin"))
    enter(client, writer)

    for url in (URL, f"{URL}{sale.pk}/", f"{URL}slips/", "/cms/shop/sales/", "/cms/shop/stock/", "/cms/shop/settings/"):
        response = client.get(url)
        assert (response.status_code, response["Location"]) == (302, "/cms/"), url
    assert client.post(f"{URL}{sale.pk}/note/", {"text": "x"}).status_code == 302
    assert not sale.events.filter(kind="note").exists()
