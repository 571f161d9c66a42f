"""A guest's seats join the account whose address is proved."""

import pytest

from events import adopting
from events.models import Seat
from store import fulfilment
from tests import factories


@pytest.mark.django_db
def test_seats_join_once() -> None:
    order = factories.order(factories.basket(factories.seat_offer()), email="lea@example.org")
    fulfilment.fulfil(order.pk)
    user = factories.person(email="lea@example.org")

    assert adopting.adopt(user, "Lea@example.org") == 1
    assert adopting.adopt(user, "lea@example.org") == 0
    assert Seat.objects.get().user == user
