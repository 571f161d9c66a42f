"""A plan does what every kind on sale must do."""

import pytest

from members.models import Grant
from store.models import Offer, OrderLine
from tests import factories
from tests.store.sellable_contract import SellableContract


@pytest.mark.django_db
class TestPlan(SellableContract):
    """Paid once, for a year."""

    def offer(self) -> Offer:
        return factories.plan().offer

    def given(self, line: OrderLine) -> int:
        return Grant.objects.filter(line=line, revoked_at=None).count()
