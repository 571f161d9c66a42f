"""What the desk says, in which order, at which cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_ox.models import OxTask

from store import desk, fulfilment, stock
from store.models import Attempt, Order, Stock, StripeEvent, Withdrawal
from tests import factories

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return [row.kind for row in desk.todo(factories.closed_shop())]


def test_todo_of_an_open_shop_without_orders_is_empty() -> None:
    factories.open_shop()

    assert kinds() == []


def test_todo_of_a_blank_shop_names_what_is_missing() -> None:
    rows = desk.todo(factories.closed_shop())

    assert [(row.kind, row.permission) for row in rows] == [("opening", "core.change_shop")]
    assert rows[0].count > 10


def test_todo_of_a_closed_shop_offers_to_open_it() -> None:
    factories.open_shop(is_closed=True)

    assert kinds() == ["closed"]


def test_todo_names_orders_to_pack_until_they_left(sale: Order) -> None:
    assert kinds() == ["pack"]

    fulfilment.ship(sale.parcels.get())
    assert kinds() == []


def test_todo_tells_pick_ups_apart(sale: Order) -> None:
    Order.objects.filter(pk=sale.pk).update(is_pickup=True)

    assert kinds() == ["pickup"]


def test_todo_counts_a_paid_order_whose_parcel_was_not_made(sale: Order) -> None:
    sale.parcels.get().delete()

    assert kinds() == ["pack"]


@pytest.mark.parametrize("fields", [
    {"promised_on": timezone.localdate() - timedelta(days=1)},
    {"promised_on": None, "paid_at": timezone.now() - timedelta(days=31)},
])  # fmt: skip
def test_todo_puts_late_orders_before_the_others(sale: Order, fields: dict[str, Any]) -> None:
    Order.objects.filter(pk=sale.pk).update(**fields)

    assert kinds() == ["late", "pack"]


def test_todo_puts_stuck_money_first_and_nothing_withheld_is_to_pack(sale: Order) -> None:
    sale.call_for(Order.Attention.DISPUTE)

    assert kinds() == ["stuck"]


def test_todo_shows_a_buyers_word_until_it_is_read(sale: Order) -> None:
    Order.objects.filter(pk=sale.pk).update(note="Pour ma sœur")
    assert kinds() == ["note", "pack"]

    sale.record("note_read")
    assert kinds() == ["pack"]


def test_todo_lists_low_stock_of_what_is_on_sale_only() -> None:
    live, draft = factories.offer(units=2), factories.offer(units=1, state="draft")

    rows = desk.todo(live.shop)

    assert [(row.kind, row.count) for row in rows] == [("low", 1)]
    assert factories.stocked(live).name in rows[0].detail
    assert factories.stocked(draft).name not in rows[0].detail


def test_todo_says_how_many_units_lack_after_a_count(sale: Order) -> None:
    stock.count(Stock.objects.get(), 0)

    short = next(row for row in desk.todo(sale.shop) if row.kind == "short")
    assert short.count == 2


def test_todo_names_what_the_machine_left() -> None:
    shop = factories.open_shop()
    old = timezone.now() - timedelta(hours=2)
    OxTask.objects.create(task_path="store.tasks.mail", backend_name="default", status="FAILED", enqueued_at=old)
    event = StripeEvent.objects.create(event_id="evt_1", type="x", body={})
    StripeEvent.objects.filter(pk=event.pk).update(received_at=old)
    order = factories.order(factories.basket(shop=shop))
    Attempt.objects.filter(order=order).update(expires_at=old)

    assert kinds() == ["tasks", "events", "attempts"]


def test_todo_presses_for_a_withdrawal_near_its_end() -> None:
    shop = factories.open_shop()
    now = timezone.now()
    for days in (1, 12):
        Withdrawal.objects.create(
            shop=shop,
            name=f"{days}",
            email="a@example.org",
            contract="?",
            received_at=now - timedelta(days=days),
            digest="",
        )

    rows = desk.todo(shop)

    assert [(row.title.split()[0], row.weight) for row in rows] == [("12", 97), ("1", 80)]


def test_todo_costs_the_same_for_many_orders(sandbox: Any, work: Any, django_assert_num_queries: Any) -> None:
    factories.paid(sandbox)
    work()
    shop = factories.closed_shop()
    desk.todo(shop)
    with django_assert_num_queries(QUERIES):
        desk.todo(shop)
    for _time in range(3):
        factories.paid(sandbox, note="Bonjour")
    work()

    with django_assert_num_queries(QUERIES):
        desk.todo(shop)


QUERIES = 16
