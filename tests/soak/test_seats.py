"""The long race for chairs: 200 registrations on 50 places, and 50 seats given up at once, several times."""

import pytest

from events import waiting
from events.models import Seat
from store.exceptions import CannotBeSold, OutOfStock
from store.models import Order
from tests.races.test_seats import clean, crowd, in_order, released, takes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.soak]


@pytest.mark.parametrize("turn", range(3))
def test_two_hundred_guests_on_fifty_chairs(turn):
    event, answers = crowd(200, 50)
    assert [row for row in answers if not isinstance(row, Order | OutOfStock)] == []
    taken = Seat.objects.filter(event=event, state="valid").count()
    assert 47 <= taken <= 50
    assert clean() == []


@pytest.mark.parametrize("turn", range(3))
def test_fifty_releases_at_once_keep_the_order(turn):
    event, answers = released(50)
    wrong = [row for row in answers if isinstance(row, Exception) and not isinstance(row, OutOfStock | CannotBeSold)]
    assert wrong == []
    in_order(event)
    answers = takes(event)
    assert [row for row in answers if not isinstance(row, Order | waiting.OfferOver)] == []
    assert clean() == []
