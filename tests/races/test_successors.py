"""Two owners at once: no circle."""

import pytest

from store import successors
from store.models import Product
from tests import factories
from tests.races.crowd import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_a_circle_closed_from_both_sides_is_refused_to_one():
    pair = [factories.product(), factories.product()]

    answers = together(2, lambda number: successors.name(pair[number], pair[1 - number], by=None))

    assert sorted(type(answer).__name__ for answer in answers) == ["Circle", "bool"]
    assert Product.objects.exclude(successor=None).count() == 1
