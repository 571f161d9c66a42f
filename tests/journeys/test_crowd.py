"""A hundred buyers over HTTP on ten units: exactly ten paid, a clear word for the others, never a 5xx."""

from store.models import Hold, Order
from tests.bench import buyers
from tests.journeys.shop import LiveShop
from tests.journeys.stall import Stall


def test_a_hundred_buyers_on_ten_units(house: LiveShop) -> None:
    stall = Stall(units=10)
    tally, _seconds = buyers.crowd(house.base, house.standin.base, stall.path, stall.offer.pk, 100, 1)
    assert tally.failed == []
    assert (tally.paid, tally.refused) == (10, 90)
    assert Order.objects.filter(lines__offer=stall.offer, paid_at__isnull=False).count() == 10
    assert Hold.objects.filter(line__offer=stall.offer, state=Hold.State.KEPT).count() == 10
