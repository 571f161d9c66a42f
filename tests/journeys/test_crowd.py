"""A hundred buyers over HTTP on ten units: exactly ten paid, a clear word for the others, never a 5xx."""

from store.models import Hold, Order
from tests import factories
from tests.bench import buyers
from tests.journeys.shop import LiveShop


def test_a_hundred_buyers_on_ten_units(house: LiveShop):
    good = factories.goods(units=10)
    article = factories.article(good.product)
    tally, _seconds = buyers.crowd(house.base, house.standin.base, article.url, good.offer_id, 100, 1)
    assert tally.failed == []
    assert (tally.paid, tally.refused) == (10, 90)
    sold = Order.objects.filter(lines__offer=good.offer, paid_at__isnull=False)
    assert sold.count() == 10
    assert Hold.objects.filter(line__offer=good.offer, state=Hold.State.KEPT).count() == 10
