"""From a basket to a payment, while Stripe does not answer or says no."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import money
from store import checkout, gateway, reconciling, words
from store.exceptions import StripeRefused, StripeUnavailable
from store.models import Attempt, DeliveryRate, Hold, Offer, Order
from tests import factories
from tests.rig.standin import Standin

pytestmark = pytest.mark.django_db
SESSIONS = "/v1/checkout/sessions"


@pytest.fixture(autouse=True)
def _clock_set_right(sandbox: Standin) -> Iterator[None]:
    """The stand-in outlives the test: its clock goes back to ours."""
    yield
    sandbox.control("POST", "reset")


def down(sandbox: Standin, minutes: int, when: str = "before") -> Order:
    """An order whose first call to Stripe found it unwell, that many minutes ago by Stripe's clock."""
    order = factories.order(factories.basket(factories.offer(units=1)))
    sandbox.control("POST", "faults", kind="error", when=when, method="POST", path=SESSIONS, count=3)
    with pytest.raises(StripeUnavailable):
        checkout.open_for_buyer(order.attempts.get())
    sandbox.control("DELETE", "faults")
    sandbox.control("POST", "clock", advance=minutes * 60)
    return order


def test_session_may_be_asked_for_again_for_nine_minutes(sandbox):
    order = down(sandbox, minutes=9)
    attempt, said = checkout.open_for_buyer(order.attempts.get())
    assert (attempt.number, said.status, attempt.state) == (1, "open", Attempt.State.OPEN)


def test_longer_outage_is_followed_by_a_fresh_attempt_of_the_same_order(sandbox, monkeypatch):
    order = down(sandbox, minutes=11)
    monkeypatch.setattr(checkout, "SESSION_MINUTES", checkout.SESSION_MINUTES + 11)  # our clock stands still
    attempt, said = checkout.open_for_buyer(order.attempts.get())
    order.refresh_from_db()
    assert (attempt.number, said.status, attempt.session_id) == (2, "open", said.session_id)
    assert [row.state for row in order.attempts.order_by("number")] == [Attempt.State.FAILED, Attempt.State.OPEN]
    assert (order.state, Hold.objects.get().state) == (Order.State.PLACED, Hold.State.RESERVED)


def test_fresh_attempt_is_made_once(sandbox, monkeypatch):
    order = down(sandbox, minutes=11)
    monkeypatch.setattr(checkout, "SESSION_MINUTES", checkout.SESSION_MINUTES + 11)
    first, again = order.attempts.get(), order.attempts.get()
    assert checkout.open_for_buyer(first)[0] == checkout.open_for_buyer(again)[0]
    assert order.attempts.count() == 2


def test_order_that_stripe_refuses_twice_ends(sandbox):
    order = down(sandbox, minutes=30)
    with pytest.raises(StripeRefused):
        checkout.open_for_buyer(order.attempts.get())
    order.refresh_from_db()
    assert (order.state, Hold.objects.get().state) == (Order.State.LAPSED, Hold.State.RELEASED)
    assert not order.attempts.unsettled().exists()


def test_nobody_there_ends_the_order_and_frees_its_units(sandbox):
    order = down(sandbox, minutes=11)
    reconciling.run(everything=True)
    order.refresh_from_db()
    assert (order.state, Hold.objects.get().state) == (Order.State.LAPSED, Hold.State.RELEASED)


def test_session_whose_answer_was_lost_is_not_made_twice(sandbox):
    order = down(sandbox, minutes=0, when="after")
    attempt = order.attempts.get()
    assert gateway.find_session(str(attempt.public_id), attempt.made_at)
    assert checkout._follow(attempt) is None  # noqa: SLF001 - real Stripe refuses such a replay, the stand-in does not
    assert order.attempts.count() == 1


def test_order_that_came_too_late_for_stripe_can_be_let_go(sandbox):
    order = down(sandbox, minutes=11)
    checkout.abandon(order)
    order.refresh_from_db()
    assert (order.state, Hold.objects.get().state) == (Order.State.LAPSED, Hold.State.RELEASED)


def test_resumed_after_the_outage_is_paid_on_the_same_order(sandbox, monkeypatch):
    order = down(sandbox, minutes=11)
    monkeypatch.setattr(checkout, "SESSION_MINUTES", checkout.SESSION_MINUTES + 11)
    browser = Client()
    session = browser.session
    session["orders"] = [str(order.token)]
    session.save()
    answer = browser.post(reverse("store:resume", args=[order.token]), headers={"X-Fragment": "1"})
    assert (answer.status_code, "data-pay" in answer.content.decode()) == (200, True)
    assert Order.objects.count() == 1


def free_delivery(price: int) -> Offer:
    offer = factories.offer(price=price)
    DeliveryRate.objects.update(amount=0)
    return offer


@pytest.mark.parametrize("price", [1, 49])
def test_total_that_no_card_can_pay_is_told_before_anything_is_typed(client, price):
    offer = free_delivery(price)
    with translation.override("en"):
        answer = client.get(reverse("store:buy"), {"offer": offer.pk})
    body = answer.content.decode()
    assert (answer.status_code, "data-order" in body) == (409, False)
    assert f"A payment by card begins at €0.50 and this comes to {money.text(price, 'EUR', 'en')}." in body
    assert not Order.objects.exists()


@pytest.mark.parametrize("price", [0, 50])
def test_total_that_can_be_paid_or_is_nothing_is_a_form(client, price):
    assert "data-order" in client.get(reverse("store:buy"), {"offer": free_delivery(price).pk}).content.decode()


def test_amount_that_stripe_finds_too_small_ends_the_order_in_words_of_its_own(sandbox, monkeypatch):
    monkeypatch.setattr(money, "least", lambda _currency: 1)
    order = factories.order(factories.basket(free_delivery(30)))
    with pytest.raises(StripeRefused) as refusal:
        checkout.open_for_buyer(order.attempts.get())
    order.refresh_from_db()
    assert (order.state, refusal.value.code) == (Order.State.LAPSED, "amount_too_small")
    with translation.override("en"):
        assert words.explain(refusal.value).startswith("That is too little for a payment by card.")
