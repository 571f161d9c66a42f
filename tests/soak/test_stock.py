"""Forty buyers on five units, twenty times."""

import pytest

from store.exceptions import OutOfStock
from store.models import Hold, Order
from tests.races.test_stock import sell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.soak]


@pytest.mark.parametrize("run", range(20))
def test_exactly_five_of_forty(run):
    answers = sell(40, 5)
    kinds = [type(answer) for answer in answers]
    assert (kinds.count(Order), kinds.count(OutOfStock)) == (5, 35), run
    assert Hold.objects.filter(state=Hold.State.RESERVED).count() == 5
