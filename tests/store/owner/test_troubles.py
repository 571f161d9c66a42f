"""What got stuck, withdrawals, and their ways out."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_ox.models import OxTask

from store import checkout
from store.models import Attempt, Order, StripeEvent, Withdrawal
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/cms/shop/troubles/"
LONG_AGO = timezone.now() - timedelta(hours=2)


def failed(path: str, *args: Any) -> OxTask:
    return OxTask.objects.create(
        task_path=path, args=list(args), backend_name="default", status="FAILED", enqueued_at=LONG_AGO, attempts=6,
        errors=[{"exception_class_path": "smtplib.SMTPServerDisconnected", "traceback": ""}],
    )  # fmt: skip


def act(client: Client, kind: str, pk: Any) -> list[str]:
    response = client.post(f"{URL}act/", {"kind": kind, "pk": str(pk)}, follow=True)
    return [message.level_tag for message in response.context["messages"]]


def test_nothing_stuck_says_so(desk_client: Client) -> None:
    assert 'href="/cms/"' in desk_client.get(URL).content.decode()


def test_failed_task_names_its_order_and_is_tried_again(desk_client: Client, sale: Order) -> None:
    task = failed("store.tasks.mail", sale.pk, "receipt")
    page = desk_client.get(URL)
    assert [(row["order"], row["kind"], row["why"]) for row in page.context["tasks"]] == [
        (sale, "receipt", "SMTPServerDisconnected")
    ]

    assert act(desk_client, "retry", task.pk) == ["success"]
    task.refresh_from_db()
    assert task.status == "READY"


def test_failed_task_is_let_go(desk_client: Client) -> None:
    task = failed("home.tasks.prune")

    act(desk_client, "discard", task.pk)

    task.refresh_from_db()
    assert task.status == "DISCARDED"


def test_attempt_without_an_answer_is_asked_about(desk_client: Client, sandbox: Any) -> None:
    order = factories.order()
    attempt = order.attempts.get()
    session = checkout.open_attempt(attempt)
    sandbox.outcome(session.session_id, "paid")
    Attempt.objects.update(expires_at=LONG_AGO)
    assert list(desk_client.get(URL).context["attempts"]) == [attempt]

    assert act(desk_client, "attempt", attempt.pk) == ["success"]

    order.refresh_from_db()
    assert order.state == "paid"


def test_stripe_that_is_silent_is_said(desk_client: Client) -> None:
    order = factories.order()
    Attempt.objects.update(expires_at=LONG_AGO, session_id="cs_1", state="open")

    assert act(desk_client, "attempt", order.attempts.get().pk) == ["warning"]


def test_notice_that_waits_is_handled(desk_client: Client) -> None:
    event = StripeEvent.objects.create(event_id="evt_1", type="customer.created", body={})
    StripeEvent.objects.update(received_at=LONG_AGO)
    assert list(desk_client.get(URL).context["events"]) == [event]

    act(desk_client, "event", event.pk)

    event.refresh_from_db()
    assert event.handled_at


def test_nonsense_changes_nothing(desk_client: Client) -> None:
    assert act(desk_client, "explode", "1") == []
    assert act(desk_client, "retry", "not-a-uuid") == ["success"]


def declare(sold: Order, **fields: Any) -> Withdrawal:
    given = {
        "name": "Léa Martin",
        "email": sold.email,
        "contract": sold.number,
        "received_at": timezone.now(),
        "digest": "0",
    }
    return Withdrawal.objects.create(shop=sold.shop, **{**given, **fields})


def test_withdrawal_is_matched_by_hand_and_answered(desk_client: Client, sale: Order) -> None:
    row = declare(sale)
    url = f"/cms/shop/withdrawals/{row.pk}/"

    assert desk_client.post(url, {"order": "ZZZZ"}).status_code == 422
    desk_client.post(url, {"order": sale.number.lower()})
    page = desk_client.get(url)
    assert (page.context["order"], page.context["in_time"], page.context["same_email"]) == (sale, True, True)
    assert f"/cms/shop/orders/{sale.pk}/refund/?all=1" in page.content.decode()

    desk_client.post(url, {"answered": "1"})
    row.refresh_from_db()
    assert row.answered_at
    assert sale.events.filter(kind="withdrawal_answered").count() == 1


def test_withdrawal_of_another_address_is_marked(desk_client: Client, sale: Order) -> None:
    row = declare(sale, email="other@example.org", order=sale)

    assert desk_client.get(f"/cms/shop/withdrawals/{row.pk}/").context["same_email"] is False


def test_withdrawals_are_listed_those_that_wait_first(desk_client: Client, sale: Order) -> None:
    waiting, done = declare(sale), declare(sale, answered_at=timezone.now())

    page = desk_client.get("/cms/shop/withdrawals/")

    assert [item["row"] for item in page.context["waiting"]] == [waiting]
    assert list(page.context["done"].object_list) == [done]
