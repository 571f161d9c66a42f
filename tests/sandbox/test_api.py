"""What holds for every address: keys, versions, forms, lists, expansion."""

from typing import Any

import pytest
import stripe

from tests.sandbox import description
from tests.sandbox.conftest import Sandbox, make_client


def test_description_is_at_hand() -> None:
    """Says visibly when bodies go unchecked."""
    if description.path() is None:
        pytest.skip("Stripe's published description is not at hand: bodies are not checked")
    assert len(description._templates()) > 50  # noqa: SLF001 its only reader


def test_no_key_is_refused(sandbox: Sandbox) -> None:
    answer = sandbox.raw("GET", "/v1/events", Authorization="")

    assert answer.status_code == 401
    assert "did not provide an API key" in answer.json()["error"]["message"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Stripe"'


def test_wrong_key_is_refused_and_not_repeated(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.AuthenticationError) as caught:
        make_client(sandbox.base, "sk_test_wrong_key_0123456789").v1.events.list()

    assert "Invalid API Key provided: sk_test_***" in str(caught.value)
    assert "wrong_key" not in str(caught.value)


def test_publishable_key_is_refused(sandbox: Sandbox) -> None:
    answer = sandbox.raw("GET", "/v1/events", Authorization="Bearer pk_test_comptoir")

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "secret_key_required")


def test_basic_authentication_works(sandbox: Sandbox) -> None:
    basic = "Basic c2tfdGVzdF9jb21wdG9pcjo="

    assert sandbox.raw("GET", "/v1/events", Authorization=basic).status_code == 200


def test_version_is_told_and_unknown_ones_refused(sandbox: Sandbox) -> None:
    good = sandbox.raw("GET", "/v1/events")
    bad = sandbox.raw("GET", "/v1/events", Stripe_Version="1999-01-01")

    assert good.headers["Stripe-Version"] == "2026-10-28.endive"
    assert good.headers["Request-Id"].startswith("req_")
    assert (bad.status_code, bad.json()["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nothing"),
        ("GET", "/v1"),
        ("PUT", "/v1/customers"),
        ("POST", "/v1/events"),
        ("GET", "/v2/core/events"),
    ],
)
def test_unknown_address_is_404(sandbox: Sandbox, method: str, path: str) -> None:
    answer = sandbox.raw(method, path)

    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith(f"Unrecognized request URL ({method}: {path})")


def test_json_bodies_are_refused(sandbox: Sandbox) -> None:
    answer = sandbox.raw("POST", "/v1/customers", '{"email": "a@b.fr"}', Content_Type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "param"),
    [
        ("checkout/sessions/cs_no", "session"),
        ("payment_intents/pi_no", "intent"),
        ("charges/ch_no", "id"),
        ("refunds/re_no", "refund"),
        ("customers/cus_no", "id"),
        ("products/prod_no", "id"),
        ("prices/price_no", "price"),
        ("coupons/no", "coupon"),
        ("promotion_codes/promo_no", "promotion_code"),
        ("tax_rates/txr_no", "tax_rate"),
        ("events/evt_no", "id"),
        ("balance_transactions/txn_no", "id"),
        ("webhook_endpoints/we_no", "webhook_endpoint"),
        ("payment_methods/pm_no", "payment_method"),
        ("subscriptions/sub_no", "id"),
        ("invoices/in_no", "invoice"),
    ],
)
def test_unknown_ids_are_missing(sandbox: Sandbox, path: str, param: str) -> None:
    answer = sandbox.raw("GET", f"/v1/{path}")

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (404, "resource_missing", param)


def test_lists_have_pages(client: Any) -> None:
    made = [client.v1.customers.create({"name": f"n{number}"}).id for number in range(5)]
    made.reverse()
    listed = client.v1.customers.list

    first = listed({"limit": 2})
    second = listed({"limit": 2, "starting_after": made[1]})
    last = listed({"limit": 2, "starting_after": made[3]})
    before = listed({"limit": 2, "ending_before": made[3]})

    assert [one.id for one in first.data] == made[:2]
    assert (first.has_more, first.url) == (True, "/v1/customers")
    assert ([one.id for one in second.data], second.has_more) == (made[2:4], True)
    assert ([one.id for one in last.data], last.has_more) == (made[4:], False)
    assert ([one.id for one in before.data], before.has_more) == (made[1:3], True)
    assert [one.id for one in first.auto_paging_iter()] == made


@pytest.mark.parametrize("limit", ["0", "101", "x"])
def test_limit_has_bounds(sandbox: Sandbox, limit: str) -> None:
    answer = sandbox.raw("GET", f"/v1/customers?limit={limit}")

    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["code"]) == (400, "limit", "parameter_invalid_integer")


def test_lists_refuse_unknown_params(sandbox: Sandbox) -> None:
    answer = sandbox.raw("GET", "/v1/customers?colour=red")

    assert answer.json()["error"]["code"] == "parameter_unknown"


@pytest.mark.parametrize("field", ["colour", "customer.colour", "amount_total", "payment_intent.a.b.c.d.e"])
def test_expanding_nonsense_is_refused(client: Any, payment: dict[str, Any], field: str) -> None:
    customer = client.v1.customers.create({})
    params = {**payment, "customer": customer.id, "expand": [field]}

    with pytest.raises(stripe.InvalidRequestError, match="expand"):
        client.v1.checkout.sessions.create(params)
    assert client.v1.checkout.sessions.list().data == []


def test_account_is_in_test_mode(client: Any) -> None:
    account = client.v1.accounts.retrieve_current()

    assert (account.object, account.charges_enabled, account.default_currency) == ("account", True, "eur")


def test_payment_domains_are_registered_once(client: Any) -> None:
    first = client.v1.payment_method_domains.create({"domain_name": "boutique.example"})
    again = client.v1.payment_method_domains.create({"domain_name": "boutique.example"})

    assert first.id == again.id
    assert first.apple_pay.status == "active"
    assert [one.id for one in client.v1.payment_method_domains.list().data] == [first.id]


def test_only_our_own_account_is_there(sandbox: Sandbox, client: Any) -> None:
    own = client.v1.accounts.retrieve_current()
    assert client.v1.accounts.retrieve(own.id).id == own.id

    with pytest.raises(stripe.PermissionError) as caught:
        client.v1.accounts.retrieve("acct_other")
    assert (caught.value.http_status, caught.value.error.code) == (403, "account_invalid")
    assert sandbox.raw("GET", "/v1/events", Stripe_Account="acct_other").status_code == 403
    assert sandbox.raw("GET", "/v1/events", Stripe_Account=own.id).status_code == 200


@pytest.mark.parametrize("param", ["starting_after", "ending_before"])
def test_cursors_name_an_object_of_the_list(client: Any, param: str) -> None:
    stranger = client.v1.products.create({"name": "x"}).id

    for cursor in ("cus_no", stranger):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.v1.customers.list({param: cursor})
        assert (caught.value.code, caught.value.param) == ("resource_missing", param)


def test_line_items_have_pages_both_ways(client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create({**payment, "line_items": payment["line_items"] * 13})
    listed = client.v1.checkout.sessions.line_items.list
    keys = [one.id for one in listed(session.id, {"limit": 5}).auto_paging_iter()]

    before = listed(session.id, {"limit": 3, "ending_before": keys[5]})

    assert len(set(keys)) == 13
    assert ([one.id for one in before.data], before.has_more) == (keys[2:5], True)
    first = listed(session.id, {"limit": 3, "ending_before": keys[2]})
    assert ([one.id for one in first.data], first.has_more) == (keys[:2], False)
    for wrong in ({"starting_after": "li_no"}, {"ending_before": "li_no"}):
        with pytest.raises(stripe.InvalidRequestError, match="No such item"):
            listed(session.id, wrong)


def test_empty_links_expand_and_empty_texts_do_not(client: Any) -> None:
    expand = ["customer", "review", "latest_charge.balance_transaction"]
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "eur", "expand": expand})

    assert (intent.customer, intent.review, intent.latest_charge) == (None, None, None)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.payment_intents.retrieve(intent.id, {"expand": ["description"]})


def test_a_domain_can_be_switched_off(client: Any) -> None:
    domain = client.v1.payment_method_domains.create({"domain_name": "boutique.example"})

    again = client.v1.payment_method_domains.create({"domain_name": "boutique.example", "enabled": False})

    assert (again.id, again.enabled) == (domain.id, False)
