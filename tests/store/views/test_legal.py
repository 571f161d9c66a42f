"""The notice about data says what the house does."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import factories

pytestmark = pytest.mark.django_db
LASTING = timedelta(days=30)


def cookies_after_a_visit(client: Client) -> dict[str, int]:
    """{name: seconds, 0 until the browser is closed}: a basket, a form, a sign-in, and one that is refused."""
    offer = factories.offer()
    steps = [
        lambda: client.post(reverse("store:add"), {"offer": offer.pk, "quantity": 1}),
        lambda: client.get(reverse("store:withdraw")),
        lambda: client.get("/me/"),
        lambda: client.post(reverse("account_login"), {"login": "lea@example.org", "password": "x"}),
        lambda: client.force_login(factories.person(), backend="allauth.account.auth_backends.AuthenticationBackend"),
        lambda: client.post(reverse("account_logout")),
    ]
    found: dict[str, int] = {}
    for step in steps:
        step()
        found |= {name: int(cookie["max-age"] or 0) or found.get(name, 0) for name, cookie in client.cookies.items()}
    return found


@pytest.mark.parametrize(("locale", "many"), [("fr", "Trois cookies"), ("en", "Three cookies")])
def test_privacy_notice_names_every_cookie_that_is_set(client, locale, many):
    found = cookies_after_a_visit(client)
    assert set(found) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.HERE_COOKIE_NAME}
    with translation.override(locale):
        notice = Client().get(reverse("store:privacy")).content.decode()
    assert many in notice
    for name in found:
        assert f" {name}" in notice


def test_cookies_live_as_long_as_the_notice_says(client):
    found = cookies_after_a_visit(client)
    assert {name: seconds for name, seconds in found.items() if seconds} == {
        settings.SESSION_COOKIE_NAME: LASTING.total_seconds(),
        settings.HERE_COOKIE_NAME: LASTING.total_seconds(),
    }
    assert f"{LASTING.days} " in Client().get(reverse("store:privacy")).content.decode()
