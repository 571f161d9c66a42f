"""The payment pages over plain HTTP: what a browser without JavaScript sends and gets."""

import re
from typing import Any

import pytest
import requests

from sandbox.cards import CARDS
from tests.sandbox.conftest import Sandbox

CARD = {"card_number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123"}
SUCCESS = "http://127.0.0.1:8000/merci/?s={CHECKOUT_SESSION_ID}"


def submit(sandbox: Sandbox, session: Any, **typed: str) -> requests.Response:
    return requests.post(f"{sandbox.base}/c/pay/{session.id}", typed, allow_redirects=False, timeout=20)


@pytest.fixture
def hosted(client: Any, payment: dict[str, Any]) -> Any:
    """Makes sessions for the hosted page."""

    def make(**more: Any) -> Any:
        params = {name: one for name, one in payment.items() if name not in ("ui_mode", "return_url")}
        cancel = "http://127.0.0.1:8000/panier/"
        return client.v1.checkout.sessions.create(
            {**params, "success_url": SUCCESS, "cancel_url": cancel, "locale": "fr", **more}
        )

    return make


def test_page_says_what_it_is(sandbox: Sandbox, hosted: Any) -> None:
    session = hosted()

    page = requests.get(f"{sandbox.base}/c/pay/{session.id}", timeout=20)

    assert "Mode test : aucun argent ne circule." in page.text
    assert "46,90\u00a0€" in page.text
    assert 'href="http://127.0.0.1:8000/panier/"' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "form-action 'self' http://127.0.0.1:8000" in policy
    assert "frame-ancestors" not in policy
    assert "X-Frame-Options" not in page.headers
    assert not re.search(r"<script>|style=|onclick", page.text)


@pytest.mark.parametrize(
    ("locale", "accepted", "word"),
    [("en", "fr", "Your order"), ("auto", "en-GB,en", "Your order"), ("auto", "fr-FR", "Votre commande")],
)
def test_language(sandbox: Sandbox, hosted: Any, locale: str, accepted: str, word: str) -> None:
    session = hosted(locale=locale)

    page = requests.get(f"{sandbox.base}/c/pay/{session.id}", headers={"Accept-Language": accepted}, timeout=20)

    assert word in page.text


def test_card_pays_and_leads_back(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    session = hosted()

    answer = submit(sandbox, session, email="lea@example.com", **CARD)

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        SUCCESS.replace("{CHECKOUT_SESSION_ID}", session.id),
    )
    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert (paid.payment_status, paid.customer_details.email) == ("paid", "lea@example.com")
    again = requests.get(f"{sandbox.base}/c/pay/{session.id}", allow_redirects=False, timeout=20)
    assert again.status_code == 302


def test_errors_stand_at_their_fields_and_nothing_is_lost(sandbox: Sandbox, hosted: Any) -> None:
    session = hosted()

    page = submit(sandbox, session, email="lea@", card_number="4242424242424241", expiry="01/20", cvc="1").text

    for field in ("email", "card_number", "expiry", "cvc"):
        assert f'aria-describedby="{field}-error"' in page
        assert f'id="{field}-error"' in page
    assert 'value="lea@"' in page
    assert 'role="alert"' in page


def test_declined_card_can_try_again(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    session = hosted(customer_email="lea@example.com")

    page = submit(sandbox, session, **{**CARD, "card_number": "4000000000000002"})
    assert "Votre carte a été refusée." in page.text
    assert 'name="email"' not in page.text

    assert submit(sandbox, session, **CARD).status_code == 302
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.parametrize(("verb", "status"), [("prove", "paid"), ("refuse", "unpaid")])
def test_challenge(sandbox: Sandbox, client: Any, hosted: Any, verb: str, status: str) -> None:
    session = hosted(customer_email="lea@example.com")

    page = submit(sandbox, session, **{**CARD, "card_number": "4000002500003155"})
    assert "Votre banque" in page.text
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    submit(sandbox, session, verb=verb)

    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == status


def test_wallet_brings_the_address(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    session = hosted(shipping_address_collection={"allowed_countries": ["FR"]})

    submit(sandbox, session, verb="wallet")

    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.payment_method"]})
    assert paid.collected_information.shipping_details.name == "Léa Martin"
    assert paid.customer_details.email == "lea@example.com"
    assert paid.payment_intent.payment_method.card.wallet.type == "google_pay"


def test_debit_fails_later(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    session = hosted(customer_email="lea@example.com")
    answer = submit(sandbox, session, means="sepa", iban="AT32 1904 3002 3547 3204")
    assert answer.status_code == 302
    pending = client.v1.checkout.sessions.retrieve(session.id)
    assert (pending.status, pending.payment_status) == ("complete", "unpaid")

    sandbox.control("POST", "clock", advance=31)

    failed = client.v1.events.list({"types": ["checkout.session.async_payment_failed"]})
    assert [one.data.object.id for one in failed.data] == [session.id]


def test_saved_card_pays_at_once(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    customer = client.v1.customers.create({"email": "lea@example.com"})
    first = hosted(customer=customer.id, saved_payment_method_options={"payment_method_save": "enabled"})
    submit(sandbox, first, save="1", **CARD)
    (saved,) = client.v1.customers.payment_methods.list(customer.id).data
    assert saved.allow_redisplay == "always"

    second = hosted(customer=customer.id)
    page = requests.get(f"{sandbox.base}/c/pay/{second.id}", timeout=20).text
    assert f'value="{saved.id}" checked' in re.sub(r"\s+", " ", page)
    assert submit(sandbox, second, means=saved.id).status_code == 302


def test_a_strangers_card_is_not_taken(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    stranger = client.v1.customers.create({"email": "x@example.com"})
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": stranger.id})
    session = hosted(customer_email="lea@example.com")

    assert submit(sandbox, session, means=method.id).status_code == 200
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_promotion_code_lowers_the_total(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    coupon = client.v1.coupons.create({"percent_off": 50, "duration": "once"})
    client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "MOITIE"})
    session = hosted(allow_promotion_codes=True)

    assert "pas valable" in submit(sandbox, session, verb="promo", promo="RIEN").text
    assert "23,45" in submit(sandbox, session, verb="promo", promo="moitie").text
    submit(sandbox, session, verb="wallet")

    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 2345


def test_custom_fields_and_terms(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    field = {"key": "gravure", "label": {"type": "custom", "custom": "Gravure"}, "type": "text"}
    session = hosted(
        customer_email="a@b.fr", custom_fields=[field], consent_collection={"terms_of_service": "required"}
    )
    page = submit(sandbox, session, **CARD).text
    assert 'id="custom-gravure-error"' in page
    assert 'id="terms-error"' in page

    submit(sandbox, session, terms="1", **{**CARD, "custom-gravure": "LÉA"})

    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert (paid.custom_fields[0].text.value, paid.consent.terms_of_service) == ("LÉA", "accepted")


def test_expired_page_is_kind(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    session = hosted()
    client.v1.checkout.sessions.expire(session.id)

    page = submit(sandbox, session, email="a@b.fr", **CARD)

    assert "a expiré" in page.text
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"


@pytest.mark.parametrize("path", ["c/pay/cs_test_none", "c/embed/cs_test_none_secret_x"])
def test_unknown_page(sandbox: Sandbox, path: str) -> None:
    assert requests.get(f"{sandbox.base}/{path}", timeout=20).status_code == 404


def test_embedded_page_needs_the_whole_secret(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(payment)

    good = requests.get(f"{sandbox.base}/c/embed/{session.client_secret}", timeout=20)
    bad = requests.get(f"{sandbox.base}/c/embed/{session.client_secret}x", timeout=20)

    assert (good.status_code, bad.status_code) == (200, 404)
    assert "Set-Cookie" not in good.headers


def test_direct_challenge_leads_back(sandbox: Sandbox, client: Any) -> None:
    intent = client.v1.payment_intents.create(
        {
            "amount": 900,
            "currency": "eur",
            "payment_method": "pm_card_threeDSecure2Required",
            "confirm": True,
            "return_url": "http://127.0.0.1:8000/retour/",
        }
    )
    url = f"{sandbox.base}/3ds/{intent.id}"
    assert requests.get(url, timeout=20).status_code == 200

    answer = requests.post(url, {"verb": "prove"}, allow_redirects=False, timeout=20)

    assert answer.headers["Location"].startswith(f"http://127.0.0.1:8000/retour/?payment_intent={intent.id}&")
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_control_plane_is_for_the_machine_itself(sandbox: Sandbox) -> None:
    answer = requests.get(f"{sandbox.base}/_control/clock", headers={"X-Forwarded-For": "10.0.0.1"}, timeout=20)
    unknown = requests.post(f"{sandbox.base}/_control/nonsense", timeout=20)

    assert (answer.status_code, unknown.status_code) == (403, 404)


def test_control_plane_words_its_refusals(sandbox: Sandbox, client: Any, payment: dict[str, Any]) -> None:
    session = client.v1.checkout.sessions.create(payment)
    sandbox.outcome(session, "expire")

    for path, status in (
        (f"sessions/{session.id}/paid", 409),
        (f"sessions/{session.id}/nonsense", 404),
        ("sessions/cs_none/paid", 404),
        ("deliveries", 400),
    ):
        answer = requests.post(f"{sandbox.base}/_control/{path}", json={}, timeout=20)
        assert (answer.status_code, "error" in answer.json()) == (status, True)


def test_requests_are_counted(sandbox: Sandbox, client: Any) -> None:
    sandbox.control("DELETE", "requests")
    client.v1.customers.create({"email": "a@b.fr"})

    (one,) = sandbox.control("GET", "requests")["data"]
    assert (one["method"], one["path"], one["status"]) == ("POST", "/v1/customers", 200)
    assert one["params"] == {"email": "a@b.fr"}


def test_another_shipping_shows_its_total_before_it_is_paid(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    def rate(name: str, amount: int) -> dict[str, Any]:
        fixed = {"amount": amount, "currency": "eur"}
        return {"shipping_rate_data": {"display_name": name, "type": "fixed_amount", "fixed_amount": fixed}}

    session = hosted(customer_email="a@b.fr", shipping_options=[rate("Lettre", 300), rate("Colis", 600)])

    page = submit(sandbox, session, rate="1", **CARD)
    assert (page.status_code, "52,90" in page.text) == (200, True)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"

    assert submit(sandbox, session, rate="1", **CARD).status_code == 302
    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 5290


ZOE = {
    "email": "zoe@example.com",
    "name": "Zoé Maes",
    "line1": "1 rue Haute",
    "postal_code": "1000",
    "city": "Bruxelles",
}


def test_country_is_one_the_shop_delivers_to(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    session = hosted(shipping_address_collection={"allowed_countries": ["FR", "BE"]})
    page = requests.get(f"{sandbox.base}/c/pay/{session.id}", timeout=20).text
    assert re.findall(r'<option value="(\w+)"', page) == ["FR", "BE"]

    refused = submit(sandbox, session, country="DE", **ZOE, **CARD)
    assert (refused.status_code, 'id="country-error"' in refused.text) == (200, True)
    assert submit(sandbox, session, country="BE", **ZOE, **CARD).status_code == 302

    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    shipping = paid.collected_information.shipping_details
    assert (shipping.name, shipping.address.city, shipping.address.country) == ("Zoé Maes", "Bruxelles", "BE")
    assert (paid.customer_details.email, paid.customer_details.name) == ("zoe@example.com", "Zoé Maes")
    assert paid.payment_intent.shipping.address.line1 == "1 rue Haute"


@pytest.mark.parametrize(("allowed", "country"), [(["AD", "FR"], "FR"), (["DE"], "DE"), (["BE", "DE"], "BE")])
def test_wallet_lives_where_the_shop_delivers(
    sandbox: Sandbox, client: Any, hosted: Any, allowed: list[str], country: str
) -> None:
    session = hosted(
        shipping_address_collection={"allowed_countries": allowed},
        phone_number_collection={"enabled": True},
        name_collection={"individual": {"enabled": True}},
    )

    # The browser sends the first country of the list, which nobody chose.
    assert submit(sandbox, session, verb="wallet", country=allowed[0]).status_code == 302

    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert paid.collected_information.shipping_details.address.country == country
    details = paid.customer_details
    assert all((details.email, details.name, details.phone, details.individual_name))


def test_names_are_asked_where_the_shop_collects_them(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    session = hosted(
        customer_email="a@b.fr",
        name_collection={"individual": {"enabled": True}, "business": {"enabled": True, "optional": True}},
    )
    assert 'id="individual_name-error"' in submit(sandbox, session, **CARD).text

    submit(sandbox, session, individual_name="Léa Martin", **CARD)

    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert (paid.collected_information.individual_name, paid.collected_information.business_name) == (
        "Léa Martin",
        None,
    )
    assert paid.customer_details.individual_name == "Léa Martin"


def test_answers_fit_their_questions(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    def field(key: str, kind: str, **rules: Any) -> dict[str, Any]:
        return {"key": key, "label": {"type": "custom", "custom": key}, "type": kind, kind: rules}

    session = hosted(
        customer_email="a@b.fr",
        custom_fields=[
            field("count", "numeric", maximum_length=3, default_value="12"),
            field("size", "dropdown", options=[{"label": "Grand", "value": "large"}]),
            field("word", "text", minimum_length=2),
        ],
    )
    assert 'value="12"' in requests.get(f"{sandbox.base}/c/pay/{session.id}", timeout=20).text
    wrong = {"custom-count": "1234", "custom-size": "small", "custom-word": "x"}
    page = submit(sandbox, session, **CARD, **wrong).text
    for key in wrong:
        assert f'aria-describedby="{key}-error"' in page

    submit(sandbox, session, **CARD, **{"custom-count": "123", "custom-size": "large", "custom-word": "Léa"})

    first, second, third = client.v1.checkout.sessions.retrieve(session.id).custom_fields
    assert (first.numeric.value, second.dropdown.value, third.text.value) == ("123", "large", "Léa")


def test_the_shops_own_texts_are_shown(sandbox: Sandbox, hosted: Any) -> None:
    names = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    session = hosted(
        custom_text={name: {"message": f"Texte {name}"} for name in names},
        shipping_address_collection={"allowed_countries": ["FR"]},
        consent_collection={"terms_of_service": "required"},
    )

    page = requests.get(f"{sandbox.base}/c/pay/{session.id}", timeout=20).text

    assert [name for name in names if f"Texte {name}" not in page] == []


@pytest.mark.parametrize("body", [b"email=%ff%fe", b"email[a]=x&email[a][b]=1", b"\xff"])
def test_broken_forms_are_answered_with_the_page(sandbox: Sandbox, hosted: Any, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = requests.post(f"{sandbox.base}/c/pay/{hosted().id}", body, headers=headers, timeout=20)

    assert (answer.status_code, 'role="alert"' in answer.text) == (200, True)


def test_every_test_card_does_what_it_says(sandbox: Sandbox, client: Any, hosted: Any) -> None:
    for number, card in CARDS.items():
        session = hosted(customer_email="a@b.fr")
        answer = submit(sandbox, session, **{**CARD, "card_number": number})
        if card.challenge:
            answer = submit(sandbox, session, verb="prove")
        intent = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]}).payment_intent
        code = intent.last_payment_error.code if intent.last_payment_error else ""
        wanted = (200, "requires_payment_method", card.code) if card.refusal else (302, "succeeded", "")
        assert (answer.status_code, intent.status, code) == wanted, number
