"""An order in its buyer's words: state, promise, timeline, who sells. Pages, mails and the account ask here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import dates, money
from store import promises
from store.models import Order, OrderEvent, OrderLine, Parcel


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    text: str


def what(order: Order, *, to_owner: bool = False) -> str:
    """All lines in one, with their numbers where there are several; `to_owner`: in her language."""
    rows = [(row.quantity, row.shown_title if to_owner else row.title) for row in order.lines.all()]
    return ", ".join(f"{quantity}\u00a0\u00d7 {title}" if quantity > 1 else title for quantity, title in rows)


def state(order: Order) -> str:
    """Where the order stands, in a few words."""
    texts: dict[str, Any] = {
        Order.State.PLACED: pgettext("order", "Not paid yet"),
        Order.State.PENDING: pgettext("order", "Payment on its way"),
        Order.State.PAID: pgettext("order", "Paid, being packed")
        if order.needs_shipping
        else (pgettext("order", "Paid") if order.total else pgettext("order", "Confirmed")),
        Order.State.SHIPPED: pgettext("order", "Ready to be picked up")
        if order.is_pickup
        else pgettext("order", "Sent"),
        Order.State.DELIVERED: pgettext("order", "Picked up") if order.is_pickup else pgettext("order", "Delivered"),
        Order.State.REFUNDED: pgettext("order", "Refunded"),
        Order.State.CANCELLED: pgettext("order", "Cancelled"),
        Order.State.LAPSED: pgettext("order", "Not paid in time"),
    }
    return str(texts[order.state])


def promise(order: Order) -> str:
    """What was promised, with its date; empty where nothing is sent or it arrived already."""
    if order.promised_on is None or order.state in {
        Order.State.DELIVERED,
        Order.State.CANCELLED,
        Order.State.REFUNDED,
    }:
        return ""
    text = _("To be picked up from %(day)s.") if order.is_pickup else _("With you by %(day)s.")
    return text % {"day": day(order.promised_on)}


def day(value: date) -> str:
    """Thursday 3 December 2026."""
    return dates.words(value, "l j F Y")


def timeline(order: Order) -> list[Moment]:
    """What happened, newest first; what concerns the owner alone is left out."""
    found = []
    for event in order.events.all():
        tell = WORDS.get(event.kind)
        if tell and tell(order, event):
            found.append(Moment(event.at, tell(order, event)))
    return found[::-1]


def _sum(order: Order, event: OrderEvent) -> str:
    return money.text(int(event.data.get("amount") or 0), order.currency)


def _parcel(order: Order, event: OrderEvent) -> str:
    if order.is_pickup:
        return _("It is ready to be picked up.")
    if event.data.get("carrier") and event.data.get("tracking"):
        return _("The parcel is with %(carrier)s, number %(tracking)s.") % event.data
    return _("The parcel has left.")


def _placed(order: Order, _event: OrderEvent) -> str:
    titles = list(dict.fromkeys(line.source_title for line in order.lines.all() if line.source_title))
    if len(titles) == 1:
        return _("Ordered from “%(title)s”.") % {"title": titles[0]}
    return _("Ordered.")


WORDS: dict[str, Callable[[Order, OrderEvent], str]] = {
    "placed": _placed,
    "pending": lambda _o, _e: _("Your bank announced the payment."),
    "paid": lambda o, _e: (
        _("Paid: %(amount)s.") % {"amount": money.text(o.total, o.currency)} if o.total else _("Confirmed.")
    ),
    "parcel": _parcel,
    "shipped": lambda o, _e: _("Everything has left.") if len(o.parcels.all()) > 1 else "",
    "delivered": lambda o, _e: _("Picked up.") if o.is_pickup else _("Delivered."),
    "cancelled": lambda _o, _e: _("Cancelled."),
    "lapsed": lambda _o, _e: _("No payment came; nothing was charged."),
    "refund_asked": lambda o, e: _("A refund of %(amount)s is on its way.") % {"amount": _sum(o, e)},
    "refund_succeeded": lambda o, e: _("Refunded: %(amount)s.") % {"amount": _sum(o, e)},
    "refunded": lambda _o, _e: _("All was refunded."),
    "withdrawal": lambda _o, _e: _("Your withdrawal was received."),
}


def parcels(order: Order) -> list[Parcel]:
    """The parcels that left, with their lines."""
    return [row for row in order.parcels.prefetch_related("lines__line") if row.shipped_at]


def given(order: Order) -> list[tuple[str, OrderLine]]:
    """(template, line) of the paid lines whose kind shows more than a row: its seat, its hour, its card."""
    if not order.paid_at:
        return []
    rows = promises.behind(order.lines.select_related("offer"))
    return [(sellable.line_template, line) for line, sellable in rows if sellable.line_template]


def who(seller: Mapping[str, Any]) -> str:
    """Whom to write to, in one line: name, address, phone, e-mail."""
    names = [seller.get("seller") or seller.get("name")]
    names += [seller.get("name") if seller.get("seller") and seller["seller"] != seller.get("name") else ""]
    parts = [*names, *str(seller.get("address", "")).splitlines(), seller.get("phone"), seller.get("email")]
    return ", ".join(str(part).strip() for part in parts if part)


def mediator(seller: Mapping[str, Any]) -> str:
    """The consumer mediator in one line: name, address."""
    parts = [seller.get("mediator_name"), *str(seller.get("mediator_address", "")).splitlines()]
    return ", ".join(str(part).strip() for part in parts if part)
