"""The order that somebody is paying while the demo opens: placed by the shop's own verbs, a few minutes ago."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from home.demo_load import ledger
from home.demo_load.book import Book
from home.demo_load.texts import Table, table
from store import cart as carts
from store import checkout, selling
from store.exceptions import ShopClosed, StripeRefused, StripeUnavailable
from store.models import Cart, Hold, Order


def place(book: Book, say: Callable[[str], None]) -> None:
    """Every order of the file that waits for its payment."""
    people = table("customers")["customers"]
    for row in table("orders")["orders"]:
        if row["state"] == "awaiting_payment":
            try:
                order = _place(book, row, ledger.buyer(book, row, people[row["customer"] - 1]))
            except ShopClosed as closed:
                say(f"The shop is closed: {', '.join(closed.missing)}.")
            else:
                _open(order, say)
                _set_back(order, timedelta(minutes=row["minutes_ago"]))


def _place(book: Book, row: Table, buyer: checkout.Buyer) -> Order:
    cart = Cart.objects.create(shop=selling.fresh(book.shop.pk), user=buyer.user, is_direct=True)
    for line in row["lines"]:
        page = book.articles[line["source"], row["locale"]]
        carts.add(cart, book.goods[line["sku"]].offer, line["quantity"], page_id=page.pk)
    wanted = checkout.wishes(cart)
    shown = checkout.draft(cart.shop, wanted, country=buyer.country, method_id=buyer.method_id).total
    return checkout.start(cart, buyer, shown_total=shown)


def _open(order: Order, say: Callable[[str], None]) -> None:
    """Without Stripe the attempt stays written down, and reconcile asks again."""
    try:
        for attempt in order.attempts.all():
            checkout.open_attempt(attempt)
    except (StripeUnavailable, StripeRefused):
        say("Stripe could not be asked for the payment that is on its way.")


def _set_back(order: Order, by: timedelta) -> None:
    at = timezone.now() - by
    Order.objects.filter(pk=order.pk).update(placed_at=at)
    order.events.update(at=at)
    order.attempts.update(made_at=at)
    Hold.objects.filter(line__order=order).update(made_at=at)
