"""The long race for chairs and hours: each twenty times, on both databases."""

import pytest

from events import waiting
from events.models import Seat
from store.exceptions import CannotBeSold, OutOfStock
from store.models import Order
from tests.races import test_appointments as hours
from tests.races import test_seats as seats
from tests.races.test_seats import crowd, in_order, released, takes
from tests.rig.sound import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.soak]
TIMES = range(20)


@pytest.mark.parametrize("run", TIMES)
def test_two_hundred_guests_on_fifty_chairs(run):
    event, answers = crowd(200, 50)
    assert [row for row in answers if not isinstance(row, Order | OutOfStock)] == []
    taken = Seat.objects.filter(event=event, state="valid").count()
    assert 47 <= taken <= 50
    assert breaches() == []


@pytest.mark.parametrize("run", TIMES)
def test_fifty_releases_at_once_keep_the_order(run):
    event, answers = released(50)
    wrong = [row for row in answers if isinstance(row, Exception) and not isinstance(row, OutOfStock | CannotBeSold)]
    assert wrong == []
    in_order(event)
    answers = takes(event)
    assert [row for row in answers if not isinstance(row, Order | waiting.OfferOver)] == []
    assert len([row for row in answers if isinstance(row, Order)]) == len(answers) // 2
    assert breaches() == []


@pytest.mark.parametrize("run", TIMES)
def test_a_hundred_buyers_of_overlapping_hours(run):
    hours.test_a_hundred_buyers_of_overlapping_lengths()
    assert breaches() == []


@pytest.mark.parametrize("run", TIMES)
def test_appointments_that_move_to_the_same_hours(run):
    hours.test_all_move_at_once_to_the_same_hours()
    assert breaches() == []


@pytest.mark.parametrize("run", TIMES)
def test_guests_of_two_dates_change_places(run):
    seats.test_guests_of_two_dates_change_places_at_once()
