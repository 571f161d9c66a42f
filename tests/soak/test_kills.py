"""Each step of a purchase killed, ten times over."""

import pytest

from tests.kills import test_club as club
from tests.kills import test_hours as hours
from tests.kills import test_kills as kills
from tests.kills import test_seats as seats

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.soak]
TIMES = range(10)
CLUB = [
    (club.test_killed_while_joining, club.JOINED),
    (club.test_killed_while_a_card_is_paid_back, club.PAID_BACK),
    (club.test_killed_while_a_member_is_forgotten, club.FORGOTTEN),
]
HOURS = [
    (hours.test_killed_while_holding, hours.HELD),
    (hours.test_killed_while_booking, hours.BOOKED),
    (hours.test_killed_while_moving, hours.MOVED),
    (hours.test_killed_while_cancelling, hours.CANCELLED),
    (hours.test_killed_while_granting, hours.GRANTED),
    (hours.test_killed_while_using_an_hour, hours.USED),
    (hours.test_killed_while_giving_an_hour_back, hours.RETURNED),
]


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.WEB)
def test_ordering(sandbox, step, run):
    kills.test_killed_while_ordering(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.NOTICE)
def test_notice(sandbox, step, run):
    kills.test_killed_while_taking_a_notice(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.WORKER)
def test_worker(sandbox, step, run):
    kills.test_killed_while_working(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.MAIL)
def test_mail(sandbox, step, run):
    kills.test_killed_while_sending(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.REFUND)
def test_refund(sandbox, step, run):
    kills.test_killed_while_refunding(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.SUBSCRIBED)
def test_subscribing(sandbox, step, run):
    kills.test_killed_while_subscribing(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("verb", kills.VERBS)
@pytest.mark.parametrize("step", kills.WISH)
def test_asking(sandbox, step, verb, run):
    kills.test_killed_while_asking(sandbox, step, verb)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.STOP)
def test_ending(sandbox, step, run):
    kills.test_killed_while_ending_at_once(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.LATE)
def test_late(sandbox, step, run):
    kills.test_killed_while_telling_of_a_failure(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.RENEWAL)
def test_renewing(sandbox, step, run):
    kills.test_killed_while_renewing(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.REFUND)
def test_renewal_refund(sandbox, step, run):
    kills.test_killed_while_refunding_a_renewal(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", kills.DISPUTE)
def test_chargeback(sandbox, step, run):
    kills.test_killed_while_a_renewal_is_charged_back(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.BOOKED)
def test_booking_seats(sandbox, step, run):
    seats.test_killed_while_a_free_seat_is_taken(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.GIVEN_UP)
def test_giving_up(sandbox, step, run):
    seats.test_killed_while_a_seat_is_given_up_and_offered_on(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.TAKEN)
def test_taking_offers(sandbox, step, run):
    seats.test_killed_while_an_offered_place_is_taken(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.HANDED)
def test_handing_on(sandbox, step, run):
    seats.test_killed_while_a_seat_is_handed_on(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.OTHER_DATE)
def test_changing_dates(sandbox, step, run):
    seats.test_killed_while_a_seat_goes_to_another_date(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.PAID_DATE)
def test_paying_for_dates(sandbox, step, run):
    seats.test_killed_while_another_date_is_paid(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.MOVED)
def test_moving_events(sandbox, step, run):
    seats.test_killed_while_the_owner_moves_the_date(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.TOLD)
def test_telling_guests(sandbox, step, run):
    seats.test_killed_while_guests_are_told(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.CANCELLED)
def test_cancelling(sandbox, step, run):
    seats.test_killed_while_the_owner_cancels(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.CALLED_OFF)
def test_calling_off(sandbox, step, run):
    seats.test_killed_while_the_money_of_a_cancelled_event_goes_back(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.SYNCED)
def test_syncing(sandbox, step, run):
    seats.test_killed_while_a_phone_tells_who_came(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize("step", seats.WALKED_IN)
def test_walking_in(sandbox, step, run):
    seats.test_killed_while_somebody_walks_in(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize(("step", "act"), [(step, act) for act, names in HOURS for step in names])
def test_appointments(sandbox, step, act, run):
    act(sandbox, step)


@pytest.mark.parametrize("run", TIMES)
@pytest.mark.parametrize(("step", "act"), [(step, act) for act, names in CLUB for step in names])
def test_cards(sandbox, step, act, run):
    act(sandbox, step)
