"""The address book: one default, each address once, and what follows a deleted one."""

import pytest
from django.db import IntegrityError, transaction

from store import addresses
from store.models import Address
from tests import factories

pytestmark = pytest.mark.django_db
HOME = {
    "name": "Léa",
    "line1": "4 rue des Lilas",
    "line2": "",
    "postcode": "93100",
    "city": "Montreuil",
    "country": "FR",
}
WORK = {**HOME, "line1": "2 quai Bas"}


def test_the_first_is_the_default_and_the_same_one_is_kept_once() -> None:
    user = factories.person()
    first, same = addresses.keep(user, HOME), addresses.keep(user, HOME)

    assert first == same
    assert first.is_default
    assert [row.line1 for row in Address.objects.of(user)] == ["4 rue des Lilas"]


def test_another_may_come_first_and_a_deleted_one_leaves_it_to_the_next() -> None:
    user = factories.person()
    home = addresses.keep(user, HOME)
    work = addresses.keep(user, WORK, first=True)
    assert [row.pk for row in Address.objects.filter(user=user, is_default=True)] == [work.pk]
    for _twice in range(2):
        addresses.remove(work)

    assert [row.pk for row in Address.objects.filter(user=user, is_default=True)] == [home.pk]


def test_an_address_put_right_into_one_that_is_there_is_one() -> None:
    user = factories.person()
    home, work = addresses.keep(user, HOME), addresses.keep(user, WORK)

    assert addresses.change(home, WORK).pk == work.pk
    assert Address.objects.get(user=user).is_default


def test_twenty_are_enough() -> None:
    user = factories.person()
    for number in range(addresses.MOST):
        addresses.keep(user, {**HOME, "line1": f"{number} rue"})
    with pytest.raises(addresses.BookFull):
        addresses.keep(user, HOME)
    assert addresses.keep(user, {**HOME, "line1": "3 rue"}).line1 == "3 rue"


def test_the_database_knows_one_default() -> None:
    user = factories.person()
    addresses.keep(user, HOME)
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.create(user=user, **WORK, is_default=True)
