"""Deliveries: signed, quick, repeated, and as wrong as tests order."""

import time
from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import KEY, Receiver, Sandbox, free_port, make_client


@pytest.fixture
def endpoint(client: Any, receiver: Receiver) -> Any:
    return client.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["customer.created"], "api_version": "2025-09-30.clover"}
    )


def construct(receiver: Receiver, endpoint: Any, index: int = 0) -> Any:
    body, signature, _ = receiver.got[index]
    return stripe.Webhook.construct_event(body, signature, endpoint.secret)


def test_delivery_is_quick_signed_and_pinned(client: Any, receiver: Receiver, endpoint: Any) -> None:
    begun = time.monotonic()
    customer = client.v1.customers.create({"name": "Zoé"}, {"idempotency_key": "made"})

    receiver.wait(1)

    assert receiver.got[0][2] - begun < 2
    event = construct(receiver, endpoint)
    assert (event.type, event.api_version, event.livemode) == ("customer.created", "2025-09-30.clover", False)
    assert (event.data.object.id, event.data.object.name) == (customer.id, "Zoé")
    assert event.request.idempotency_key == "made"


def test_only_wanted_types_come(client: Any, receiver: Receiver, endpoint: Any) -> None:
    client.v1.products.create({"name": "x"})
    client.v1.customers.create({})

    assert [one["type"] for one in receiver.wait(1)] == ["customer.created"]


def test_refused_delivery_is_repeated(client: Any, receiver: Receiver, endpoint: Any) -> None:
    receiver.statuses = [500]
    client.v1.customers.create({})
    receiver.wait(1)
    waiting = client.v1.events.list({"delivery_success": False}).data
    assert [one.pending_webhooks for one in waiting] == [1]

    receiver.wait(2, seconds=30)

    assert construct(receiver, endpoint, 0).id == construct(receiver, endpoint, 1).id
    time.sleep(0.3)
    assert client.v1.events.list({"delivery_success": False}).data == []
    assert (
        client.v1.events.list({"delivery_success": True, "types": ["customer.created"]}).data[0].pending_webhooks == 0
    )


def test_duplicated(sandbox: Sandbox, client: Any, receiver: Receiver, endpoint: Any) -> None:
    sandbox.control("POST", "deliveries", mode="duplicated", copies=5)

    client.v1.customers.create({})

    assert len({one["id"] for one in receiver.wait(5)}) == 1


def test_reordered(sandbox: Sandbox, client: Any, receiver: Receiver, endpoint: Any) -> None:
    sandbox.control("POST", "deliveries", mode="reordered", count=3)

    made = [client.v1.customers.create({}).id for _ in range(3)]

    assert [one["data"]["object"]["id"] for one in receiver.wait(3)] == made[::-1]


def test_delayed_and_dropped(sandbox: Sandbox, client: Any, receiver: Receiver, endpoint: Any) -> None:
    sandbox.control("POST", "deliveries", mode="dropped")
    sandbox.control("POST", "deliveries", mode="delayed", seconds=3600)
    lost, late, prompt = (client.v1.customers.create({}).id for _ in range(3))
    assert [one["data"]["object"]["id"] for one in receiver.wait(1)] == [prompt]

    sandbox.control("POST", "clock", advance=3600)

    assert [one["data"]["object"]["id"] for one in receiver.wait(2)] == [prompt, late]
    missing = client.v1.events.list({"delivery_success": False}).data
    assert [one.data.object.id for one in missing] == [lost]
    sandbox.control("POST", f"events/{missing[0].id}/resend")
    receiver.wait(3)


@pytest.mark.parametrize("mode", ["tampered", "stale", "wrong_secret"])
def test_forged(sandbox: Sandbox, client: Any, receiver: Receiver, endpoint: Any, mode: str) -> None:
    sandbox.control("POST", "deliveries", mode=mode)

    client.v1.customers.create({})

    receiver.wait(1)
    with pytest.raises(stripe.SignatureVerificationError):
        construct(receiver, endpoint)


def test_events_can_be_read_and_filtered(client: Any) -> None:
    client.v1.customers.create({})
    client.v1.products.create({"name": "x"})

    listed = client.v1.events.list({"types": ["customer.created"]})
    assert [one.type for one in listed.data] == ["customer.created"]
    assert [one.type for one in client.v1.events.list({"type": "product.*"}).data] == ["product.created"]
    assert client.v1.events.retrieve(listed.data[0].id).data.object.object == "customer"


def test_outbox_and_state_outlive_a_kill(tmp_path: Any, receiver: Receiver) -> None:
    other = Sandbox(tmp_path / "state.sqlite3", free_port())
    other.start()
    client = make_client(other.base, KEY)
    endpoint = client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["customer.created"]})
    other.control("POST", "deliveries", mode="delayed", seconds=2)
    customer = client.v1.customers.create({"name": "Ida"})
    other.stop(kill=True)

    other.start()

    assert client.v1.customers.retrieve(customer.id).name == "Ida"
    receiver.wait(1)
    assert construct(receiver, endpoint).data.object.id == customer.id
    other.stop()


def test_a_disabled_endpoint_gets_nothing_more(
    sandbox: Sandbox, client: Any, receiver: Receiver, endpoint: Any
) -> None:
    sandbox.control("POST", "deliveries", mode="delayed", seconds=1)
    client.v1.customers.create({})
    client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    client.v1.customers.create({})

    sandbox.control("POST", "clock", advance=1)

    time.sleep(0.5)
    assert receiver.got == []


def test_updates_tell_the_old_values(client: Any, receiver: Receiver) -> None:
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    customer = client.v1.customers.create({"metadata": {"a": "1"}, "address": {"city": "Lyon"}})

    changes = {"metadata": {"a": "", "b": "2"}, "address": {"city": "Paris"}}
    client.v1.customers.update(customer.id, changes)
    client.v1.customers.update(customer.id, changes)

    receiver.wait(2)
    time.sleep(0.3)
    made, updated = sorted(receiver.events(), key=lambda event: event["type"])
    assert "previous_attributes" not in made["data"]
    assert updated["data"]["previous_attributes"] == {
        "metadata": {"a": "1", "b": None},
        "address": {"city": "Lyon"},
    }


def test_only_updates_tell_old_values(
    sandbox: Sandbox, client: Any, receiver: Receiver, payment: dict[str, Any]
) -> None:
    client.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    sandbox.outcome(client.v1.checkout.sessions.create(payment), "paid")

    for event in receiver.wait(5):
        assert ("previous_attributes" in event["data"]) == event["type"].endswith(".updated")
