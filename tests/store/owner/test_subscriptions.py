"""The owner's list of what renews itself, and what she does with one; logged, and never twice."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from store import gateway, parting
from store.models import Order, Refund, Subscription
from tests import factories
from tests.store.test_subscriptions import subscribed

pytestmark = pytest.mark.django_db
LIST = "owner:subscriptions"


def names(client: Any, query: str = "") -> list[str]:
    page = client.get(f"{reverse(LIST)}?{query}")
    return sorted(row.line.order.name for row in page.context["object_list"])


def some() -> None:
    """One of each state."""
    states: dict[str, dict[str, Any]] = {
        "Claire": {}, "Louis": {"status": "past_due"}, "Marthe": {"cancel_at_period_end": True},
        "Noé": {"paused_until": timezone.now() + timedelta(days=80)},
        "Odile": {"status": "canceled", "ended_at": timezone.now()},
    }  # fmt: skip
    for name, values in states.items():
        row = factories.renewing(to=name.lower().replace("é", "e"), email=f"{name.lower()}@example.org", name=name)
        Subscription.objects.filter(pk=row.pk).update(**values)


def test_list_is_searched_filtered_and_exported(desk_client, sandbox):
    some()
    assert names(desk_client) == ["Claire", "Louis", "Marthe", "Noé"]
    assert names(desk_client, "stands=runs") == ["Claire"]
    assert names(desk_client, "stands=late") == ["Louis"]
    assert names(desk_client, "stands=ends") == ["Marthe"]
    assert names(desk_client, "stands=paused") == ["Noé"]
    assert names(desk_client, "stands=ended") == ["Odile"]
    assert names(desk_client, "q=marthe") == ["Marthe"]
    assert names(desk_client, "rhythm=year") == []
    answer = desk_client.get(f"{reverse(LIST)}?export=csv&stands=late")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert (rows[1][1], rows[1][4], rows[1][6]) == ("Louis", "un paiement a échoué", "40,00")


def test_list_asks_the_same_number_of_questions_for_four_and_twenty(desk_client, sandbox):
    counts = []
    for batch in range(2):
        for number in range(4 if batch == 0 else 16):
            factories.renewing(to=f"t{batch}-{number}", email=f"m{batch}.{number}@example.org", name="M")
        desk_client.get(reverse(LIST))
        with CaptureQueriesContext(connection) as queries:
            desk_client.get(reverse(LIST))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_end_and_going_on_are_confirmed_logged_and_told(desk_client, sandbox, work):
    _order, row = subscribed(sandbox)
    work()
    mail.outbox.clear()
    url = reverse("owner:subscription", args=[row.pk])
    assert "L’arrêter" in desk_client.post(url, {"do": "end"}).content.decode()
    row.refresh_from_db()
    assert row.cancel_at_period_end is False
    desk_client.post(url, {"do": "end", "confirmed": "1"})
    work()
    row.refresh_from_db()
    assert row.cancel_at_period_end is True
    desk_client.post(url, {"do": "resume", "confirmed": "1"})
    work()
    row.refresh_from_db()
    assert (row.cancel_at_period_end, gateway.read_subscription(row.stripe_id).cancel_at_period_end) == (False, False)
    assert ModelLogEntry.objects.filter(action="store.subscription").count() == 2
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(("do", "given"), [("stop", 0), ("stop_unused", 4500), ("stop_whole", 9000)])
def test_end_now_gives_back_what_was_chosen_once(desk_client, sandbox, work, do, given):
    order, row = subscribed(sandbox)
    work()
    half = timedelta(days=183)
    Subscription.objects.update(period_start=row.period_start - half, period_end=row.period_end - half)
    Order.objects.filter(pk=order.pk).update(paid_at=row.period_start - half)
    row.refresh_from_db()
    expected = parting.unused(row) if do == "stop_unused" else given
    url = reverse("owner:subscription", args=[row.pk])
    for _time in range(2):
        desk_client.post(url, {"do": do, "confirmed": "1"})
    work()
    row.refresh_from_db()
    assert (row.is_alive, gateway.read_subscription(row.stripe_id).ended_at is not None) == (False, True)
    assert sum(refund.amount for refund in Refund.objects.all()) == expected
    assert gateway.amount_refunded(order.payments.get().intent_id) == expected
    assert abs(expected - given) < 60


def test_its_page_tells_payments_and_history_in_words(desk_client, sandbox, work):
    _order, row = subscribed(sandbox)
    work()
    page = desk_client.get(reverse("owner:subscription", args=[row.pk])).content.decode()
    assert row.line.order.number in page
    assert "Abonnement : actif" in page


def test_who_may_only_look_cannot_act(client, sandbox, work):
    _order, row = subscribed(sandbox)
    client.force_login(factories.person(email="autre@example.org"))
    client.post(reverse("owner:subscription", args=[row.pk]), {"do": "stop", "confirmed": "1"})
    row.refresh_from_db()
    assert row.is_alive
