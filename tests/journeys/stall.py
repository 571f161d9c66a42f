"""What a journey lays on the counter: one product, told in an article of its own."""

from core import mentions
from store.models import Offer, Order, Stock
from tests import factories
from tests.factories.pages import block, speak_of
from tests.journeys.shop import until


class Stall:
    """An article that speaks of one product, and what became of it."""

    def __init__(self, price: int = 4690, units: int = 5, after: str = "") -> None:
        """`after` stands in the article below the offer."""
        self.offer: Offer = factories.offer(price=price, units=units)
        self.product = self.offer.goods.product
        self.product_page = factories.product_page(self.product)
        words = [block("text", "<p>Bonjour.</p>"), speak_of(self.product_page), block("text", after or "<p>Voilà.</p>")]
        self.article = factories.article(body=words)
        self.path = self.article.url
        until(lambda: mentions.mentions(self.article, [self.product_page]), "the article in the index of references")

    @property
    def free(self) -> int:
        """Units that nobody holds."""
        stock = factories.stocked(self.offer)
        return Stock.objects.left([stock.pk])[stock.pk].free

    def order(self) -> Order:
        """The one order of this product."""
        return Order.objects.get(lines__offer=self.offer)

    def check_sold(self, units: int = 1) -> Order:
        """Paid, fulfilled by the worker, told by mail, and named after its article."""
        order = until(
            lambda: Order.objects.filter(lines__offer=self.offer, paid_at__isnull=False).first(),
            "the paid order",
        )
        until(order.parcels.exists, "its parcel")
        line = order.lines.get(offer=self.offer)
        assert (line.source_title, line.quantity, order.payments.count()) == (self.article.title, units, 1)
        return order
