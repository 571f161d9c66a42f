"""Goods, a paid seat, a free one, an hour and a yearly card in one basket: one payment, each given once and given back as it should."""

from collections.abc import Callable
from typing import Any

import pytest

from events.models import Booking, Seat
from members.models import Membership
from store import cart, fulfilment, gateway, refunds
from store.models import Offer, Order, OrderLine, Payment, Stock, Subscription
from tests import factories
from tests.rig.sound import breaches

pytestmark = pytest.mark.django_db
KINDS = {"goods", "paid seat", "free seat", "hour", "card"}


@pytest.fixture
def bought(sandbox: Any, work: Callable[[], Any]) -> dict[str, OrderLine]:
    """{what: its line} of the one order, paid and carried out twice over."""
    service = factories.service(price=9000)
    event = factories.event(capacity=5)
    offers = {
        "goods": factories.goods(price=3000).offer,
        "paid seat": Offer.objects.get(pk=factories.ticket(event, price=1500).offer_id),
        "free seat": factories.seat_offer(),
        "card": factories.plan(price=5000, interval="year").offer,
    }
    basket = factories.slot_basket(service)
    for offer in offers.values():
        cart.add(basket, offer, 1)
    person = factories.person()
    order = factories.paid(sandbox, basket, user=person, email=person.email)
    work()
    fulfilment.fulfil(order.pk)
    lines = {line.offer_id: line for line in order.lines.select_related("offer")}
    return {"hour": lines[service.offer_id], **{what: lines[offer.pk] for what, offer in offers.items()}}


def given(lines: dict[str, OrderLine]) -> set[str]:
    """What stands of it."""
    seats = Seat.objects.taken().filter(line__in=lines.values())
    found = {what for what, line in lines.items() if seats.filter(line=line).exists()}
    found |= {"hour"} if Booking.objects.live().exists() else set()
    found |= {"card"} if Membership.objects.in_force().exists() else set()
    pool = lines["goods"].offer.stocks.get()
    return found | ({"goods"} if Stock.objects.left([pool.pk])[pool.pk].free < pool.on_hand else set())


def test_one_payment_gives_each_once(bought: dict[str, OrderLine]) -> None:
    order = Order.objects.get()

    assert (order.total >= 3000 + 1500 + 9000 + 5000, Payment.objects.count()) == (True, 1)
    assert given(bought) == KINDS
    assert (Seat.objects.count(), Booking.objects.count(), Membership.objects.count()) == (2, 1, 1)
    assert breaches() == []


@pytest.mark.parametrize("what", sorted(KINDS - {"free seat"}))
def test_each_is_given_back_alone(bought: dict[str, OrderLine], work: Callable[[], Any], what: str) -> None:
    line, order = bought[what], Order.objects.get()
    refunds.start(order, refunds.Wanted(units={line.pk: 1}))
    work()

    order.refresh_from_db()
    assert order.refunded == line.unit_amount
    assert given(bought) == KINDS - {what}
    ended = gateway.read_subscription(Subscription.objects.get().stripe_id).ended_at
    assert (ended is not None) == (what == "card")
    assert breaches() == []
