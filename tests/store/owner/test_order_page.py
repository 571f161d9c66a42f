"""One order: what is shown, what the owner does with it, and what is said when it cannot be."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from store import desk, fulfilment, stock, withdrawal
from store.models import MailSent, Order, Stock, Withdrawal
from store.owner.withdrawals import answer

pytestmark = pytest.mark.django_db
Work = Callable[[], list[Any]]


def url(order: Order, *rest: Any) -> str:
    return "/".join(["/cms/shop/orders", str(order.pk), *map(str, rest), ""])


def told(client: Client, address: str, **data: Any) -> list[str]:
    """What the owner is told after a POST that went through."""
    response = client.post(address, data, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def test_page_shows_buyer_lines_and_money(desk_client: Client, sale: Order) -> None:
    page = desk_client.get(url(sale)).content.decode()

    for words in ("Léa Martin", "12 rue des Lilas", "lea@example.org", sale.lines.get().title, "45,00", "7,50"):
        assert words in page, words


def test_page_says_no_word_of_vat_in_franchise(desk_client: Client, sale: Order) -> None:
    Order.objects.filter(pk=sale.pk).update(is_franchise=True)

    response = desk_client.get(url(sale))

    assert response.context["vat"] == []
    assert "293 B" in response.content.decode()


def test_page_costs_little(desk_client: Client, sale: Order, django_assert_max_num_queries: Any) -> None:
    desk_client.get(url(sale))

    with django_assert_max_num_queries(45):
        desk_client.get(url(sale))


def test_page_of_no_order_is_missing(desk_client: Client) -> None:
    assert desk_client.get("/cms/shop/orders/999/").status_code == 404


def test_ship_moves_stock_tells_the_buyer_and_names_who(desk_client: Client, sale: Order, work: Work) -> None:
    parcel = sale.parcels.get()
    prefix = f"p{parcel.pk}"

    told(
        desk_client,
        url(sale, "parcels", parcel.pk, "ship"),
        **{f"{prefix}-carrier": "Colis", f"{prefix}-tracking": "6A 12 3"},
    )
    work()

    sale.refresh_from_db()
    parcel.refresh_from_db()
    assert (sale.state, parcel.carrier, parcel.tracking, Stock.objects.get().on_hand) == (
        "shipped",
        "Colis",
        "6A123",
        8,
    )
    assert str(sale.events.get(kind="parcel").by) == "Hélène"
    assert MailSent.objects.filter(order=sale, key="shipped:1").exists()


def test_ship_twice_sends_once(desk_client: Client, sale: Order) -> None:
    parcel = sale.parcels.get()
    for _time in range(2):
        told(desk_client, url(sale, "parcels", parcel.pk, "ship"))

    assert (Stock.objects.get().on_hand, sale.events.filter(kind="parcel").count()) == (8, 1)


def test_ship_with_too_long_a_number_keeps_what_was_typed(desk_client: Client, sale: Order) -> None:
    parcel = sale.parcels.get()
    prefix = f"p{parcel.pk}"

    response = desk_client.post(
        url(sale, "parcels", parcel.pk, "ship"), {f"{prefix}-carrier": "Le facteur", f"{prefix}-tracking": "9" * 81}
    )

    assert response.status_code == 422
    assert "Le facteur" in response.content.decode()
    assert "9" * 81 in response.content.decode()
    assert parcel.shipped_at is None


def test_ship_what_is_not_on_the_shelf_is_refused_in_words(desk_client: Client, sale: Order) -> None:
    stock.count(Stock.objects.get(), 1)
    parcel = sale.parcels.get()

    response = desk_client.post(url(sale, "parcels", parcel.pk, "ship"))

    assert response.status_code == 422
    assert Stock.objects.get().name in response.content.decode()
    assert Order.objects.get().state == "paid"


def test_nothing_leaves_while_the_bank_disputes(desk_client: Client, sale: Order) -> None:
    sale.call_for(Order.Attention.DISPUTE)

    told(desk_client, url(sale, "parcels", sale.parcels.get().pk, "ship"))

    assert Order.objects.get().state == "paid"


def test_what_is_withdrawn_from_waits_for_the_answer(desk_client: Client, sale: Order) -> None:
    said = withdrawal.Statement(sale.name, sale.email, sale.number)
    row = withdrawal.declare(sale.shop, said, uuid.uuid4())
    withdrawal.match(row)
    parcel = sale.parcels.get()

    assert not desk.to_send(sale.shop).exists()
    assert desk_client.get("/cms/shop/orders/slips/?todo=pack").context["slips"] == []
    assert not fulfilment.ship(parcel)
    response = desk_client.post(url(sale, "parcels", parcel.pk, "ship"), {f"p{parcel.pk}-tracking": "6A1"})
    assert response.status_code == 422
    assert 'value="6A1"' in response.content.decode()
    assert f'name="p{parcel.pk}-anyway"' in response.content.decode()

    answer(row, by=None)
    assert desk.to_send(sale.shop).get() == sale
    Withdrawal.objects.update(answered_at=None)
    told(desk_client, url(sale, "parcels", parcel.pk, "ship"), **{f"p{parcel.pk}-anyway": "on"})
    sale.refresh_from_db()
    assert (sale.state, sale.events.get(kind="parcel").data["withdrawn"]) == ("shipped", True)


BUYER = {
    "email": "lea@example.net", "name": "Léa Martin", "line1": "3 rue Basse", "line2": "", "postcode": "35000",
    "city": "Rennes",
}  # fmt: skip


def test_buyer_is_put_right_and_the_receipt_follows(
    desk_client: Client, sale: Order, work: Work, mailoutbox: list[Any]
) -> None:
    told(desk_client, url(sale, "buyer"), **BUYER)
    told(desk_client, url(sale, "receipt"))
    work()

    sale.refresh_from_db()
    assert sale.address_lines() == ["Léa Martin", "3 rue Basse", "35000 Rennes"]
    line = sale.events.get(kind="corrected")
    assert (str(line.by), line.data) == ("Hélène", {"fields": ["email", "line1", "postcode", "city"]})
    assert [mail.to for mail in mailoutbox if "lea@example.net" in mail.to] == [["lea@example.net"]]
    assert "Rennes" in desk_client.get(url(sale)).content.decode()


def test_what_was_missing_is_typed_in_and_the_order_goes_on(desk_client: Client, sale: Order, work: Work) -> None:
    sale.parcels.all().delete()
    MailSent.objects.all().delete()
    Order.objects.filter(pk=sale.pk).update(email="", line1="")
    sale.call_for(Order.Attention.INCOMPLETE)

    bad = desk_client.post(url(sale, "buyer"), {**BUYER, "line1": "", "name": "Zoé"})
    assert bad.status_code == 422
    assert 'value="Zoé"' in bad.content.decode()
    told(desk_client, url(sale, "buyer"), **BUYER)
    work()

    sale.refresh_from_db()
    assert (sale.attention, sale.parcels.count()) == ("", 1)
    assert MailSent.objects.filter(order=sale, key="receipt").exists()


def test_buyer_stays_once_all_has_left(desk_client: Client, sale: Order) -> None:
    fulfilment.ship(sale.parcels.get())

    assert told(desk_client, url(sale, "buyer"), **BUYER)

    assert Order.objects.get().city == sale.city


def test_address_is_asked_only_where_something_is_sent(desk_client: Client, sale: Order) -> None:
    Order.objects.filter(pk=sale.pk).update(is_pickup=True)

    assert list(desk_client.get(url(sale)).context["buyer_form"].fields) == ["email", "name"]
    told(desk_client, url(sale, "buyer"), **BUYER)

    assert sale.events.get(kind="corrected").data == {"fields": ["email"]}


def test_split_then_ship_both(desk_client: Client, sale: Order) -> None:
    parcel = sale.parcels.get()
    row = parcel.lines.get()
    address = url(sale, "parcels", parcel.pk, "split")

    assert desk_client.post(address, {f"s{parcel.pk}-units_{row.pk}": 2}).status_code == 422
    told(desk_client, address, **{f"s{parcel.pk}-units_{row.pk}": 1})
    first, second = sale.parcels.all()
    told(desk_client, url(sale, "parcels", second.pk, "ship"))
    assert Order.objects.get().state == "paid"
    told(desk_client, url(sale, "parcels", first.pk, "ship"))

    assert (Order.objects.get().state, Stock.objects.get().on_hand) == ("shipped", 8)


def test_deliver_only_what_was_sent(desk_client: Client, sale: Order) -> None:
    told(desk_client, url(sale, "deliver"))
    assert Order.objects.get().state == "paid"

    fulfilment.ship(sale.parcels.get())
    told(desk_client, url(sale, "deliver"))
    assert Order.objects.get().state == "delivered"
    assert sale.parcels.get().delivered_at


def test_pick_up_is_ready_then_handed_over(desk_client: Client, sale: Order) -> None:
    Order.objects.filter(pk=sale.pk).update(is_pickup=True)

    told(desk_client, url(sale, "parcels", sale.parcels.get().pk, "ship"))
    ready = desk_client.get(url(sale)).context["state"]
    told(desk_client, url(sale, "deliver"))
    handed = desk_client.get(url(sale)).context["state"]

    assert len({ready, handed, "sent", "delivered"}) == 4


def test_missing_parcel_is_made(desk_client: Client, sale: Order) -> None:
    sale.parcels.get().delete()

    told(desk_client, url(sale, "parcel"))

    assert [row.quantity for row in sale.parcels.get().lines.all()] == [2]


def test_note_stands_in_the_timeline_with_who_wrote_it(desk_client: Client, sale: Order) -> None:
    assert desk_client.post(url(sale, "note"), {"text": " "}).status_code == 422
    told(desk_client, url(sale, "note"), text="Emballer <b>doux</b>")

    page = desk_client.get(url(sale)).content.decode()
    assert "Emballer &lt;b&gt;doux&lt;/b&gt;" in page
    assert desk_client.get(url(sale)).context["timeline"][0].who == "Hélène"


def test_buyers_word_leaves_the_desk_once(desk_client: Client, sale: Order) -> None:
    Order.objects.filter(pk=sale.pk).update(note="Merci")
    for _time in range(2):
        told(desk_client, url(sale, "read"))

    assert sale.events.filter(kind="note_read").count() == 1


def test_receipt_goes_out_again(desk_client: Client, sale: Order, work: Work) -> None:
    told(desk_client, url(sale, "receipt"))
    told(desk_client, url(sale, "receipt"))
    work()

    keys = set(MailSent.objects.filter(order=sale, key__startswith="receipt").values_list("key", flat=True))
    assert keys == {"receipt", "receipt:2", "receipt:3"}


def test_slip_has_no_prices_unless_asked_for(desk_client: Client, sale: Order) -> None:
    title = sale.lines.get().title
    plain = desk_client.get(url(sale, "slip")).content.decode()
    priced = desk_client.get(url(sale, "slip") + "?prices=1").content.decode()

    assert (title in plain, "€" in plain) == (True, False)
    assert "45,00" in priced


def test_slips_of_all_that_waits(desk_client: Client, sale: Order) -> None:
    page = desk_client.get("/cms/shop/orders/slips/?todo=pack").content.decode()
    none = desk_client.get("/cms/shop/orders/slips/?todo=pickup").content.decode()

    assert (sale.number in page, sale.number in none) == (True, False)


def test_actions_take_no_get(desk_client: Client, sale: Order) -> None:
    for action in ("deliver", "note", "read", "receipt", "parcel"):
        assert desk_client.get(url(sale, action)).status_code == 405, action
