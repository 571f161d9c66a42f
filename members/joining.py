"""The only writer of Membership and Grant: join, renew, give, pause, end, claim. All may run twice."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members import reckoning, tasks
from members.models import Grant, Membership, Plan, Tier, User
from store import subscriptions
from store.adopting import owner_of
from store.models import Order, OrderLine, Subscription
from store.tasks import alarm

if TYPE_CHECKING:
    from store.checkout import Buyer

State = Membership.State


@transaction.atomic
def grant(line: OrderLine) -> Membership | None:
    """What was bought begins, or goes on for longer; once for each line, for ever."""
    plan: Plan = line.offer.sellable  # type: ignore[assignment]
    Tier.objects.select_for_update().get(pk=plan.tier_id)
    if Grant.objects.filter(line=line).exists():
        return None
    gift = line.details.get("gift_email", "")
    reason = Grant.Reason.GIFT if gift else Grant.Reason.BOUGHT
    email, name = (gift, line.details.get("gift_name", "")) if gift else (line.order.email, line.order.name)
    user = owner_of(email) if gift else line.order.user or owner_of(email)
    membership = _open(plan.tier, email, name=name, user=user, locale=line.order.locale)
    is_twice = membership.is_for_good or (membership.renews and not gift)
    Grant.objects.create(membership=membership, line=line, reason=reason, months=plan.months)
    _settle(membership)
    if is_twice:
        line.order.call_for(Order.Attention.DOUBLE, line=line.pk)
        alarm.enqueue(line.order_id)
    tasks.tell_member.enqueue("gift" if gift else "welcome", membership.pk)
    return membership


def _settle(membership: Membership, found: reckoning.Standing | None = None) -> None:
    """Write down how it stands by all that was paid and given."""
    found = found or reckoning.reckon(membership, {})
    membership.state, membership.ends_at = found.state, found.ends_at
    membership.renews, membership.is_late = found.renews, found.is_late
    membership.save()


def _open(tier: Tier, email: str, *, name: str, user: User | None, locale: str) -> Membership:
    """The person's membership in that tier, or a new one, in force once it is granted; the tier is locked."""
    mine = Membership.objects.contracts().of(email, user.pk if user else None)
    held = mine.select_for_update(of=("self",)).filter(tier=tier).first()
    return held or Membership.objects.create(tier=tier, email=email.lower(), name=name, user=user, locale=locale)


def has_for_good(buyer: "Buyer", tier: Tier) -> bool:
    """Whether this buyer, signed in, has in this tier what renews itself or never ends.

    An address that was only typed is not asked: anybody would learn by it who belongs. What is paid twice so goes to the desk.
    """
    mine = Membership.objects.open().of("", buyer.user.pk if buyer.user else None)
    return mine.filter(Q(renews=True) | Q(ends_at=None), tier=tier).exists()


@transaction.atomic
def revoke(line: OrderLine) -> None:
    """Paid back or charged back: what this line gave is taken away, what others gave stays."""
    row = Grant.objects.select_for_update().filter(line=line, revoked_at=None).first()
    if row is None:
        return
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    membership = Membership.objects.select_for_update().get(pk=row.membership_id)
    if membership.state != State.ENDED:
        _settle(membership)


@transaction.atomic
def follow(line: OrderLine, subscription: Subscription, tier: Tier | None = None) -> None:
    """Access follows the subscription as it was last read at Stripe: paid until its period ends, and a grace beyond it.

    `tier` is what the running period is paid for: who changed the plan moves there, with the same card. Who pays is told of a
    refused payment by the store, with the way to another card.
    """
    row = Grant.objects.filter(line=line, revoked_at=None).first()
    if row is None:
        return
    membership = Membership.objects.select_for_update().get(pk=row.membership_id)
    found = reckoning.reckon(membership, {line.pk: subscription})
    is_its_own = found.by is None or found.by is subscription
    if tier and is_its_own and membership.tier_id != tier.pk and not _has_another(membership, tier):
        membership.tier = tier
    _settle(membership, found)


def _has_another(membership: Membership, tier: Tier) -> bool:
    return Membership.objects.open().of(membership.email, membership.user_id).filter(tier=tier).exists()


@transaction.atomic
def comp(tier: Tier, email: str, *, name: str = "", months: int = 0, note: str = "", by: Any = None) -> Membership:
    """The owner lets somebody in without paying, or for longer; 0 months: for good."""
    Tier.objects.select_for_update().get(pk=tier.pk)
    membership = _open(tier, email, name=name, user=owner_of(email), locale="fr")
    user = by if getattr(by, "pk", None) else None
    Grant.objects.create(membership=membership, reason=Grant.Reason.COMP, months=months, note=note, by=user)
    _settle(membership)
    tasks.tell_member.enqueue("welcome", membership.pk)
    return membership


@transaction.atomic
def end(membership: Membership, *, by: Any = None) -> bool:
    """The owner ends it now, and what renews it; money is given back from its order. False: it has ended."""
    living = list(Subscription.objects.alive().filter(line__membership_grant__membership=membership).locked())
    fresh = Membership.objects.select_for_update().get(pk=membership.pk)
    if fresh.state == State.ENDED and not living:
        return False
    fresh.grants.filter(revoked_at=None).update(revoked_at=timezone.now())
    _settle(fresh)
    for row in living:
        subscriptions.cancel_now(row, by=by)
    return True


@transaction.atomic
def claim(user: User, email: str) -> int:
    """The address is proved: what was bought for it or given to it is this person's. How many; a second call finds none."""
    found = 0
    for row in Membership.objects.select_for_update().filter(email__iexact=email, user=None):
        is_taken = Membership.objects.open().filter(user=user, tier=row.tier).exists()
        if row.state == State.ENDED or not is_taken:
            row.user = user
            row.save(update_fields=["user"])
            found += 1
    return found


def sweep() -> int:
    """What ended by the clock is marked as ended, so that its place is free for a new one; a pause is no end."""
    over = Membership.objects.filter(state=State.ACTIVE, ends_at__lte=timezone.now())
    return over.update(state=State.ENDED, renews=False)
