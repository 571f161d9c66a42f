"""A passkey: added once, then the account opens by it alone, on a browser that holds one."""

from typing import Any

from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories
from tests.journeys.reader import Reader
from tests.journeys.shop import LiveShop


def hold_keys(reader: Reader) -> Any:
    """A virtual authenticator that knows its user, as a phone does."""
    devtools = reader.context.new_cdp_session(reader.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def test_a_passkey_opens_the_account(house: LiveShop, reader: Reader) -> None:
    user = factories.person()
    client = Client()
    factories.sign_in_just_now(client, user)
    base = house.base.replace("127.0.0.1", "localhost")
    reader.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base}])
    reader.base = base
    hold_keys(reader)

    reader.open(reverse("mfa_add_webauthn"))
    reader.page.locator("[name=name]").fill("Téléphone")
    passwordless = reader.page.locator("[name=passwordless]")
    if passwordless.count():
        passwordless.check()
    reader.page.locator("#mfa_webauthn_add").click()
    reader.page.wait_for_url(lambda url: "webauthn/add" not in url)
    assert user.authenticator_set.filter(type="webauthn").count() == 1

    reader.page.wait_for_load_state("networkidle")
    reader.context.clear_cookies()
    reader.open(reverse("account_login"))
    reader.page.locator("#passkey_login").click()
    reader.page.wait_for_url(lambda url: "login" not in url)
    reader.open(reverse("account"))
    expect(reader.page.locator("body")).to_contain_text(user.email)
