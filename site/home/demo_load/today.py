"""The orders that wait for their payment while the demo opens: placed by the shop's own verbs, then set back.

One is being paid right now, one by a debit that the bank has announced and not yet sent.
"""

import urllib.request
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from home.demo_load import ledger
from home.demo_load.book import Book
from home.demo_load.texts import Table, table
from store import cart as carts
from store import checkout, orders, selling
from store.exceptions import ShopClosed, StripeRefused, StripeUnavailable
from store.models import Cart, Hold, Order


def place(book: Book, say: Callable[[str], None]) -> None:
    """Every order of the file that waits for its payment."""
    people = table("customers")["customers"]
    for row in table("orders")["orders"]:
        if row["state"] in ledger.OPEN:
            try:
                order = _place(book, row, ledger.buyer(book, row, people[row["customer"] - 1]))
            except ShopClosed as closed:
                say(f"The shop is closed: {', '.join(closed.missing)}.")
            else:
                _open(order, say, is_debit=row["state"] == "pending")
                _set_back(order, ledger.moment(row))


def _place(book: Book, row: Table, buyer: checkout.Buyer) -> Order:
    cart = Cart.objects.create(shop=selling.fresh(book.shop.pk), user=buyer.user, is_direct=True)
    for line in row["lines"]:
        page = book.articles[line["source"], row["locale"]]
        carts.add(cart, book.goods[line["sku"]].offer, line["quantity"], page_id=page.pk)
    wanted = checkout.wishes(cart)
    shown = checkout.draft(cart.shop, wanted, country=buyer.country, method_id=buyer.method_id).total
    return checkout.start(cart, buyer, shown_total=shown)


def _open(order: Order, say: Callable[[str], None], *, is_debit: bool) -> None:
    """Without Stripe the attempt stays written down, and reconcile asks again."""
    try:
        for attempt in order.attempts.all():
            session_id = checkout.open_attempt(attempt).session_id
            if is_debit and settings.STRIPE_API_BASE:
                at_standin(session_id, "async_pending")
                orders.settle(session_id)
    except (StripeUnavailable, StripeRefused):
        say("Stripe could not be asked for the payment that is on its way.")


def at_standin(session_id: str, outcome: str) -> None:
    """What the buyer does there: pays ("paid"), or signs a debit whose bank waits for a word that nobody gives."""
    url = f"{settings.STRIPE_API_BASE}/_control/sessions/{session_id}/{outcome}"
    with urllib.request.urlopen(urllib.request.Request(url, b"{}", method="POST"), timeout=10):  # noqa: S310 - the stand-in's own address
        pass


def _set_back(order: Order, at: datetime) -> None:
    Order.objects.filter(pk=order.pk).update(placed_at=at)
    order.events.update(at=at)
    order.events.exclude(kind="placed").update(at=at + ledger.PAID_AFTER)
    order.attempts.update(made_at=at)
    Hold.objects.filter(line__order=order).update(made_at=at)
