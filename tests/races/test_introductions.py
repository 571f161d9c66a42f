"""Two who ask each other at the same moment, and one who blocks the other meanwhile: one introduction, no error."""

import pytest

from members import meeting
from members.models import Block, Introduction, Profile
from tests import factories
from tests.races.crowd import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
ROUNDS = 5


def pair() -> tuple[Profile, Profile]:
    tier = factories.tier()
    one, other = (
        Profile.objects.create(user=factories.member(tier), name=name, is_listed=True) for name in ("Nour", "Zoé")
    )
    return one, other


def test_two_who_ask_each_other_have_met() -> None:
    for _round in range(ROUNDS):
        both = pair()

        answers = together(2, lambda number, both=both: meeting.ask(both[number].user, both[1 - number], "Bonjour."))

        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        row = Introduction.objects.get(low=min(one.user_id for one in both), high=max(one.user_id for one in both))
        assert row.state == "accepted"


def test_one_who_asks_twice_has_asked_once() -> None:
    asker, asked = pair()

    answers = together(4, lambda _number: meeting.ask(asker.user, asked, "Bonjour."))

    assert {type(answer) for answer in answers} == {Introduction, meeting.AlreadyAsked}
    assert Introduction.objects.get().state == "asked"


def test_a_block_leaves_nothing_that_waits() -> None:
    for _round in range(ROUNDS):
        asker, asked = pair()

        def act(number: int, asker: Profile = asker, asked: Profile = asked) -> object:
            return meeting.block(asked.user, asker.user) if number else meeting.ask(asker.user, asked, "Bonjour.")

        answers = together(2, act)

        assert {type(answer) for answer in answers if isinstance(answer, Exception)} <= {meeting.CannotMeet}
        assert Block.objects.filter(by=asked.user).count() == 1
        assert not Introduction.objects.filter(asker=asker.user, state="asked").exists()
