"""What recurs, on the order's own page."""

import pytest
from django.urls import reverse

from store import links, subscriptions
from store.models import Subscription
from store.views import recurring
from tests import factories
from tests.store.test_subscriptions import subscribed

pytestmark = pytest.mark.django_db


def address(order):
    return reverse("store:subscription", args=[links.sign(order)])


def test_button_leads_to_stripes_page_for_the_card(sandbox, client):
    order, row = subscribed(sandbox)
    page = client.get(links.order_url(order))
    answer = client.post(address(order), {"do": "card"})
    assert 'value="card"' in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert (answer.status_code, answer.url.startswith(f"{sandbox.origin}/p/session/")) == (303, True)
    assert client.get(address(order)).status_code == 405
    assert subscriptions.portal_url(factories.person(), "https://shop.example/") is None
    assert row.customer


def test_end_and_going_on(sandbox, client, work):
    order, row = subscribed(sandbox)
    client.post(address(order), {"do": "end"})
    work()
    row.refresh_from_db()
    assert row.cancel_at_period_end is True
    assert 'value="resume"' in client.get(links.order_url(order)).content.decode()
    client.post(address(order), {"do": "resume"})
    work()
    row.refresh_from_db()
    assert row.cancel_at_period_end is False


def test_false_link_order_without_and_what_ended_are_not_found(sandbox, client):
    order, row = subscribed(sandbox)
    subscriptions.cancel_now(row)
    other = factories.order()
    assert client.post(reverse("store:subscription", args=["X.y.z"]), {"do": "end"}).status_code == 404
    assert client.post(address(other), {"do": "end"}).status_code == 404
    assert client.post(address(order), {"do": "card"}).status_code == 404


def test_stripe_down_and_too_often_are_said_in_words(sandbox, client, monkeypatch):
    order, _row = subscribed(sandbox)
    sandbox.control(
        "POST", "faults", kind="error", status=500, when="before", method="POST", path="/v1/billing_portal/*", count=9
    )
    assert client.post(address(order), {"do": "card"}).status_code == 503
    monkeypatch.setattr(recurring, "IN_AN_HOUR", 1)
    assert client.post(address(order), {"do": "card"}).status_code == 429
    assert Subscription.objects.get().cancel_at_period_end is False
