"""What the store knows of a person: to be handed over, and to be forgotten as far as the law lets it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import retention
from store import checkout, subscriptions, tasks
from store.exceptions import StripeRefused, StripeUnavailable
from store.models import Address, Attempt, Cart, Order, OrderEvent, OrderLine, StripeEvent, Subscription, Withdrawal

PERSON = ("email", "name", "line1", "line2", "postcode", "city")
PASSING = ("phone", "note")
"""Needed until the parcel is there."""
WAITING = (Order.State.PLACED, Order.State.PENDING)
OWED = Q(state=Order.State.PAID, needs_shipping=True)
"""Something is still to be sent."""
NO_MONEY = Q(paid_at=None) | Q(total=0)
"""No accounts are kept of these."""
NOTES = {"note": "text", "receipt_again": "to"}
"""{kind of a line of the timeline: what in it is said about the buyer}."""


class PaymentRuns(Exception):
    """Money may still come in for an order of this person."""


def addresses(user: Any) -> list[str]:
    """What this person has proved to be theirs, in lower case."""
    rows = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return [email.lower() for email in rows]


def by_address(user: Any) -> Q:
    """Rows whose `email` is a proved address of this person."""
    found = Q(pk=None)
    for email in addresses(user):
        found |= Q(email__iexact=email)
    return found


def mine(user: Any) -> Q:
    """What is the person's, and what a proved address of theirs did as a guest."""
    return Q(user=user) | Q(by_address(user), user=None)


def _said(user: Any) -> Q:
    """Withdrawals of the person."""
    return Q(order__user=user) | by_address(user)


# --- Handed over ---------------------------------------------------------------------------------


def export(user: Any) -> dict[str, Any]:
    """All that is known; amounts in minor units, times in UTC."""
    orders = Order.objects.filter(mine(user)).prefetch_related("lines", "payments", "refunds", "events", "parcels")
    lines = Cart.objects.filter(user=user, is_ordered=False).values(
        "lines__offer", "lines__quantity", "lines__details", "lines__added_at"
    )
    return {
        "orders": [_order(row) for row in orders.order_by("pk")],
        "basket": [row for row in lines if row["lines__offer"]],
        "addresses": [row.parts() for row in Address.objects.of(user)],
        "subscriptions": list(
            subscriptions.mine(user).values("line__title", "status", "customer", "began_at", "period_end", "ended_at")
        ),
        "withdrawals": list(
            Withdrawal.objects.filter(_said(user)).values("received_at", "name", "email", "contract", "words")
        ),
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number, "state": order.state, "placed_at": order.placed_at, "paid_at": order.paid_at,
        **{name: getattr(order, name) for name in (*PERSON, *PASSING, "country", "currency", "total", "refunded", "consents")},
        "lines": [_line(line) for line in order.lines.all()],
        "payments": [{"amount": row.amount, "at": row.received_at} for row in order.payments.all()],
        "refunds": [{"amount": row.amount, "state": row.state, "reason": row.reason} for row in order.refunds.all()],
        "parcels": [{"carrier": row.carrier, "tracking": row.tracking} for row in order.parcels.all()],
        "notes": [{"at": row.at, "text": row.data[NOTES[row.kind]]} for row in order.events.all() if NOTES.get(row.kind) in row.data],
    }  # fmt: skip


def _line(line: OrderLine) -> dict[str, Any]:
    return {"title": line.title, "quantity": line.quantity, "amount": line.amount, "details": line.details}


# --- Forgotten -----------------------------------------------------------------------------------


def end_payments(user: Any) -> None:
    """What waits for its payment is cancelled at Stripe first. Call outside a transaction; raises PaymentRuns."""
    for order in Order.objects.filter(mine(user), state=Order.State.PLACED):
        try:
            checkout.abandon(order, reason="erased")
        except (StripeUnavailable, StripeRefused) as error:
            raise PaymentRuns from error
    _none_waits(user)


def _none_waits(user: Any) -> None:
    if Order.objects.filter(mine(user), state__in=WAITING).exists():
        raise PaymentRuns


@transaction.atomic
def erase(user: Any) -> None:
    """Baskets go; orders that no money came in for lose the person; paid ones are accounts and keep name and address.

    Raises PaymentRuns: see `end_payments`.
    """
    _none_waits(user)
    orders = Order.objects.filter(mine(user))
    keys = list(orders.values_list("pk", flat=True))
    Cart.objects.filter(user=user).delete()
    Address.objects.filter(user=user).delete()
    forget_unpaid(Order.objects.filter(NO_MONEY, pk__in=keys).exclude(OWED))
    _forget_passing(Order.objects.filter(pk__in=keys))
    _forget_details(Order.objects.filter(pk__in=keys))
    _forget_gifts(addresses(user))
    if user.stripe_customer:
        tasks.forget_customer.enqueue(user.stripe_customer)
    Order.objects.filter(pk__in=keys).update(user=None)
    Subscription.objects.filter(user=user).update(user=None)


def forget_unpaid(orders: Any) -> int:
    """Who placed them, and what Stripe was told of it; how many."""
    for attempt in Attempt.objects.filter(order__in=orders, params__has_key="customer_email"):
        del attempt.params["customer_email"]
        attempt.save(update_fields=["params"])
    return int(orders.update(**dict.fromkeys((*PERSON, *PASSING), ""), consents={}, user=None))


def _forget_passing(orders: Any) -> int:
    """Phone and word of the buyer, where nothing is left to send."""
    said = orders.exclude(phone="", note="")
    return int(said.exclude(OWED).exclude(state__in=WAITING).update(phone="", note=""))


def _forget_details(orders: Any) -> None:
    """Answers, names and notes; what the thing itself needs (an hour, a place in a list) stays."""
    for line in OrderLine.objects.filter(order__in=orders).exclude(details={}).select_related("offer"):
        kept = line.offer.sellable.kept_details if line.offer.sellable else frozenset()
        line.details = {key: value for key, value in line.details.items() if key in kept}
        line.save(update_fields=["details"])
    for event in OrderEvent.objects.filter(order__in=orders, kind__in=NOTES):
        event.data.pop(NOTES[event.kind], None)
        event.save(update_fields=["data"])
    for attempt in Attempt.objects.filter(order__in=orders, params__has_key="customer_email"):
        del attempt.params["customer_email"]
        attempt.save(update_fields=["params"])


def _forget_gifts(emails: list[str]) -> None:
    """Their name and address on what others gave them."""
    for line in OrderLine.objects.filter(details__has_key="gift_email"):
        if str(line.details["gift_email"]).lower() in emails:
            line.details = {key: value for key, value in line.details.items() if not key.startswith("gift_")}
            line.save(update_fields=["details"])


def kept_because(user: Any) -> list[str]:
    """What stays, why, and until when."""
    found = []
    paid = list(Order.objects.filter(mine(user)).exclude(NO_MONEY).values_list("paid_at", flat=True))
    if paid:
        words = ngettext(
            "%(n)s paid order with the name and address on it, without phone or message: accounts are kept for ten years (C. com. L123-22), until the end of %(year)s.",
            "%(n)s paid orders with the name and address on them, without phone or message: accounts are kept for ten years (C. com. L123-22), until the end of %(year)s.",
            len(paid),
        )
        found.append(words % {"n": len(paid), "year": retention.accounts_until(max(at for at in paid if at))})
    declared = [row.received_at for row in Withdrawal.objects.filter(_said(user))]
    if declared:
        words = _(
            "What you declared to withdraw from a contract: proof is kept for five years (C. civ. 2224), until %(year)s."
        )
        found.append(words % {"year": (max(declared) + retention.CONTRACT).year})
    return found


# --- By the clock --------------------------------------------------------------------------------


def tidy(now: datetime) -> None:
    """What has been kept for long enough goes. May run at any time and twice."""
    Cart.objects.filter(updated_at__lt=now - retention.BASKET, orders=None).delete()
    unpaid = Q(paid_at=None, closed_at__lt=now - retention.UNPAID)
    free = Q(total=0, paid_at__lt=now - retention.GUESTS)
    forget_unpaid(Order.objects.filter(unpaid | free).exclude(email="", name="").exclude(state__in=WAITING))
    _forget_passing(Order.objects.filter(paid_at__lt=now - retention.DELIVERY, attention=""))
    StripeEvent.objects.filter(handled_at__lt=now - retention.NOTICES).delete()
    Withdrawal.objects.filter(received_at__lt=now - retention.CONTRACT).delete()
    old = Order.objects.filter(paid_at__lt=retention.accounts_since(now)).exclude(email="", name="")
    if old.exists():
        _forget_details(old)
        old.update(**dict.fromkeys((*PERSON, *PASSING), ""), consents={}, user=None)


def traces() -> Iterator[tuple[str, str, datetime]]:
    """(where, address, since when) of what an erased person must not stand in any more."""
    for row in Order.objects.filter(NO_MONEY).exclude(OWED).exclude(email="").order_by():
        yield f"order {row.number}", row.email, row.placed_at
    for line in OrderLine.objects.filter(details__has_key="gift_email").select_related("order"):
        yield f"gift of {line.order.number}", str(line.details["gift_email"]), line.order.placed_at
    for attempt in Attempt.objects.filter(params__has_key="customer_email").select_related("order"):
        yield f"attempt {attempt.pk}", attempt.params["customer_email"], attempt.made_at
