"""What every kind must do: a kind's tests subclass `SellableContract` and say how to make one and what was given.

class TestTicket(SellableContract):
    def offer(self) -> Offer: ...
    def details(self) -> dict[str, Any]: ...       # of a choice, {} where there is none
    def given(self, line: OrderLine) -> int: ...   # units that the buyer has by now
"""

from typing import Any

import pytest
from django.forms import Form

from store import cart as carts
from store import fulfilment, promises
from store.models import Attempt, Cart, LegalType, Offer, Order, OrderLine
from tests import factories


class SellableContract:
    """Run by each kind, against its own offer."""

    def offer(self) -> Offer:
        """A new offer of the kind, on sale."""
        raise NotImplementedError

    def details(self) -> dict[str, Any]:
        """What a buyer chose before the basket."""
        return {}

    def given(self, line: OrderLine) -> int:
        """Units that the buyer has by now."""
        raise NotImplementedError

    def placed(self, **fields: Any) -> Order:
        offer = self.offer()
        cart = Cart.objects.create(shop=offer.shop)
        carts.add(cart, offer, 1, details=self.details())
        return factories.order(cart, **fields)

    def paid(self) -> Order:
        """As if Stripe had said so."""
        from store import orders

        order = self.placed()
        order.attempts.update(state=Attempt.State.SETTLED)
        orders.settle_free(order)
        fulfilment.fulfil(order.pk)
        order.refresh_from_db()
        return order

    @pytest.mark.parametrize("locale", ["fr", "en"])
    def test_kind_answers_what_is_asked_of_it(self, locale):
        sellable = self.offer().sellable
        assert sellable is not None
        assert sellable.title(locale).strip()
        assert sellable.action()
        assert sellable.legal_type in LegalType.values
        assert isinstance(sellable.grants({}), frozenset)
        assert all(isinstance(row, str) for row in sellable.lines_of(self.details(), locale))
        assert list(sellable.pages()) is not None

    def test_kind_is_attached_in_two_queries(self, django_assert_max_num_queries):
        keys = [self.offer().pk for _number in range(3)]
        with django_assert_max_num_queries(8):
            found = Offer.objects.filter(pk__in=keys).with_sellables()
            assert all(offer.sellable and offer.sellable.title("fr") for offer in found)

    def test_details_form_is_built_as_the_recap_builds_it(self):
        sellable = self.offer().sellable
        assert sellable is not None
        for made in (
            sellable.choice_form and sellable.choice_form(None, sellable=sellable),
            sellable.details_form
            and sellable.details_form(None, sellable=sellable, quantity=2, user=None, prefix="line-1"),
        ):
            assert made is None or (isinstance(made, Form) and not made.errors)

    def test_holding_twice_is_holding_once(self):
        order = self.placed()
        for _time in range(2):
            promises.hold(list(order.lines.all()), ask_at=order.placed_at)
        for _time in range(2):
            promises.release(order)
        for _time in range(2):
            promises.hold(list(order.lines.all()), ask_at=order.placed_at)

    def test_release_frees_it_for_the_next(self):
        order = self.placed()
        checkout_again = carts_of(order)
        promises.release(order)
        Order.objects.filter(pk=order.pk).update(state=Order.State.LAPSED)
        assert factories.order(checkout_again).state in {Order.State.PLACED, Order.State.PAID}

    def test_fulfilled_twice_is_given_once(self):
        order = self.paid()
        line = order.lines.get()
        fulfilment.fulfil(order.pk)
        assert self.given(line) == 1

    def test_refund_takes_it_back_once(self):
        order = self.paid()
        line = order.lines.get()
        line.refunded_quantity = 1
        line.save()
        assert line.offer.sellable is not None
        for _time in range(2):
            line.offer.sellable.revoke(line, 1)
        assert self.given(line) == 0
        fulfilment.fulfil(order.pk)
        assert self.given(line) == 0

    def test_paid_line_leaves_the_basket(self):
        order = self.paid()
        assert order.cart is not None
        assert not order.cart.lines.exists()


def carts_of(order: Order) -> Cart:
    """Another basket with the same things."""
    cart = Cart.objects.create(shop=order.shop)
    for line in order.lines.select_related("offer"):
        carts.add(cart, line.offer, line.quantity, details=line.details or None)
    return cart
