"""What the store knows of a person: to be handed over, and to be forgotten as far as the law lets it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from store.models import Attempt, Cart, Order, OrderLine

PERSONAL = ("email", "name", "phone", "line1", "line2", "postcode", "city", "note")


def export(user: Any) -> dict[str, Any]:
    """{"orders": […], "basket": […]}; amounts in minor units, times in UTC."""
    orders = Order.objects.filter(user=user).prefetch_related("lines", "payments", "refunds", "withdrawals")
    lines = Cart.objects.filter(user=user, is_ordered=False).values(
        "lines__offer", "lines__quantity", "lines__added_at"
    )
    return {
        "orders": [_order(row) for row in orders.order_by("pk")],
        "basket": [row for row in lines if row["lines__offer"]],
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number, "state": order.state, "placed_at": order.placed_at, "paid_at": order.paid_at,
        **{name: getattr(order, name) for name in (*PERSONAL, "country", "currency", "total", "refunded")},
        "lines": [_line(line) for line in order.lines.all()],
        "payments": [{"amount": row.amount, "at": row.received_at} for row in order.payments.all()],
        "refunds": [{"amount": row.amount, "state": row.state} for row in order.refunds.all()],
        "withdrawals": [{"received_at": row.received_at, "words": row.words} for row in order.withdrawals.all()],
    }  # fmt: skip


def _line(line: OrderLine) -> dict[str, Any]:
    return {"title": line.title, "quantity": line.quantity, "amount": line.amount, "details": line.details}


@transaction.atomic
def erase(user: Any) -> None:
    """Baskets go; orders that no money came in for lose the person; paid ones are accounts and stay as they are."""
    Cart.objects.filter(user=user).update(is_ordered=True, user=None)
    unpaid = Order.objects.filter(user=user, paid_at=None).exclude(state__in=[Order.State.PLACED, Order.State.PENDING])
    for attempt in Attempt.objects.filter(order__in=unpaid):
        attempt.params.pop("customer_email", None)
        attempt.save(update_fields=["params"])
    unpaid.update(**dict.fromkeys(PERSONAL, ""))
    Order.objects.filter(user=user).update(user=None)


def kept_because(user: Any) -> list[str]:
    """What stays, and why."""
    paid = Order.objects.filter(user=user, paid_at__isnull=False).count()
    if not paid:
        return []
    words = _("%(n)s paid orders with the name and address on them: accounts are kept for ten years (C. com. L123-22).")
    return [words % {"n": paid}]
