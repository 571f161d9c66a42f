"""The owner, signed in, and a paid order."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from store.models import Order
from tests import factories
from tests.store.owner.entering import enter


@pytest.fixture
def desk_client(client: Client) -> Client:
    """A browser in which the owner is signed in."""
    return enter(client, factories.owner(first_name="Hélène"))


@pytest.fixture
def sale(sandbox: Any, work: Callable[[], list[Any]]) -> Order:
    """Two units of one thing, paid, with its parcel."""
    order = factories.paid(sandbox, factories.basket(quantity=2))
    work()
    order.refresh_from_db()
    return order
