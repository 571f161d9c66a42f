"""What a member may ask of what renews itself, each said in full before it counts: another plan, a pause, an end, a card."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import money
from members.models import Membership, Plan
from store import parting, pricing, renewals, standing, subscriptions
from store.models import Offer, Subscription

BEFORE = timedelta(days=1)
"""A pause ends a day before the payment that it lets through."""


@dataclass(frozen=True)
class Wanted:
    """Something asked for: what it means, the word on its button, and what does it (False: it cannot be done any more)."""

    title: str
    words: list[str]
    button: str
    act: Callable[[], object]


@dataclass(frozen=True)
class Choice:
    """One of several: what is sent for it, and how it reads."""

    value: str
    words: str


def of(user: Any) -> QuerySet[Subscription]:
    """The memberships that this person pays for again and again, newest first."""
    mine = subscriptions.mine(user).filter(offer__kind=Plan.kind())
    return mine.select_related("line__order", "offer", "next_offer").order_by("ended_at", "-pk")


def plans(row: Subscription, user: Any) -> list[tuple[Plan, int]]:
    """(plan, price today in minor units) that this one may become: of the same rhythm, on sale, in no tier that one has already."""
    if not row.is_alive or row.cancel_at_period_end:
        return []
    offers = Offer.objects.filter(
        kind=Plan.kind(), shop=row.shop_id, interval=row.offer.interval, state=Offer.State.LIVE
    )
    running: Any = row.offer.sellable
    held = Membership.objects.open().of(row.line.order.email, row.user_id or user.pk).values_list("tier", flat=True)
    found = Plan.for_offers(offers.exclude(pk__in=[row.offer_id, row.next_offer_id or 0]).values_list("pk", flat=True))
    others = [plan for plan in found if plan.tier_id == running.tier_id or plan.tier_id not in set(held)]
    quotes = pricing.quotes([plan.offer for plan in others], user.audiences())
    now = timezone.now()
    return [
        (plan, quotes[plan.offer_id].unit) for plan in others if plan.offer_id in quotes and plan.offer.is_on_sale(now)
    ]


def has_other_rhythm(row: Subscription) -> bool:
    """Whether the same tier is on sale by the year where this is paid by the month, or the other way round."""
    plan: Any = row.offer.sellable
    others = Plan.objects.filter(tier=plan.tier_id, offer__state=Offer.State.LIVE).exclude(offer__interval="")
    return others.exclude(offer__interval=row.offer.interval).exists()


def months(row: Subscription) -> range:
    """For how many payments it may be paused: the owner's limit, and only where one pays by the month."""
    plan: Any = row.offer.sellable
    may = row.goes_on and row.status == Subscription.Status.ACTIVE and row.offer.interval == Offer.Interval.MONTH
    return range(1, plan.tier.pause_months + 1) if may and plan else range(0)


def again(row: Subscription, count: int) -> datetime:
    """When money is taken again after so many payments that are left out."""
    return row.period_end + relativedelta(months=count)


def choices(row: Subscription, user: Any) -> dict[str, list[Choice]]:
    """What can be chosen on the page."""
    locale = get_language() or "fr"
    told = [
        Choice(str(plan.offer_id), f"{plan.title(locale)}, {money.text(amount, plan.offer.currency, locale)}")
        for plan, amount in plans(row, user)
    ]
    pauses = [
        Choice(str(count), _("until %(day)s") % {"day": standing.day(again(row, count))}) for count in months(row)
    ]
    return {"plans": told, "pauses": pauses}


def wanted(row: Subscription, user: Any, do: str, value: str) -> Wanted | None:
    """What `do` means for this membership today; None: it cannot be asked."""
    make = ASKED.get(do)
    return make(row, user, value) if make and row.is_alive else None


@transaction.atomic
def ask(row: Subscription, what: Wanted) -> bool:
    """Do it and have the member told. False: it was so already, or came too late."""
    if what.act() is False:
        return False
    subscriptions.notify(row)
    return True


def _plan(row: Subscription, user: Any, value: str) -> Wanted | None:
    found = next(((plan, amount) for plan, amount in plans(row, user) if str(plan.offer_id) == value), None)
    at = standing.next_charge(row)
    if found is None or at is None:
        return None
    plan, amount = found
    locale = get_language() or "fr"
    told = {
        "what": plan.title(locale), "day": standing.day(at), "sum": money.text(amount, plan.offer.currency, locale),
        "now": standing.title(row, locale),
    }  # fmt: skip
    words = [
        _("From %(day)s you have “%(what)s” and pay %(sum)s each time.") % told,
        _("Nothing is charged today; until then “%(now)s” goes on as it is.") % told,
        _("You may take this back until that day.") % told,
    ]
    # A changed price is an obligation to pay: the button says so (C. conso L221-14).
    button = _("Change, with obligation to pay")
    return Wanted(
        _("Another plan"),
        words,
        button,
        lambda: subscriptions.change(row, plan.offer, audiences=user.audiences(), by=user),
    )


def _keep(row: Subscription, user: Any, _value: str) -> Wanted | None:
    if row.next_offer is None or row.next_offer_id == row.offer_id:
        return None
    locale = get_language() or "fr"
    told = {
        "now": standing.title(row, locale),
        "sum": money.text(subscriptions.renewed_for(row), row.offer.currency, locale),
    }
    words = [_("“%(now)s” goes on at %(sum)s, as if you had not asked for another plan.") % told]
    return Wanted(_("Keep what you have"), words, _("Keep it"), lambda: subscriptions.change(row, row.offer, by=user))


def _pause(row: Subscription, user: Any, value: str) -> Wanted | None:
    if not value.isdecimal() or int(value) not in months(row):
        return None
    count = int(value)
    at = again(row, count)
    left_out = ngettext("One payment is left out.", "%(n)s payments are left out.", count) % {"n": count}
    words = [
        left_out,
        _("What is paid lasts until %(day)s; from then on the club is closed to you.") % {"day": standing.day(row.period_end)},
        _("On %(day)s %(sum)s is taken and you are in again.")
        % {"day": standing.day(at), "sum": money.text(renewals.coming(row), row.offer.currency)},
    ]  # fmt: skip
    return Wanted(_("A pause"), words, _("Pause"), lambda: subscriptions.pause(row, at - BEFORE, by=user))


def _unpause(row: Subscription, user: Any, _value: str) -> Wanted | None:
    if row.paused_until is None:
        return None
    at = row.period_end if row.period_end > timezone.now() else row.period_end + standing.period(row.offer)
    told = {"day": standing.day(at), "sum": money.text(renewals.coming(row), row.offer.currency)}
    words = [_("The pause is over: the next payment, %(sum)s, is taken on %(day)s.") % told]
    return Wanted(_("Take up again"), words, _("Take up again"), lambda: subscriptions.unpause(row, by=user))


def _end(row: Subscription, user: Any, _value: str) -> Wanted | None:
    if row.cancel_at_period_end:
        return None
    words = [
        _("It lasts until %(day)s, which is paid, and ends then.") % {"day": standing.day(row.period_end)},
        _("Nothing more is charged. Until that day you may let it go on after all."),
    ]
    return Wanted(_("End it"), words, _("End it with this period"), lambda: subscriptions.cancel(row, by=user))


def _part(row: Subscription, user: Any, _value: str) -> Wanted | None:
    """Only for who was not told in time that it renews itself (C. conso L215-1)."""
    if not parting.is_free_to_leave(row):
        return None
    told = {"sum": money.text(parting.unused(row), row.offer.currency)}
    words = [
        _("You were not told in time that it renews itself: you may leave at any moment, free of charge."),
        _("It ends at once. %(sum)s, for the days that are left, go back to your card within thirty days.") % told,
    ]
    return Wanted(
        _("Leave now"), words, _("End it now"), lambda: parting.part(row, parting.unused(row), reason="L215-1", by=user)
    )


def _resume(row: Subscription, user: Any, _value: str) -> Wanted | None:
    if not row.cancel_at_period_end or row.period_end <= timezone.now():
        return None
    told = {"day": standing.day(row.period_end), "sum": money.text(renewals.coming(row), row.offer.currency)}
    words = [_("It renews itself again: the next payment, %(sum)s, is taken on %(day)s.") % told]
    button = _("Go on, with obligation to pay")
    return Wanted(_("Go on after all"), words, button, lambda: subscriptions.resume(row, by=user))


ASKED: dict[str, Callable[[Subscription, Any, str], Wanted | None]] = {
    "plan": _plan,
    "keep": _keep,
    "pause": _pause,
    "unpause": _unpause,
    "end": _end,
    "part": _part,
    "resume": _resume,
}
