"""Addresses and log words of the owner's screens, as Wagtail asks for them."""

from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy

from store.owner import (
    delivery_pages,
    order_actions,
    order_list,
    order_money,
    order_page,
    sales_page,
    shop_pages,
    stock_pages,
    subscription_list,
    subscription_page,
    troubles,
    withdrawals,
)

ORDER = "orders/<int:pk>/"
PARCEL = f"{ORDER}parcels/<int:parcel>/"
ADDRESSES = [
    path("orders/", order_list.OrderList.as_view(), name="orders"),
    path("orders/results/", order_list.results, name="orders_results"),
    path("orders/slips/", order_page.Slips.as_view(), name="slips"),
    path(ORDER, order_page.OrderPage.as_view(), name="order"),
    path(f"{ORDER}slip/", order_page.Slips.as_view(), name="slip"),
    path(f"{ORDER}refund/", order_money.RefundPage.as_view(), name="refund"),
    path(f"{ORDER}cancel/", order_money.CancelPage.as_view(), name="cancel"),
    path(f"{ORDER}decide/", order_money.DecidePage.as_view(), name="decide"),
    path(f"{ORDER}deliver/", order_actions.Deliver.as_view(), name="deliver"),
    path(f"{ORDER}parcel/", order_actions.MakeParcel.as_view(), name="make_parcel"),
    path(f"{ORDER}note/", order_actions.Note.as_view(), name="note"),
    path(f"{ORDER}buyer/", order_actions.Correct.as_view(), name="buyer"),
    path(f"{ORDER}read/", order_actions.NoteRead.as_view(), name="note_read"),
    path(f"{ORDER}receipt/", order_actions.SendReceipt.as_view(), name="receipt"),
    path(f"{PARCEL}ship/", order_actions.Ship.as_view(), name="ship"),
    path(f"{PARCEL}split/", order_actions.Split.as_view(), name="split"),
    path("subscriptions/", subscription_list.SubscriptionList.as_view(), name="subscriptions"),
    path("subscriptions/results/", subscription_list.results, name="subscriptions_results"),
    path("subscriptions/<int:pk>/", subscription_page.SubscriptionPage.as_view(), name="subscription"),
    path("withdrawals/", withdrawals.Withdrawals.as_view(), name="withdrawals"),
    path("withdrawals/<int:pk>/", withdrawals.WithdrawalPage.as_view(), name="withdrawal"),
    path("stock/", stock_pages.StockList.as_view(), name="stock"),
    path("stock/results/", stock_pages.results, name="stock_results"),
    path("stock/<int:pk>/", stock_pages.PoolPage.as_view(), name="pool"),
    path("sales/", sales_page.SalesPage.as_view(), name="sales"),
    path("troubles/", troubles.TroublesPage.as_view(), name="troubles"),
    path("troubles/act/", troubles.Act.as_view(), name="troubles_act"),
    path("settings/", shop_pages.ShopPage.as_view(), name="shop"),
    path("settings/vat/", shop_pages.VatPage.as_view(), name="vat"),
    path("settings/terms/", shop_pages.TermsList.as_view(), name="terms"),
    path("settings/terms/new/", shop_pages.TermsEdit.as_view(), name="terms_new"),
    path("settings/terms/<int:pk>/", shop_pages.TermsPage.as_view(), name="terms_version"),
    path("settings/terms/<int:pk>/edit/", shop_pages.TermsEdit.as_view(), name="terms_edit"),
    path("settings/terms/<int:pk>/<slug:language>.html", shop_pages.download, name="terms_file"),
    path("settings/delivery/", delivery_pages.DeliveryList.as_view(), name="delivery"),
    path("settings/delivery/new/", delivery_pages.DeliveryEdit.as_view(), name="delivery_new"),
    path("settings/delivery/<int:pk>/", delivery_pages.DeliveryEdit.as_view(), name="delivery_edit"),
]
LOGGED: dict[str, tuple[Any, Any]] = {
    "ship": (gettext_lazy("Send"), gettext_lazy("Sent a parcel")),
    "split": (gettext_lazy("Split"), gettext_lazy("Split a parcel")),
    "deliver": (gettext_lazy("Deliver"), gettext_lazy("Wrote down that the buyer has it")),
    "parcel": (gettext_lazy("Parcel"), gettext_lazy("Made a parcel")),
    "receipt": (gettext_lazy("Receipt"), gettext_lazy("Sent the receipt again")),
    "correct": (gettext_lazy("Correct"), gettext_lazy("Put right who bought")),
    "refund": (gettext_lazy("Refund"), gettext_lazy("Gave money back")),
    "cancel": (gettext_lazy("Cancel"), gettext_lazy("Cancelled an order")),
    "decide": (gettext_lazy("Decide"), gettext_lazy("Decided about stuck money")),
    "subscription": (gettext_lazy("Subscription"), gettext_lazy("Ended a subscription or let it go on")),
    "withdrawal": (gettext_lazy("Withdrawal"), gettext_lazy("Answered a withdrawal")),
    "stock": (gettext_lazy("Stock"), gettext_lazy("Changed the stock")),
    "shop": (gettext_lazy("Settings"), gettext_lazy("Changed the shop's settings")),
    "vat": (gettext_lazy("VAT"), gettext_lazy("Added a VAT regime")),
    "terms": (gettext_lazy("Terms"), gettext_lazy("Wrote terms of sale")),
    "publish_terms": (gettext_lazy("Terms in force"), gettext_lazy("Put terms of sale in force")),
    "delivery": (gettext_lazy("Delivery"), gettext_lazy("Changed a delivery method")),
    "delivery_gone": (gettext_lazy("Delivery gone"), gettext_lazy("Removed a delivery method")),
}


def urls() -> list[Any]:
    """Under Wagtail's admin."""
    return [path("shop/", include((ADDRESSES, "owner")))]


def log_actions(actions: Any) -> None:
    """What Wagtail's log calls the owner's deeds."""
    for name, (label, message) in LOGGED.items():
        actions.register_action(f"store.{name}", label, message)
