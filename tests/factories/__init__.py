"""The least valid object of each kind; a test names only what it is about."""

from tests.factories.club import given, member, membership, plan, renewing, tier
from tests.factories.coaching import (
    booking,
    calendar,
    credit,
    hour_on_credit,
    pack,
    service,
    service_page,
    slot,
    slot_basket,
)
from tests.factories.events import agenda, event, event_page, seat_offer, ticket
from tests.factories.goods import goods, offer, product, product_page, ready, stocked
from tests.factories.house import home, lay, locale
from tests.factories.kinds import hour
from tests.factories.orders import basket, buyer, order, paid
from tests.factories.pages import article, journal, photo, shop_page, speak_of
from tests.factories.people import owner, person, sign_in_just_now, sign_in_strongly
from tests.factories.shop import closed_shop, delivery_method, open_shop

__all__ = [
    "agenda",
    "article",
    "basket",
    "booking",
    "buyer",
    "calendar",
    "closed_shop",
    "credit",
    "delivery_method",
    "event",
    "event_page",
    "given",
    "goods",
    "home",
    "hour",
    "hour_on_credit",
    "journal",
    "lay",
    "locale",
    "member",
    "membership",
    "offer",
    "open_shop",
    "order",
    "owner",
    "pack",
    "paid",
    "person",
    "photo",
    "plan",
    "product",
    "product_page",
    "ready",
    "renewing",
    "seat_offer",
    "service",
    "service_page",
    "shop_page",
    "sign_in_just_now",
    "sign_in_strongly",
    "slot",
    "slot_basket",
    "speak_of",
    "stocked",
    "ticket",
    "tier",
]  # fmt: skip
