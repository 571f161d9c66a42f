"""The only writer of Membership and Grant: join, renew, give, pause, end, claim. All may run twice."""

from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members import tasks
from members.models import GRACE, Grant, Membership, Plan, Tier, User
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
    had_already = membership.renews or membership.is_for_good
    _lengthen(membership, plan)
    Grant.objects.create(membership=membership, line=line, reason=reason, months=plan.months)
    if had_already:
        line.order.call_for(Order.Attention.DOUBLE, line=line.pk)
        alarm.enqueue(line.order_id)
    tasks.tell_member.enqueue("gift" if gift else "welcome", membership.pk)
    return membership


def _lengthen(membership: Membership, plan: Plan) -> None:
    """What is paid for by the month or year follows its subscription; the rest ends when it ends; nothing shortens for good."""
    if membership.is_for_good:
        return
    now = timezone.now()
    membership.state = State.ACTIVE
    membership.renews = membership.renews or bool(plan.offer.interval)
    if plan.offer.interval:
        period = now + _span(1 if plan.offer.interval == "month" else 12) + GRACE
        membership.ends_at = max(membership.ends_at or period, period)
    elif plan.months:
        begins = max(membership.ends_at or now, now)
        membership.ends_at = begins + _span(plan.months)
    else:
        membership.ends_at = None
    membership.save()


def _span(months: int) -> relativedelta:
    return relativedelta(months=months)


def _open(tier: Tier, email: str, *, name: str, user: User | None, locale: str) -> Membership:
    """The person's open membership in that tier, or a new one; the tier is locked."""
    held = Membership.objects.open().of(email, user.pk if user else None).select_for_update().filter(tier=tier).first()
    return held or Membership(tier=tier, email=email.lower(), name=name, user=user, locale=locale)


def has_for_good(buyer: "Buyer", tier: Tier) -> bool:
    """Whether this buyer, signed in, has in this tier what renews itself or never ends.

    An address that was only typed is not asked: anybody would learn by it who belongs. What is paid twice so goes to the desk.
    """
    mine = Membership.objects.open().of("", buyer.user.pk if buyer.user else None)
    return mine.filter(Q(renews=True) | Q(ends_at=None), tier=tier).exists()


@transaction.atomic
def revoke(line: OrderLine) -> None:
    """Paid back or charged back: what this line gave is taken away, what others gave stays."""
    row = (
        Grant.objects.select_related("line__offer")
        .select_for_update(of=("self",))
        .filter(line=line, revoked_at=None)
        .first()
    )
    if row is None:
        return
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    membership = Membership.objects.select_for_update().get(pk=row.membership_id)
    if not membership.grants.filter(revoked_at=None).exists():
        _end(membership)
    elif row.line and row.line.offer.interval:
        _fall_back(membership, row)
    elif row.months and membership.ends_at:
        membership.ends_at -= _span(row.months)
        membership.save(update_fields=["ends_at"])


def _end(membership: Membership) -> None:
    now = timezone.now()
    membership.state, membership.renews, membership.is_late = State.ENDED, False, False
    membership.ends_at = min(membership.ends_at or now, now)
    membership.save()


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
    if membership.is_for_good:
        return
    best = _best(membership, line, subscription)
    if tier and best is subscription and membership.tier_id != tier.pk and not _has_another(membership, tier):
        membership.tier = tier
    if best.is_open():
        membership.state, membership.is_late = State.ACTIVE, best.status == "past_due"
        membership.renews = not best.cancel_at_period_end and not best.ended_at
        membership.ends_at = best.open_until
        membership.save()
    elif best.status == "paused" and not best.ended_at:
        membership.state, membership.renews = State.PAUSED, False
        membership.save()
    else:
        _fall_back(membership, row)


def _best(membership: Membership, line: OrderLine, subscription: Subscription) -> Subscription:
    """Who left and joined again before the end has two for a while: the one that opens doors for longest counts."""
    grants = membership.grants.filter(revoked_at=None).exclude(line=line.pk)
    others = Subscription.objects.alive().filter(line__membership_grant__in=grants)
    found = [row for row in (subscription, *others) if row.is_open()]
    return max(found, key=lambda row: row.open_until or row.period_start) if found else subscription


def _fall_back(membership: Membership, lost: Grant) -> None:
    """What paid for it is over: what else was bought once or given goes on, else it ends."""
    rows = membership.grants.filter(revoked_at=None).exclude(pk=lost.pk).select_related("line__offer")
    if Subscription.objects.alive().filter(line__membership_grant__in=rows).exists():
        return
    rest = [row for row in rows if not (row.line and row.line.offer.interval)]
    ends_at = min(row.made_at for row in rest) + _span(sum(row.months for row in rest)) if rest else timezone.now()
    if rest and not all(row.months for row in rest):
        ends_at = None
    elif ends_at <= timezone.now():
        _end(membership)
        return
    membership.state, membership.renews, membership.is_late, membership.ends_at = State.ACTIVE, False, False, ends_at
    membership.save()


def _has_another(membership: Membership, tier: Tier) -> bool:
    return Membership.objects.open().of(membership.email, membership.user_id).filter(tier=tier).exists()


@transaction.atomic
def comp(tier: Tier, email: str, *, name: str = "", months: int = 0, note: str = "", by: Any = None) -> Membership:
    """The owner lets somebody in without paying."""
    Tier.objects.select_for_update().get(pk=tier.pk)
    membership = _open(tier, email, name=name, user=owner_of(email), locale="fr")
    now = timezone.now()
    if months:
        membership.ends_at = max(membership.ends_at or now, now) + _span(months)
    elif membership._state.adding:  # noqa: SLF001 - Django's own word for "not saved yet"
        membership.ends_at = None
    membership.state = State.ACTIVE
    membership.save()
    user = by if getattr(by, "pk", None) else None
    Grant.objects.create(membership=membership, reason=Grant.Reason.COMP, months=months, note=note, by=user)
    tasks.tell_member.enqueue("welcome", membership.pk)
    return membership


@transaction.atomic
def end(membership: Membership, *, by: Any = None) -> bool:
    """The owner ends it now; money is given back from its order. False: it has ended."""
    fresh = Membership.objects.select_for_update().get(pk=membership.pk)
    if fresh.state == State.ENDED:
        return False
    _end(fresh)
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
    """What ended by the clock is marked as ended, so that its place is free for a new one."""
    over = Membership.objects.open().filter(ends_at__lte=timezone.now())
    return over.update(state=State.ENDED, renews=False)


def end_subscription(membership_id: int) -> None:
    """End at Stripe, at the end of the period, what renews this membership; nothing where nothing does. May run twice."""
    from store import subscriptions  # noqa: PLC0415 - it calls the kinds that it renews

    lines = Grant.objects.filter(membership=membership_id, revoked_at=None).values_list("line", flat=True)
    subscriptions.cancel_lines(lines)
