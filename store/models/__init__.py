"""The tables of the engine that sells anything."""

from store.models.address import Address
from store.models.attempt import Attempt
from store.models.cart import Cart, CartLine
from store.models.delivery import DeliveryMethod, DeliveryRate
from store.models.gone import GoneAddress
from store.models.offer import Offer, TaxCode
from store.models.order import Concern, MailClaim, MailSent, MoveNotAllowed, Order, OrderEvent, OrderLine
from store.models.pages import CategoryPage, ProductFact, ProductPage, ProductPicture, ShopPage
from store.models.parcel import Parcel, ParcelLine
from store.models.payment import Payment, Refund, RefundLine, StripeEvent
from store.models.price import Price
from store.models.product import Goods, LegalType, Product
from store.models.sellable import Sellable
from store.models.stock import Hold, Left, Stock, StockMove
from store.models.subscription import Subscription
from store.models.withdrawal import Withdrawal

__all__ = [
    "Address", "Attempt", "Cart", "CartLine", "CategoryPage", "Concern", "DeliveryMethod", "DeliveryRate", "GoneAddress", "Goods", "Hold",
    "Left", "LegalType", "MailClaim", "MailSent", "MoveNotAllowed", "Offer", "Order", "OrderEvent", "OrderLine", "Parcel", "ParcelLine",
    "Payment", "Price", "Product", "ProductFact", "ProductPage", "ProductPicture", "Refund", "RefundLine", "Sellable",
    "ShopPage", "Stock", "StockMove", "StripeEvent", "Subscription", "TaxCode", "Withdrawal",
]  # fmt: skip
