"""Idempotency keys and faults: one effect per key, whatever gets lost."""

import threading
from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import Sandbox, make_client

FORM = {"email": "lea@example.com"}


def test_same_key_replays_the_answer(sandbox: Sandbox, client: Any) -> None:
    first = sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="k1")
    again = sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="k1")

    assert again.text == first.text
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert again.headers["Idempotency-Key"] == "k1"
    assert len(client.v1.customers.list().data) == 1


def test_same_key_with_other_params_is_refused(sandbox: Sandbox) -> None:
    sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="k2")

    for path, form in (("/v1/customers", {"email": "x@example.com"}), ("/v1/products", FORM)):
        answer = sandbox.raw("POST", path, form, Idempotency_Key="k2")
        assert (answer.status_code, answer.json()["error"]["type"]) == (400, "idempotency_error")


def test_refused_requests_are_not_remembered(sandbox: Sandbox) -> None:
    refused = sandbox.raw("POST", "/v1/customers", {"colour": "red"}, Idempotency_Key="k3")
    good = sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="k3")

    assert (refused.status_code, good.status_code) == (400, 200)


def test_declined_cards_are_remembered(sandbox: Sandbox, client: Any) -> None:
    form = {"amount": "500", "currency": "eur", "confirm": "true", "payment_method": "pm_card_chargeDeclined"}
    answers = [sandbox.raw("POST", "/v1/payment_intents", form, Idempotency_Key="k4") for _ in range(2)]

    assert [one.status_code for one in answers] == [402, 402]
    assert answers[0].text == answers[1].text
    assert len(client.v1.payment_intents.list().data) == 1


def test_keys_are_forgotten_after_a_day(sandbox: Sandbox, client: Any) -> None:
    sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="k5")
    sandbox.control("POST", "clock", advance=24 * 3600 + 1)
    sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="k5")

    assert len(client.v1.customers.list().data) == 2


def test_long_keys_are_refused(sandbox: Sandbox) -> None:
    assert sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="k" * 256).status_code == 400


def test_parallel_requests_with_one_key_have_one_effect(sandbox: Sandbox, client: Any) -> None:
    statuses: list[int] = []

    def post() -> None:
        answer = sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="k6")
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=post) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(statuses) <= {200, 409}
    assert 200 in statuses
    assert len(client.v1.customers.list().data) == 1


def test_key_in_use_is_a_conflict(sandbox: Sandbox, client: Any) -> None:
    sandbox.control("POST", "faults", kind="slow", path="/v1/customers", seconds=20)
    first = threading.Thread(target=sandbox.raw, args=("POST", "/v1/customers", FORM), kwargs={"Idempotency_Key": "k7"})
    first.start()
    while sandbox.control("GET", "faults")["data"]:
        pass

    answer = sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="k7")

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "idempotency_key_in_use"
    sandbox.control("DELETE", "faults")
    first.join()
    assert len(client.v1.customers.list().data) == 1


def test_error_before_the_effect_leaves_nothing(sandbox: Sandbox, client: Any) -> None:
    sandbox.control("POST", "faults", kind="error", when="before", method="POST", path="/v1/customers")

    with pytest.raises(stripe.APIError):
        client.v1.customers.create(FORM, {"idempotency_key": "f1"})
    assert client.v1.customers.list().data == []
    client.v1.customers.create(FORM, {"idempotency_key": "f1"})
    assert len(client.v1.customers.list().data) == 1


def test_error_after_the_effect_is_remembered(sandbox: Sandbox, client: Any) -> None:
    sandbox.control("POST", "faults", kind="error", when="after", method="POST", path="/v1/customers")

    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.customers.create(FORM, {"idempotency_key": "f2"})

    assert len(client.v1.customers.list().data) == 1


def test_unsaved_error_after_the_effect_replays_the_truth(sandbox: Sandbox, client: Any) -> None:
    sandbox.control("POST", "faults", kind="error", when="after", path="/v1/customers", saved=False)
    retrying = make_client(sandbox.base, retries=2)

    customer = retrying.v1.customers.create(FORM, {"idempotency_key": "f3"})

    assert [one.id for one in client.v1.customers.list().data] == [customer.id]


@pytest.mark.parametrize("kind", ["timeout", "reset"])
@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
def test_lost_answers(sandbox: Sandbox, client: Any, kind: str, when: str, there: int) -> None:
    sandbox.control("POST", "faults", kind=kind, when=when, method="POST", path="/v1/customers", seconds=1)
    impatient = make_client(sandbox.base, read=0.5)

    with pytest.raises(stripe.APIConnectionError):
        impatient.v1.customers.create(FORM, {"idempotency_key": "f4"})
    sandbox.control("DELETE", "faults")

    assert len(client.v1.customers.list().data) == there
    for _ in range(50):
        answer = sandbox.raw("POST", "/v1/customers", FORM, Idempotency_Key="f4")
        if answer.status_code != 409:
            break
    assert answer.status_code == 200
    assert len(client.v1.customers.list().data) == 1


def test_rate_limit(sandbox: Sandbox, client: Any) -> None:
    sandbox.control("POST", "faults", kind="rate_limit", path="/v1/*", count=1)

    with pytest.raises(stripe.RateLimitError):
        client.v1.customers.list()
    assert client.v1.customers.list().data == []
