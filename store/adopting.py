"""Orders placed as a guest join the account whose address is proved."""

from typing import Any

from allauth.account.models import EmailAddress

from store.models import Order, Subscription


def owner_of(email: str) -> Any:
    """Who has proved that this address is theirs; None: nobody has."""
    found = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return found.user if found else None


def adopt(user: Any, email: str) -> int:
    """Orders of that address that nobody has are this person's, with what they renew; how many orders. A second call finds none."""
    Subscription.objects.filter(line__order__email__iexact=email, user=None).update(user=user)
    return Order.objects.filter(email__iexact=email, user=None).exclude(state=Order.State.PLACED).update(user=user)


def settled(order: Order) -> None:
    """Paid as a guest under an address that somebody has proved: it is theirs at once, not at their next sign-in. May run twice."""
    if order.user_id is None and (user := owner_of(order.email)):
        adopt(user, order.email)
        order.user = user
