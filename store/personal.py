"""The store's part of the register of personal data; a test fails for a field that no row names."""

from core.personal import goes, plain, stays
from store.models import (
    Address,
    Attempt,
    Cart,
    CartLine,
    Order,
    OrderEvent,
    OrderLine,
    Parcel,
    Refund,
    StripeEvent,
    Subscription,
    Withdrawal,
)

ACCOUNTS = "accounts of ten years (C. com. L123-22)"
PROOF = "proof of what was declared, five years (C. civ. 2224)"

REGISTER = [
    goes(Address, "name line1 line2 postcode city country user", told="addresses"),
    plain(Address, "key"),
    goes(Cart, "user", told="basket"),
    plain(Cart, "shop token"),
    goes(CartLine, "details", told="basket"),
    plain(CartLine, "source_page source_key source_title source_locale source_slot cart offer details_key"),
    stays(Order, "email name line1 line2 postcode city country", "orders", ACCOUNTS),
    goes(Order, "phone note", told="orders"),
    goes(Order, "user", told="orders"),
    stays(Order, "consents", "orders", ACCOUNTS),
    plain(
        Order,
        "shop number token checkout_token fingerprint cart origin state attention locale currency delivery_method "
        "delivery_label terms terms_digest seller",
    ),
    goes(OrderLine, "details", told="orders: lines"),
    stays(OrderLine, "title", "orders: lines", ACCOUNTS),
    plain(OrderLine, "source_page source_key source_title source_locale order offer sku tax_code legal_type"),
    goes(OrderEvent, "data", told="orders: notes"),
    plain(OrderEvent, "order kind by"),
    goes(Attempt, "params", why="the address alone, which the order tells"),
    plain(Attempt, "order public_id state session_id currency idempotency_key error"),
    stays(Parcel, "tracking", "orders: parcels", ACCOUNTS),
    plain(Parcel, "order carrier"),
    stays(Refund, "reason", "orders: refunds", ACCOUNTS),
    plain(Refund, "order payment key refund_id state error by"),
    plain(StripeEvent, "event_id type object_id body outcome"),
    goes(Subscription, "user", told="orders"),
    stays(Subscription, "customer", "subscriptions", "the number at Stripe under which what was paid stands"),
    plain(Subscription, "shop line offer next_offer stripe_id status wish"),
    stays(Withdrawal, "name email contract words", "withdrawals", PROOF),
    plain(Withdrawal, "shop token locale digest order"),
]
