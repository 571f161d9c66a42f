"""Subscriptions live on when the clock is moved: renewals, refused cards, new cards, pauses, other plans."""

from itertools import pairwise
from typing import Any

import pytest
import stripe

from tests.sandbox import description
from tests.sandbox.conftest import Sandbox

DAY = 86400


def member(sandbox: Sandbox, client: Any, card: str = "4242424242424242", **more: Any) -> str:
    """A paid subscription of 5 € a month; its id."""
    session = client.v1.checkout.sessions.create(joining(**more))
    sandbox.outcome(session, "paid", card=card)
    return str(client.v1.checkout.sessions.retrieve(session.id).subscription)


def joining(amount: int = 500, interval: str = "month", **more: Any) -> dict[str, Any]:
    price = {"currency": "eur", "unit_amount": amount, "recurring": {"interval": interval}}
    return {
        "mode": "subscription",
        "success_url": "https://example.com/merci",
        "line_items": [{"quantity": 1, "price_data": {**price, "product_data": {"name": "Club"}}}],
        **more,
    }


def told(sandbox: Sandbox, since: int = 0) -> list[str]:
    """Types of the events after the first ``since``, oldest first; each is checked."""
    found: list[dict[str, Any]] = []
    page = sandbox.raw("GET", "/v1/events?limit=100").json()
    found += page["data"]
    while page["has_more"]:
        page = sandbox.raw("GET", f"/v1/events?limit=100&starting_after={found[-1]['id']}").json()
        found += page["data"]
    for event in found:
        description.check_event(event)
    return [event["type"] for event in reversed(found)][since:]


def card_of(client: Any, key: str, name: str) -> None:
    """Attaches a card and makes it the subscription's."""
    customer = client.v1.subscriptions.retrieve(key).customer
    method = client.v1.payment_methods.attach(name, {"customer": customer})
    client.v1.subscriptions.update(key, {"default_payment_method": method.id})


def invoices(client: Any, key: str, **more: Any) -> list[Any]:
    return list(client.v1.invoices.list({"subscription": key, "limit": 100, **more}).data)


def test_each_month_is_paid_once_in_stripes_order(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    before = client.v1.subscriptions.retrieve(key)["items"].data[0]
    count = len(told(sandbox))

    sandbox.control("POST", f"subscriptions/{key}/renew")

    assert [kind for kind in told(sandbox, count) if kind != "charge.updated"] == [
        "invoice.upcoming",
        "customer.subscription.updated",
        "invoice.created",
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice_payment.paid",
    ]
    row = client.v1.subscriptions.retrieve(key, {"expand": ["latest_invoice.payments"]})
    item = row["items"].data[0]
    assert (row.status, item.current_period_start) == ("active", before.current_period_end)
    assert client.v1.subscription_items.retrieve(item.id).current_period_end == item.current_period_end
    invoice = row.latest_invoice
    assert (invoice.status, invoice.billing_reason, invoice.amount_paid) == ("paid", "subscription_cycle", 500)
    assert (invoice.created, invoice.period_end) == (before.current_period_end, before.current_period_end)
    intent = invoice.payments.data[0].payment.payment_intent
    assert client.v1.payment_intents.retrieve(intent).amount_received == 500
    line = client.v1.invoices.line_items.list(invoice.id).data[0]
    assert (line.period.start, line.period.end) == (item.current_period_start, item.current_period_end)


def test_several_periods_in_one_move_come_each_at_its_time(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)

    sandbox.control("POST", "clock", months=3)
    sandbox.control("POST", "clock", advance=3700)

    found = list(reversed(invoices(client, key)))
    assert [one.status for one in found] == ["paid"] * 4
    assert all(28 * DAY <= b.created - a.created <= 31 * DAY for a, b in pairwise(found))
    assert len({one.number for one in found}) == 4


def test_draft_waits_an_hour(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    end = client.v1.subscriptions.retrieve(key)["items"].data[0].current_period_end

    sandbox.control("POST", "clock", set=end + 60)
    draft = invoices(client, key)[0]
    assert (draft.status, draft.number, draft.automatically_finalizes_at) == ("draft", None, end + 3600)

    assert client.v1.invoices.finalize_invoice(draft.id).status == "open"
    assert client.v1.invoices.pay(draft.id).status == "paid"


def test_refused_card_is_tried_again_then_all_is_over(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    card_of(client, key, "pm_card_chargeCustomerFail")
    count = len(told(sandbox))

    sandbox.control("POST", f"subscriptions/{key}/renew")

    late = client.v1.subscriptions.retrieve(key, {"expand": ["latest_invoice"]})
    assert (late.status, late.latest_invoice.status, late.latest_invoice.attempt_count) == ("past_due", "open", 1)
    assert late.latest_invoice.next_payment_attempt > late.latest_invoice.created
    assert told(sandbox, count)[-2:] == ["invoice.payment_failed", "customer.subscription.updated"]
    sandbox.control("POST", "clock", advance=16 * DAY)
    ended = client.v1.subscriptions.retrieve(key, {"expand": ["latest_invoice"]})
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")
    assert (ended.latest_invoice.attempt_count, ended.latest_invoice.auto_advance) == (4, False)
    sandbox.control("POST", "clock", months=12)
    assert len(invoices(client, key)) == 2


def test_account_may_leave_it_unpaid(sandbox: Sandbox, client: Any) -> None:
    sandbox.control("POST", "dunning", retries=[DAY], then="unpaid")
    key = member(sandbox, client)
    card_of(client, key, "pm_card_chargeCustomerFail")

    sandbox.control("POST", f"subscriptions/{key}/renew")
    sandbox.control("POST", "clock", advance=2 * DAY)
    assert client.v1.subscriptions.retrieve(key).status == "unpaid"
    sandbox.control("POST", f"subscriptions/{key}/renew")
    newest = invoices(client, key)[0]
    assert (newest.status, newest.auto_advance) == ("draft", False)

    card_of(client, key, "pm_card_visa")
    client.v1.invoices.pay(newest.id)
    assert client.v1.subscriptions.retrieve(key).status == "active"


def test_new_card_mends_what_is_late(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    card_of(client, key, "pm_card_chargeCustomerFail")
    sandbox.control("POST", f"subscriptions/{key}/renew")
    open_one = invoices(client, key)[0].id
    with pytest.raises(stripe.CardError):
        client.v1.invoices.pay(open_one)
    assert client.v1.invoices.retrieve(open_one).attempt_count == 2

    card_of(client, key, "pm_card_visa")
    sandbox.control("POST", "clock", advance=4 * DAY)

    assert client.v1.subscriptions.retrieve(key).status == "active"
    assert client.v1.invoices.retrieve(open_one).status == "paid"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.invoices.pay(open_one)
    assert caught.value.code == "invoice_already_paid"


def test_bank_may_ask_again_at_renewal(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    card_of(client, key, "pm_card_authenticationRequired")

    sandbox.control("POST", f"subscriptions/{key}/renew")

    assert client.v1.subscriptions.retrieve(key).status == "past_due"
    assert {"invoice.payment_failed", "invoice.payment_action_required"} <= set(told(sandbox))


def test_ends_with_its_period_unless_resumed(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    client.v1.subscriptions.update(key, {"cancel_at_period_end": True})
    client.v1.subscriptions.update(key, {"cancel_at_period_end": False})
    sandbox.control("POST", f"subscriptions/{key}/renew")
    assert len(invoices(client, key)) == 2

    row = client.v1.subscriptions.update(key, {"cancel_at_period_end": True})
    sandbox.control("POST", "clock", months=5)

    ended = client.v1.subscriptions.retrieve(key)
    assert (ended.status, ended.ended_at) == ("canceled", row.cancel_at)
    assert ended.cancellation_details.reason == "cancellation_requested"
    assert told(sandbox)[-1] == "customer.subscription.deleted"
    assert len(invoices(client, key)) == 2


@pytest.mark.parametrize(
    ("behavior", "status"), [("void", "void"), ("mark_uncollectible", "uncollectible"), ("keep_as_draft", "draft")]
)
def test_pause_takes_nothing_until_it_is_over(sandbox: Sandbox, client: Any, behavior: str, status: str) -> None:
    key = member(sandbox, client)
    end = client.v1.subscriptions.retrieve(key)["items"].data[0].current_period_end
    pause = {"behavior": behavior, "resumes_at": end + 10 * DAY}
    assert client.v1.subscriptions.update(key, {"pause_collection": pause}).pause_collection.behavior == behavior

    sandbox.control("POST", f"subscriptions/{key}/renew")
    assert (invoices(client, key)[0].status, client.v1.subscriptions.retrieve(key).status) == (status, "active")
    sandbox.control("POST", f"subscriptions/{key}/renew")

    assert client.v1.subscriptions.retrieve(key).pause_collection is None
    assert [one.status for one in invoices(client, key)] == ["paid", status, "paid"]
    client.v1.subscriptions.update(key, {"pause_collection": {"behavior": "void"}})
    assert client.v1.subscriptions.update(key, {"pause_collection": ""}).pause_collection is None


def item_to(client: Any, key: str, amount: int, interval: str = "month") -> list[dict[str, Any]]:
    item = client.v1.subscriptions.retrieve(key)["items"].data[0]
    data = {"currency": "eur", "unit_amount": amount, "recurring": {"interval": interval}}
    return [{"id": item.id, "price_data": {**data, "product": item.price.product}}]


def test_plan_changes_from_the_next_period(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    client.v1.subscriptions.update(key, {"items": item_to(client, key, 900), "proration_behavior": "none"})
    assert len(invoices(client, key)) == 1

    sandbox.control("POST", f"subscriptions/{key}/renew")

    assert invoices(client, key)[0].amount_paid == 900


@pytest.mark.parametrize(("behavior", "paid"), [("always_invoice", [200, 500]), ("create_prorations", [1100, 500])])
def test_dearer_plan_asks_for_the_rest_of_the_period(
    sandbox: Sandbox, client: Any, behavior: str, paid: list[int]
) -> None:
    key = member(sandbox, client)
    item = client.v1.subscriptions.retrieve(key)["items"].data[0]
    sandbox.control("POST", "clock", set=(item.current_period_start + item.current_period_end) // 2)

    client.v1.subscriptions.update(key, {"items": item_to(client, key, 900), "proration_behavior": behavior})
    if behavior == "create_prorations":
        sandbox.control("POST", f"subscriptions/{key}/renew")

    newest = invoices(client, key)[0]
    assert [one.amount_paid for one in invoices(client, key)] == paid
    lines = client.v1.invoices.line_items.list(newest.id).data
    assert [one.amount for one in lines][:2] == [-250, 450]


def test_cheaper_plan_leaves_a_credit(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    customer = client.v1.subscriptions.retrieve(key).customer

    client.v1.subscriptions.update(key, {"items": item_to(client, key, 100), "proration_behavior": "always_invoice"})

    assert (invoices(client, key)[0].status, invoices(client, key)[0].amount_due) == ("paid", 0)
    assert -400 <= client.v1.customers.retrieve(customer).balance <= -398
    sandbox.control("POST", f"subscriptions/{key}/renew")
    assert (invoices(client, key)[0].amount_paid, invoices(client, key)[0].total) == (0, 100)


def test_another_rhythm_begins_a_period_now(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)

    row = client.v1.subscriptions.update(key, {"items": item_to(client, key, 5000, "year")})

    item = row["items"].data[0]
    assert item.current_period_end - item.current_period_start >= 365 * DAY
    assert (row.status, invoices(client, key)[0].amount_paid) == ("active", 4500)


def test_trial_ends_with_a_charge(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client, subscription_data={"trial_period_days": 14})
    assert client.v1.subscriptions.retrieve(key).status == "trialing"
    assert invoices(client, key)[0].status == "paid"

    sandbox.control("POST", "clock", advance=12 * DAY)
    assert "customer.subscription.trial_will_end" in told(sandbox)
    sandbox.control("POST", f"subscriptions/{key}/renew")

    assert client.v1.subscriptions.retrieve(key).status == "active"
    assert [one.amount_paid for one in invoices(client, key)] == [500, 0]
    other = member(sandbox, client, subscription_data={"trial_period_days": 14})
    assert client.v1.subscriptions.update(other, {"trial_end": "now"}).status == "active"
    assert invoices(client, other)[0].amount_paid == 500


def test_first_payment_refused_leaves_it_incomplete(sandbox: Sandbox, client: Any) -> None:
    session = client.v1.checkout.sessions.create(joining())
    sandbox.outcome(session, "declined")

    row = client.v1.subscriptions.list({"status": "incomplete"}).data[0]
    assert client.v1.checkout.sessions.retrieve(session.id).subscription is None
    assert {"customer.subscription.created", "invoice.payment_failed"} <= set(told(sandbox))
    sandbox.outcome(session, "paid")

    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["invoice", "subscription"]})
    assert (done.subscription.id, done.subscription.status, done.invoice.status) == (row.id, "active", "paid")
    assert len(invoices(client, row.id)) == 1


def test_twenty_of_each_stand_on_the_first_invoice(sandbox: Sandbox, client: Any) -> None:
    recurring = joining()["line_items"][0]
    once = {"quantity": 2, "price_data": {"currency": "eur", "unit_amount": 100, "product_data": {"name": "Bol"}}}

    key = member(sandbox, client, line_items=[recurring] * 20 + [once] * 20)

    assert invoices(client, key)[0].amount_paid == 20 * 500 + 20 * 200
    sandbox.control("POST", f"subscriptions/{key}/renew")
    assert invoices(client, key)[0].amount_paid == 20 * 500


def test_proved_first_payment_makes_it_active(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client, card="4000002500003155")

    kinds = told(sandbox)
    order = ["customer.subscription.created", "invoice.payment_action_required", "customer.subscription.updated"]
    assert sorted(order, key=kinds.index) == order
    assert client.v1.subscriptions.retrieve(key).status == "active"
    sandbox.control("POST", f"subscriptions/{key}/renew")
    assert client.v1.subscriptions.retrieve(key).status == "active"


def test_bank_that_always_asks_asks_at_renewal(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client, card="4000002760003184")

    sandbox.control("POST", f"subscriptions/{key}/renew")

    assert client.v1.subscriptions.retrieve(key).status == "past_due"


def test_deleted_customer_is_charged_no_more(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    client.v1.customers.delete(client.v1.subscriptions.retrieve(key).customer)

    sandbox.control("POST", "clock", months=3)

    assert client.v1.subscriptions.retrieve(key).status == "canceled"
    assert len(invoices(client, key)) == 1


def test_incomplete_expires_with_its_session(sandbox: Sandbox, client: Any) -> None:
    session = client.v1.checkout.sessions.create(joining())
    sandbox.outcome(session, "declined")
    row = client.v1.subscriptions.list({"status": "incomplete"}).data[0]

    sandbox.outcome(session, "expire")

    assert client.v1.subscriptions.retrieve(row.id).status == "incomplete_expired"
    assert invoices(client, row.id)[0].status == "void"


@pytest.mark.parametrize(("end", "status", "invoice"), [("succeed", "active", "paid"), ("fail", "past_due", "open")])
def test_debit_keeps_the_invoice_open(sandbox: Sandbox, client: Any, end: str, status: str, invoice: str) -> None:
    session = client.v1.checkout.sessions.create(joining())
    sandbox.outcome(session, "async_pending")
    key = client.v1.checkout.sessions.retrieve(session.id).subscription
    assert invoices(client, key)[0].status == "open"

    sandbox.outcome(session, f"async_{end}")

    assert (client.v1.subscriptions.retrieve(key).status, invoices(client, key)[0].status) == (status, invoice)


def test_renewal_is_refunded_and_disputed_like_any_charge(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    sandbox.control("POST", f"subscriptions/{key}/renew")
    newest = invoices(client, key)[0].id
    paid = client.v1.invoice_payments.list({"invoice": newest}).data[0]
    intent = client.v1.payment_intents.retrieve(paid.payment.payment_intent)

    assert client.v1.refunds.create({"payment_intent": intent.id, "amount": 200}).status == "succeeded"
    dispute = sandbox.control("POST", f"charges/{intent.latest_charge}/dispute")
    sandbox.control("POST", f"disputes/{dispute['id']}/lose")

    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.amount_refunded, charge.disputed) == (200, True)
    assert client.v1.disputes.retrieve(dispute["id"]).amount == 300
    assert client.v1.subscriptions.retrieve(key).status == "active"


def test_what_ended_is_changed_no_more(sandbox: Sandbox, client: Any) -> None:
    key = member(sandbox, client)
    client.v1.subscriptions.cancel(key)

    for wish in ({"cancel_at_period_end": True}, {"items": [{"quantity": 2}]}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.subscriptions.update(key, wish)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.subscriptions.cancel(key)
    assert caught.value.code == "resource_missing"


@pytest.mark.parametrize(
    "sent",
    [
        {"cancel_at": "max_period_end"},
        {"billing_thresholds[amount_gte]": "500"},
        {"payment_behavior": "pending_if_incomplete"},
        {"days_until_due": "3"},
    ],
)
def test_what_is_not_here_is_refused(sandbox: Sandbox, client: Any, sent: dict[str, str]) -> None:
    key = member(sandbox, client)

    assert sandbox.raw("POST", f"/v1/subscriptions/{key}", sent).status_code == 400
