"""What must always be true of who belongs. Reads only; one query or two for each."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from members.models import Grant, Membership, Plan, Termination
from store.models import Order, OrderEvent, OrderLine, Subscription
from store.verify import PATIENCE, Breach, Check, checked

HOURLY = timedelta(hours=2)
"""What ended by the clock is marked within the hour; doors look at the clock themselves."""
SUM = timedelta(minutes=1)
STANDING = Grant.objects.filter(membership=OuterRef("pk"), revoked_at=None)


def checks() -> Iterator[Check]:
    """Each invariant with its breaches, one after the other."""
    for name, find in INVARIANTS:
        yield checked("club", name, find)


def belongs_for_a_reason() -> Iterator[Breach]:
    rows = Membership.objects.open().exclude(Exists(STANDING))
    for number in rows.values_list("number", flat=True):
        yield Breach(number, "open, and nothing that was bought or given stands for it")


def bought_is_paid() -> Iterator[Breach]:
    rows = Grant.objects.filter(revoked_at=None, line__isnull=False, membership__state=Membership.State.ACTIVE)
    for number in rows.filter(line__order__paid_at=None).values_list("membership__number", flat=True):
        yield Breach(number, "given by an order that was not paid")


def paid_back_is_over() -> Iterator[Breach]:
    """A line given back whole gives nothing more."""
    rows = Grant.objects.filter(revoked_at=None, line__refunded_quantity__gte=F("line__quantity"))
    for number in rows.filter(membership__state=Membership.State.ACTIVE).values_list("membership__number", flat=True):
        yield Breach(number, "its price was given back and it goes on")


def every_paid_plan_is_granted() -> Iterator[Breach]:
    """A little after the payment, once for each line, and unless the owner must look at the order first."""
    rows = OrderLine.objects.filter(
        offer__kind=Plan.kind(), order__paid_at__lt=timezone.now() - PATIENCE, order__origin=None,
        order__concerns=None, membership_grant=None, order__state=Order.State.PAID,
    ).filter(quantity__gt=F("refunded_quantity"))  # fmt: skip
    for number in rows.values_list("order__number", flat=True):
        yield Breach(number, "a membership is paid and nobody belongs")


def renews_by_a_living_subscription() -> Iterator[Breach]:
    """Access never runs on after the subscription behind it has ended, or was asked to end."""
    behind = Subscription.objects.filter(line__membership_grant__membership=OuterRef("pk"))
    over = behind.filter(Q(ended_at__lt=timezone.now() - PATIENCE) | Q(ended_at=None, cancel_at_period_end=True))
    goes_on = behind.alive().filter(cancel_at_period_end=False)
    rows = Membership.objects.in_force().filter(Exists(over), renews=True).exclude(Exists(goes_on))
    for number in rows.values_list("number", flat=True):
        yield Breach(number, "renews itself though its subscription has ended")


def what_is_paid_says_so() -> Iterator[Breach]:
    """Whoever is charged again is told so, and whoever is out is not charged."""
    paying = going_on().filter(line__membership_grant__revoked_at=None, period_end__gt=timezone.now())
    rows = Membership.objects.filter(Exists(paying.filter(line__membership_grant__membership=OuterRef("pk"))))
    for number in rows.filter(renews=False).values_list("number", flat=True):
        yield Breach(number, "its subscription goes on, and it says that nothing renews it")


def going_on() -> QuerySet[Subscription]:
    """Those that Stripe charges again at the end of their period, as far as it was read."""
    states = (Subscription.Status.ACTIVE, Subscription.Status.TRIALING)
    return Subscription.objects.alive().filter(status__in=states, cancel_at_period_end=False)


def notices_end_what_is_paid() -> Iterator[Breach]:
    """Nothing that stood when the notice came goes on after it, unless its buyer let it go on again."""
    rows = Termination.objects.filter(membership__isnull=False).select_related("membership")
    paying = Subscription.objects.alive().filter(
        line__membership_grant__membership=OuterRef("membership"), began_at__lt=OuterRef("received_at"),
        cancel_at_period_end=False,
    )  # fmt: skip
    again = OrderEvent.objects.filter(
        order__lines__membership_grant__membership=OuterRef("membership"), kind="subscription",
        data__wish=str(Subscription.Wish.RESUME), at__gt=OuterRef("received_at"),
    )  # fmt: skip
    for row in rows.filter(Exists(paying)).exclude(Exists(again)):
        yield Breach(str(row.membership), "somebody gave notice to end it, and its subscription goes on")


def ended_has_a_moment() -> Iterator[Breach]:
    wrong = Q(state=Membership.State.ENDED) & (Q(ends_at=None) | Q(ends_at__gt=timezone.now() + SUM))
    over = Q(state=Membership.State.ACTIVE, ends_at__lt=timezone.now() - HOURLY)
    for number in Membership.objects.filter(wrong | over).values_list("number", flat=True):
        yield Breach(number, "its state and its end do not agree")


def notices_are_confirmed() -> Iterator[Breach]:
    """Without delay, on a durable medium (C. conso L215-1-1)."""
    rows = Termination.objects.filter(received_at__lt=timezone.now() - PATIENCE)
    for pk in rows.filter(told_at=None).values_list("pk", flat=True):
        yield Breach(f"notice {pk}", "whoever sent it has no confirmation")


INVARIANTS: list[tuple[str, Callable[[], Iterator[Breach]]]] = [
    ("whoever belongs was let in or bought it", belongs_for_a_reason),
    ("a membership that was bought was paid", bought_is_paid),
    ("what was paid back gives nothing", paid_back_is_over),
    ("every paid membership is somebody's", every_paid_plan_is_granted),
    ("what renews itself has a living subscription", renews_by_a_living_subscription),
    ("what is paid for again and again says so", what_is_paid_says_so),
    ("a notice to end a contract ended its subscription", notices_end_what_is_paid),
    ("a membership's state and end agree", ended_has_a_moment),
    ("notices to end a contract are confirmed", notices_are_confirmed),
]
