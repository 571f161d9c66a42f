"""What the store shows on a person's account page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import Shop
from store import links, telling
from store.models import Address, Order

SHOWN = 50


@dataclass(frozen=True)
class Panel:
    """One part of the account page: `template` is included with this as `panel`."""

    title: str
    template: str
    rows: list[dict[str, Any]]
    link: str = ""


def panels(request: HttpRequest) -> list[Panel]:
    """The person's orders, newest first, each with a fresh signed link."""
    found = Order.objects.for_shop(Shop.objects.current()).for_user(request.user).prefetch_related("lines")
    rows = [_row(order) for order in found[:SHOWN]]
    first = [{"text": str(row)} for row in Address.objects.of(request.user)[:1]]
    book = Panel(_("Postal address"), "store/account_addresses.html", first, reverse("store:addresses"))
    return [Panel(_("Orders"), "store/account_orders.html", rows), book]


def _row(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "url": links.order_url(order),
        "what": telling.what(order),
        "state_text": telling.state(order),
        "placed_at": order.placed_at,
        "amount": order.total,
        "currency": order.currency,
    }
