"""How a subscription stands, in its buyer's words and days. Pages, mails and the owner's screens ask here."""

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext as _

from core import dates, money
from store import renewals
from store.models import Offer, Subscription

LATE = {Subscription.Status.PAST_DUE, Subscription.Status.UNPAID}


def title(row: Subscription, locale: str) -> str:
    """What the running period is paid for."""
    sellable = row.offer.sellable
    return sellable.title(locale) if sellable else row.line.title


def period(offer: Offer) -> relativedelta:
    """How long one payment lasts."""
    return relativedelta(years=1) if offer.interval == Offer.Interval.YEAR else relativedelta(months=1)


def next_charge(row: Subscription) -> datetime | None:
    """When money is taken next (UTC); None: not any more."""
    if row.ended_at or row.cancel_at_period_end:
        return None
    times = 0
    while row.paused_until and row.period_end + times * period(row.offer) < row.paused_until:
        times += 1
    return row.period_end + times * period(row.offer)


def in_a_word(row: Subscription) -> str:
    """Its state as the owner and its buyer call it."""
    if row.ended_at:
        return _("ended")
    if row.status in LATE:
        return _("a payment failed")
    if row.cancel_at_period_end:
        return _("ends with its period")
    return _("paused") if row.paused_until or row.status == Subscription.Status.PAUSED else _("runs")


def lines(row: Subscription, locale: str) -> list[str]:
    """All that holds now, a sentence each: until when, what is charged next and when, what changes then."""
    if row.ended_at:
        return [_("It ended on %(day)s. Nothing more is charged.") % {"day": day(row.ended_at)}]
    if row.cancel_at_period_end:
        return [
            _("It lasts until %(day)s and ends then. Nothing more is charged.") % {"day": day(row.period_end)},
            _("Until that day you may let it go on after all."),
        ]
    return [*_late(row), *_paused(row), *_next(row, locale)]


def _late(row: Subscription) -> list[str]:
    if row.status not in LATE or row.open_until is None:
        return []
    return [_("The last payment did not go through. Nothing changes until %(day)s.") % {"day": day(row.open_until)}]


def _paused(row: Subscription) -> list[str]:
    if not row.paused_until:
        return []
    found = [_("It is paused until %(day)s. Nothing is charged until then.") % {"day": day(row.paused_until)}]
    if row.period_end > timezone.now():
        found.append(_("What is paid lasts until %(day)s.") % {"day": day(row.period_end)})
    return found


def _next(row: Subscription, locale: str) -> list[str]:
    at = next_charge(row)
    if at is None:
        return []
    told = {"day": day(at), "sum": money.text(renewals.coming(row), row.offer.currency, locale), "what": ""}
    if row.next_offer and row.next_offer.sellable:
        told["what"] = row.next_offer.sellable.title(locale)
        return [_("From %(day)s it is “%(what)s”, for %(sum)s. Until then nothing changes.") % told]
    return [_("The next payment, %(sum)s, is taken on %(day)s.") % told]


def day(at: datetime) -> str:
    """3 December 2026."""
    return dates.words(at, "j F Y")
