"""Refund, cancel, decide: never more than is left, never silently, nothing typed lost."""

import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from store import checkout, fulfilment, gateway, orders, reconciling, refunds, stock, verify
from store.models import Hold, Order, Payment, Refund, Stock
from tests import factories

pytestmark = pytest.mark.django_db
Work = Callable[[], list[Any]]


@pytest.fixture(autouse=True)
def _everything_stays_true(db: None) -> Any:
    """After each of these the books are right."""
    yield
    wrong = {check.name: check.breaches for check in verify.checks() if check.breaches}
    wrong.pop("every refund reached Stripe", None)
    assert wrong == {}


def url(order: Order, action: str) -> str:
    return f"/cms/shop/orders/{order.pk}/{action}/"


def confirm(client: Client, order: Order, action: str, **data: Any) -> Any:
    if action == "decide":
        order.refresh_from_db()
        data.setdefault("reason", order.attention)
    if action == "refund":
        data.setdefault("key", str(uuid.uuid4()))
    return client.post(url(order, action), {**data, "confirmed": "1"})


def state(order: Order) -> tuple[str, int]:
    order.refresh_from_db()
    return order.state, order.refunded


def test_refund_is_shown_before_it_is_done(desk_client: Client, sale: Order) -> None:
    line = sale.lines.get()
    key = str(desk_client.get(url(sale, "refund")).context["form"]["key"].value())
    typed = {f"units_{line.pk}": "1", f"gesture_{line.pk}": "2,50", "shipping": "5", "reason": "Fêlé", "key": key}

    shown = desk_client.post(url(sale, "refund"), typed)

    assert (shown.status_code, Refund.objects.count()) == (200, 0)
    assert "27,50" in shown.content.decode()
    assert len(shown.context["form"].summary()) == 3
    assert key in shown.content.decode()
    changed = desk_client.post(url(sale, "refund"), {**typed, "edit": "1"}).content.decode()
    assert 'value="2,50"' in changed
    assert "Fêlé" in changed

    confirm(desk_client, sale, "refund", **typed)
    refund = Refund.objects.get()
    assert (refund.amount, refund.shipping, refund.state, refund.reason, str(refund.by)) == (
        2750,
        500,
        "succeeded",
        "Fêlé",
        "Hélène",
    )
    assert state(sale) == ("paid", 2750)
    assert Hold.objects.get(state="kept").quantity == 1


def test_full_refund_empties_the_order_and_frees_the_units(desk_client: Client, sale: Order, work: Work) -> None:
    initial = desk_client.get(url(sale, "refund") + "?all=1").context["form"].initial
    confirm(desk_client, sale, "refund", **initial)
    work()

    assert state(sale) == ("refunded", 4500)
    assert (sale.parcels.count(), Stock.objects.get().on_hand, Hold.objects.filter(state="kept").count()) == (0, 10, 0)


@pytest.mark.parametrize("gesture", ["10", "40"])
def test_same_confirmation_twice_pays_once(desk_client: Client, sale: Order, gesture: str) -> None:
    typed = {f"gesture_{sale.lines.get().pk}": gesture, "key": str(uuid.uuid4())}

    for _click in range(2):
        assert confirm(desk_client, sale, "refund", **typed).status_code == 302

    assert state(sale) == ("paid", int(gesture) * 100)
    assert str(Refund.objects.get().key) == typed["key"]
    with pytest.raises(refunds.AlreadyAsked):
        refunds.start(sale, refunds.Wanted(shipping=100, key=uuid.UUID(typed["key"])))


def test_cancelling_twice_pays_once(desk_client: Client, sale: Order, work: Work) -> None:
    for _click in range(2):
        confirm(desk_client, sale, "cancel")
        work()

    assert state(sale) == ("cancelled", 4500)
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(("restock", "on_hand"), [({"restock": "on"}, 9), ({}, 8)])
def test_refund_of_sent_units_restocks_if_she_says_so(
    desk_client: Client, sale: Order, restock: dict[str, str], on_hand: int
) -> None:
    fulfilment.ship(sale.parcels.get())

    confirm(desk_client, sale, "refund", **{f"units_{sale.lines.get().pk}": "1"}, **restock)

    assert Stock.objects.get().on_hand == on_hand


@pytest.mark.parametrize("typed", [
    {"units": "3"}, {"gesture": "40,01"}, {"units": "2", "gesture": "0,01"}, {"shipping": "5,01"}, {"gesture": "1,005"},
    {"gesture": "-1"}, {"gesture": "dix"}, {"units": "-1"}, {},
])  # fmt: skip
def test_refund_refuses_too_much_and_keeps_what_was_typed(
    desk_client: Client, sale: Order, typed: dict[str, str]
) -> None:
    line = sale.lines.get()
    data = {name if name == "shipping" else f"{name}_{line.pk}": value for name, value in typed.items()}

    response = confirm(desk_client, sale, "refund", **data, reason="Parce que")

    assert (response.status_code, Refund.objects.count()) == (422, 0)
    page = response.content.decode()
    assert "Parce que" in page
    for value in typed.values():
        assert f'value="{value}"' in page


def test_refund_that_another_made_meanwhile_is_said(
    desk_client: Client, sale: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check of the form and the verb, somebody else gave the units back."""
    line = sale.lines.get()
    real = refunds.start

    def late(order: Order, wanted: refunds.Wanted, **more: Any) -> Any:
        real(order, refunds.Wanted(units={line.pk: 2}))
        return real(order, wanted, **more)

    monkeypatch.setattr(refunds, "start", late)
    response = confirm(desk_client, sale, "refund", **{f"units_{line.pk}": "2"}, reason="Double")

    assert response.status_code == 422
    assert "Double" in response.content.decode()
    assert Refund.objects.count() == 1
    refunds.send(Refund.objects.get().pk)


def test_units_after_a_gesture_give_back_what_the_gesture_left(desk_client: Client, sale: Order) -> None:
    line = sale.lines.get()
    confirm(desk_client, sale, "refund", **{f"gesture_{line.pk}": "10"})
    confirm(desk_client, sale, "refund", **{f"units_{line.pk}": "2"})

    assert [row.amount for row in Refund.objects.order_by("pk")] == [1000, 3000]
    assert state(sale) == ("paid", 4000)


def test_refund_while_stripe_is_silent_is_kept_and_said(
    desk_client: Client, sale: Order, sandbox: Any, settings: Any, work: Work
) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    gateway.client.cache_clear()
    typed = {f"units_{sale.lines.get().pk}": "1", "key": str(uuid.uuid4()), "confirmed": "1"}
    response = desk_client.post(url(sale, "refund"), typed, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["warning"]
    assert Refund.objects.get().state == "asked"

    settings.STRIPE_API_BASE = sandbox.base
    gateway.client.cache_clear()
    work()
    assert state(sale) == ("paid", 2000)


def test_cancel_gives_everything_back(desk_client: Client, sale: Order, work: Work) -> None:
    assert desk_client.post(url(sale, "cancel"), {"reason": "x"}).status_code == 200
    assert state(sale) == ("paid", 0)

    confirm(desk_client, sale, "cancel", reason="Plus de bois")
    work()

    assert state(sale) == ("cancelled", 4500)
    assert (Hold.objects.filter(state="kept").count(), sale.parcels.count()) == (0, 0)
    assert sale.events.get(kind="cancelled").data["reason"] == "Plus de bois"


def test_cancel_after_a_gesture_gives_back_the_rest(desk_client: Client, sale: Order, work: Work) -> None:
    confirm(desk_client, sale, "refund", **{f"gesture_{sale.lines.get().pk}": "10"})
    confirm(desk_client, sale, "cancel")
    work()

    assert state(sale) == ("cancelled", 4500)


def test_cancel_after_a_parcel_left_is_refused(desk_client: Client, sale: Order) -> None:
    fulfilment.ship(sale.parcels.get())

    assert desk_client.get(url(sale, "cancel")).status_code == 302
    assert confirm(desk_client, sale, "cancel").status_code == 422
    assert state(sale) == ("shipped", 0)


def test_order_of_nothing_is_cancelled_without_money(desk_client: Client, work: Work) -> None:
    shop = factories.open_shop()
    shop.delivery_methods.get().rates.update(amount=0)
    order = factories.order(factories.basket(factories.offer(price=0)))
    work()

    confirm(desk_client, order, "cancel")
    work()

    assert state(order) == ("cancelled", 0)


def late_order(sandbox: Any, work: Work, units: int = 0) -> Order:
    """Paid after its units were freed and sold to somebody else."""
    offer = factories.offer(units=1)
    order = factories.order(factories.basket(offer))
    attempt = order.attempts.get()
    session = checkout.open_attempt(attempt)
    sandbox.outcome(session.session_id, "async_pending")
    reconciling.attempt(attempt.pk, by="test")
    stock.release(order)
    order.refresh_from_db()
    order.move(Order.State.LAPSED)
    stock.count(factories.stocked(offer), units)
    sandbox.outcome(session.session_id, "async_succeed")
    orders.settle(session.session_id)
    work()
    order.refresh_from_db()
    return order


def test_oversold_line_is_not_packed_and_can_be_given_back(desk_client: Client, sandbox: Any, work: Work) -> None:
    order = late_order(sandbox, work)
    assert (order.attention, order.parcels.count()) == ("oversold", 0)

    confirm(desk_client, order, "decide", choice="refund_short")
    work()

    assert state(order) == ("paid", 2000)
    assert (order.attention, order.parcels.count()) == ("", 0)


def test_oversold_line_is_honoured_once_units_are_there(desk_client: Client, sandbox: Any, work: Work) -> None:
    order = late_order(sandbox, work)

    assert confirm(desk_client, order, "decide", choice="honour").status_code == 422
    stock.adjust(Stock.objects.get(), 1, "received")
    assert confirm(desk_client, order, "decide", choice="honour").status_code == 302
    work()

    order.refresh_from_db()
    assert (order.attention, Hold.objects.get(state="kept").quantity, order.parcels.count()) == ("", 1, 1)


def pay_twice(sandbox: Any, order: Order) -> Payment:
    """A second attempt of the same order, paid as well."""
    attempt = checkout.attempt_for(order, hosted=True)
    assert attempt
    session = checkout.open_attempt(attempt)
    sandbox.outcome(session.session_id, "paid")
    orders.settle(session.session_id)
    order.refresh_from_db()
    return order.payments.get(attempt=attempt)


def test_second_payment_goes_back_and_the_order_goes_on(
    desk_client: Client, sale: Order, sandbox: Any, work: Work
) -> None:
    second = pay_twice(sandbox, sale)
    assert sale.attention == "double"

    confirm(desk_client, sale, "decide", choice="give_back")
    work()

    second.refresh_from_db()
    assert second.refunded == 4500
    assert state(sale) == ("paid", 0)
    assert sale.attention == ""


def test_cancel_of_an_order_paid_twice_gives_both_back(
    desk_client: Client, sale: Order, sandbox: Any, work: Work
) -> None:
    pay_twice(sandbox, sale)

    confirm(desk_client, sale, "cancel")
    work()

    assert [payment.refunded for payment in sale.payments.all()] == [4500, 4500]
    assert state(sale) == ("cancelled", 4500)


def test_other_amount_can_be_accepted(desk_client: Client, sale: Order, work: Work) -> None:
    sale.parcels.all().delete()
    sale.call_for(Order.Attention.MISMATCH, asked=4500, got=4400)

    confirm(desk_client, sale, "decide", choice="honour")
    work()

    assert sale.parcels.count() == 1


def test_failed_refund_is_asked_for_again(desk_client: Client, sale: Order, sandbox: Any, work: Work) -> None:
    line = sale.lines.get()
    refund = refunds.start(sale, refunds.Wanted(units={line.pk: 1}))
    assert refund
    work()
    sandbox.control("POST", f"refunds/{Refund.objects.get().refund_id}/fail")
    refunds.record(sale.payments.get().intent_id or "")
    sale.refresh_from_db()
    assert (sale.attention, sale.refunded) == ("refund_failed", 0)

    confirm(desk_client, sale, "decide", choice="again")
    work()

    assert [row.state for row in Refund.objects.order_by("pk")] == ["failed", "succeeded"]
    assert state(sale) == ("paid", 2000)
    assert sale.attention == ""


def test_a_refused_refund_does_not_lift_a_disputes_stop(
    desk_client: Client, sale: Order, sandbox: Any, work: Work
) -> None:
    line = sale.lines.get()
    sale.call_for(Order.Attention.DISPUTE)
    sandbox.control("POST", f"charges/{charge_of(sale)}/dispute")

    confirm(desk_client, sale, "refund", **{f"gesture_{line.pk}": "1"})
    sale.refresh_from_db()
    assert Refund.objects.get().error == "charge_disputed"
    assert (sale.attention, fulfilment.ship(sale.parcels.get())) == ("dispute", False)
    assert numbers_of(desk_client, "refund_failed") == numbers_of(desk_client, "dispute") == [sale.number]
    page = desk_client.get(f"/cms/shop/orders/{sale.pk}/").content.decode()
    assert f"{Order.Attention.DISPUTE.label}, {Order.Attention.REFUND_FAILED.label}" in unescape(page)

    for _click in range(2):
        confirm(desk_client, sale, "decide", choice="settled", reason="dispute")
    sale.refresh_from_db()
    assert sale.attention == "refund_failed"
    assert fulfilment.ship(sale.parcels.get())


def charge_of(order: Order) -> str:
    intent = gateway.client().v1.payment_intents.retrieve(order.payments.get().intent_id or "")
    return str(intent.latest_charge)


def numbers_of(client: Client, reason: str) -> list[str]:
    rows = client.get(f"/cms/shop/orders/?attention={reason}").context["object_list"]
    return [order.number for order in rows]


def test_what_keeps_a_parcel_in_is_graver_than_what_does_not() -> None:
    reasons = [value for value in Order.Attention.values if value]
    assert set(reasons[: len(fulfilment.WITHHELD)]) == {str(reason) for reason in fulfilment.WITHHELD}


def test_another_amount_paid_late_leaves_both_reasons(sandbox: Any, work: Work) -> None:
    order = late_order(sandbox, work)
    order.call_for(Order.Attention.MISMATCH, asked=4500, got=4400)

    orders.resolve(order, "mismatch", by=None, honour=True)

    order.refresh_from_db()
    assert order.attention == "oversold"


def test_decide_wants_a_choice(desk_client: Client, sale: Order) -> None:
    sale.call_for(Order.Attention.DISPUTE)

    assert confirm(desk_client, sale, "decide").status_code == 422
    assert confirm(desk_client, sale, "decide", choice="cancel").status_code == 422
    confirm(desk_client, sale, "decide", choice="settled")
    sale.refresh_from_db()
    assert sale.attention == ""
    assert desk_client.get(url(sale, "decide")).status_code == 302


def test_refund_of_everything_in_stripes_dashboard_frees_the_units(sale: Order, sandbox: Any, work: Work) -> None:
    payment = sale.payments.get()
    gateway.create_refund(payment.intent_id or "", 4500, "not-ours", {})
    refunds.record(payment.intent_id or "")
    work()

    assert state(sale) == ("refunded", 4500)
    assert (Hold.objects.filter(state="kept").count(), sale.parcels.count()) == (0, 0)


def test_order_is_sent_once_what_had_not_left_is_taken_back(desk_client: Client, sale: Order) -> None:
    parcel = sale.parcels.get()
    fulfilment.split(parcel, {parcel.lines.get().pk: 1})
    fulfilment.ship(parcel)
    assert state(sale) == ("paid", 0)

    confirm(desk_client, sale, "refund", **{f"units_{sale.lines.get().pk}": "1"})

    assert state(sale) == ("shipped", 2000)
