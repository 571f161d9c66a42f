"""The billing portal: its API, and its page as a browser without JavaScript uses it."""

from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.conftest import Sandbox
from tests.sandbox.test_pages import CARD
from tests.sandbox.test_renewing import card_of, invoices, member, told

BACK = "http://127.0.0.1:8000/mon-compte/"


@pytest.fixture
def key(sandbox: Sandbox, client: Any) -> str:
    return member(sandbox, client)


def opened(sandbox: Sandbox, client: Any, key: str, **more: Any) -> str:
    """The portal's address for a subscription's customer."""
    customer = client.v1.subscriptions.retrieve(key).customer
    session = client.v1.billing_portal.sessions.create({"customer": customer, "return_url": BACK, **more})
    path = str(session.url).partition("://")[2].partition("/")[2]
    return f"{sandbox.base}/{path}"


def post(url: str, **typed: str) -> requests.Response:
    return requests.post(url, typed, allow_redirects=False, timeout=20)


def test_page_shows_what_runs_and_leads_back(sandbox: Sandbox, client: Any, key: str) -> None:
    page = requests.get(opened(sandbox, client, key, locale="fr"), timeout=20)

    assert page.status_code == 200
    for word in ("Club", "5,00\u00a0€ / mois", "•••• 4242", "Prochain paiement le", "Payée", f'href="{BACK}"'):
        assert word in page.text
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert "Your subscription" in requests.get(opened(sandbox, client, key, locale="en"), timeout=20).text


def test_member_ends_it_and_comes_back(sandbox: Sandbox, client: Any, key: str) -> None:
    url = opened(sandbox, client, key)

    assert post(url, verb="cancel", subscription=key).status_code == 200
    assert client.v1.subscriptions.retrieve(key).cancel_at_period_end is True
    post(url, verb="resume", subscription=key)

    row = client.v1.subscriptions.retrieve(key)
    assert (row.cancel_at_period_end, row.cancel_at, row.status) == (False, None, "active")
    assert told(sandbox)[-2:] == ["customer.subscription.updated"] * 2


def test_new_card_mends_what_is_late(sandbox: Sandbox, client: Any, key: str) -> None:
    card_of(client, key, "pm_card_chargeCustomerFail")
    sandbox.control("POST", f"subscriptions/{key}/renew")
    url = opened(sandbox, client, key)
    assert "n’est pas passé" in requests.get(url, timeout=20).text

    assert "refusée" in post(url, verb="card", **{**CARD, "card_number": "4000000000000002"}).text
    assert "À remplir" in post(url, verb="card").text
    page = post(url, verb="card", **CARD)

    assert "Votre carte est enregistrée." in page.text
    row = client.v1.subscriptions.retrieve(key)
    customer = client.v1.customers.retrieve(row.customer)
    assert (row.status, customer.invoice_settings.default_payment_method) == ("active", row.default_payment_method)
    assert [one.status for one in invoices(client, key)] == ["paid", "paid"]


def test_card_that_fails_later_is_taken(sandbox: Sandbox, client: Any, key: str) -> None:
    post(opened(sandbox, client, key), verb="card", **{**CARD, "card_number": "4000000000000341"})

    sandbox.control("POST", f"subscriptions/{key}/renew")

    assert client.v1.subscriptions.retrieve(key).status == "past_due"


@pytest.mark.parametrize(("verb", "status"), [("prove", "active"), ("refuse", "past_due")])
def test_open_invoice_is_paid_before_the_bank(sandbox: Sandbox, client: Any, key: str, verb: str, status: str) -> None:
    card_of(client, key, "pm_card_authenticationRequired")
    sandbox.control("POST", f"subscriptions/{key}/renew")
    url = opened(sandbox, client, key)

    assert "Votre banque" in post(url, verb="pay", invoice=invoices(client, key)[0].id).text
    post(url, verb=verb)

    assert client.v1.subscriptions.retrieve(key).status == status


def test_card_that_must_be_proved_is_kept_only_then(sandbox: Sandbox, client: Any, key: str) -> None:
    url = opened(sandbox, client, key)
    before = client.v1.subscriptions.retrieve(key).default_payment_method

    post(url, verb="card", **{**CARD, "card_number": "4000002500003155"})
    assert client.v1.subscriptions.retrieve(key).default_payment_method == before
    post(url, verb="prove")

    assert client.v1.subscriptions.retrieve(key).default_payment_method != before
    sandbox.control("POST", f"subscriptions/{key}/renew")
    assert client.v1.subscriptions.retrieve(key).status == "active"


def test_nothing_of_others_is_touched(sandbox: Sandbox, client: Any, key: str) -> None:
    other = member(sandbox, client)

    post(opened(sandbox, client, other), verb="cancel", subscription=key)
    post(opened(sandbox, client, other), verb="pay", invoice="in_nothing")

    assert client.v1.subscriptions.retrieve(key).cancel_at_period_end is False


def test_address_is_good_for_an_hour(sandbox: Sandbox, client: Any, key: str) -> None:
    url = opened(sandbox, client, key)
    assert requests.get(f"{url}x", timeout=20).status_code == 404

    sandbox.control("POST", "clock", advance=3601)

    assert requests.get(url, timeout=20).status_code == 404


def test_flow_ends_where_the_shop_said(sandbox: Sandbox, client: Any, key: str) -> None:
    done = {"type": "redirect", "redirect": {"return_url": f"{BACK}fait/"}}
    ends = {"type": "subscription_cancel", "subscription_cancel": {"subscription": key}, "after_completion": done}
    url = opened(sandbox, client, key, flow_data={"type": "payment_method_update", "after_completion": done})

    answer = post(url, verb="card", **CARD)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{BACK}fait/")
    assert "card_number" not in requests.get(opened(sandbox, client, key, flow_data=ends), timeout=20).text
    assert post(opened(sandbox, client, key, flow_data=ends), verb="cancel", subscription=key).status_code == 302

    for flow in (ends, {"type": "customer_update"}):
        with pytest.raises(stripe.InvalidRequestError):
            opened(sandbox, client, key, flow_data=flow)


def test_configuration_says_what_the_page_may_do(sandbox: Sandbox, client: Any, key: str) -> None:
    portal = client.v1.billing_portal
    made = portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}, "business_profile": {"headline": "Club"}, "name": "x"}
    )
    assert [one.is_default for one in portal.configurations.list().data].count(True) == 1
    url = opened(sandbox, client, key, configuration=made.id)

    page = requests.get(url, timeout=20).text
    assert "card_number" not in page
    assert 'value="cancel"' not in page
    post(url, verb="cancel", subscription=key)
    assert client.v1.subscriptions.retrieve(key).cancel_at_period_end is False

    portal.configurations.update(
        made.id, {"features": {"subscription_cancel": {"enabled": True, "mode": "immediately"}}}
    )
    post(url, verb="cancel", subscription=key)
    assert client.v1.subscriptions.retrieve(key).status == "canceled"
    portal.configurations.update(made.id, {"active": False, "metadata": {"a": "1"}})
    assert portal.configurations.retrieve(made.id).metadata.a == "1"
    for wrong in ({"login_page": {"enabled": True}}, {"features": {"subscription_update": {"enabled": True}}}):
        with pytest.raises(stripe.InvalidRequestError):
            portal.configurations.update(made.id, wrong)
    with pytest.raises(stripe.InvalidRequestError):
        opened(sandbox, client, key, configuration=made.id)
