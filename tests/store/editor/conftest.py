"""The owner at her desk."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import owner


@pytest.fixture
def desk(settings: Any) -> Client:
    """A browser in which she is signed in; how she proves that it is she has its own tests."""
    settings.STAFF_SECOND_FACTOR = False
    browser = Client()
    browser.force_login(owner(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser
