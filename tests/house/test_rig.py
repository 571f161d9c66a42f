"""The rig itself: a purchase runs from basket to paid order against the stand-in."""

import pytest

from store.models import Hold, Order
from tests import factories


@pytest.mark.django_db
def test_an_order_paid_at_the_stand_in_is_settled(sandbox, work) -> None:
    thing = factories.goods(price=2000, units=3)
    order = factories.paid(sandbox, factories.basket(thing.offer, quantity=2))

    assert (order.state, order.total) == (Order.State.PAID, 4500)
    assert [hold.state for hold in Hold.objects.all()] == [Hold.State.KEPT]
    assert factories.stocked(thing.offer).on_hand == 3


@pytest.mark.django_db
def test_an_article_speaks_of_its_product(work) -> None:
    from core import mentions

    page = factories.product_page()
    article = factories.article(page)
    work()

    assert mentions.pages_mentioning(page) == [article]
