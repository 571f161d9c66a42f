"""Hours paid in advance: granted, used by an appointment, given back. The only writer of Credit and CreditMove.

Who has some left belongs to the audience of that service's price of nothing: so the basket, the recap and the order
need no rule of their own, and the hour is taken where the time is held. Locks: order, calendar, credit.
"""

from datetime import datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import head as heads
from events.models import Credit, CreditMove, HourPack, Service
from store import pricing, promises, wants
from store.exceptions import CannotBeSold
from store.models import OrderLine

AGAIN = timedelta(days=30)
"""How long an hour that comes back may be used at least."""
Reason = CreditMove.Reason


def audience(service_id: int) -> str:
    """Whose price of that service is nothing."""
    return f"credit:{service_id}"


def audiences_of(user: Any) -> set[str]:
    """One for each service of which that person has hours left."""
    return {audience(pk) for pk in Credit.objects.usable().filter(user=user).values_list("service_id", flat=True)}


def next_of(user: Any, service: Service) -> Credit | None:
    """The one that the next appointment would use: what ends first."""
    return _first(Credit.objects.usable().filter(user=user, service=service))


def is_needed(service: Service, user: Any, granted: frozenset[str] = frozenset()) -> bool:
    """Whether an appointment costs that person something without credit."""
    told = getattr(user, "audiences", None)
    quote = pricing.quote(service.offer, audiences=(told() if told else frozenset()) | granted)
    return quote is None or quote.unit > 0


@transaction.atomic
def grant(pack: HourPack, line: OrderLine) -> Credit:
    """Paid: the hours are there. May run twice."""
    order = line.order
    made, is_new = Credit.objects.get_or_create(
        line=line,
        defaults={
            "service": pack.service, "user_id": order.user_id, "email": order.email, "bought": pack.hours,
            "expires_at": expiry(pack, order.paid_at or timezone.now()),
        },
    )  # fmt: skip
    if is_new:
        _move(made, pack.hours, Reason.BOUGHT, line)
    return made


def take(service: Service, line: OrderLine) -> None:
    """Use one for the line if it was priced by credit; raises CannotBeSold where none is left. May run twice."""
    order = line.order
    if line.unit_amount or in_use(line) or not is_needed(service, order.user, _granted(line)):
        return
    mine = Credit.objects.filter(user=order.user_id, service=service) if order.user_id else Credit.objects.none()
    locked = {row.pk for row in mine.select_for_update().order_by("pk")}
    found = _first(Credit.objects.usable().filter(pk__in=locked))
    if found is None:
        raise CannotBeSold(service.offer, "no_credit", _("No appointment is left of what you paid in advance."))
    _move(found, -1, Reason.USED, line)


def in_use(line: OrderLine) -> bool:
    """Whether a credit pays for that line now."""
    return (line.credit_moves.exclude(reason=Reason.BOUGHT).aggregate(sum=Sum("quantity"))["sum"] or 0) < 0


@transaction.atomic
def give_back(line: OrderLine) -> None:
    """The appointment is off: its hour may be used again, for a month at least. May run twice."""
    used = line.credit_moves.filter(reason=Reason.USED).order_by("-pk").first()
    if used is None:
        return
    credit = Credit.objects.select_for_update().get(pk=used.credit_id)
    if not in_use(line):
        return
    _move(credit, 1, Reason.RETURNED, line)
    soonest = timezone.now() + AGAIN
    Credit.objects.filter(pk=credit.pk, expires_at__lt=soonest).update(expires_at=soonest)


@transaction.atomic
def withdraw(line: OrderLine) -> None:
    """The pack is paid back: what is left of it is gone. May run twice."""
    credit = Credit.objects.select_for_update().filter(line=line).first()
    if credit and credit.left:
        _move(credit, -credit.left, Reason.REFUNDED, line)


@transaction.atomic
def worth(line: OrderLine) -> int:
    """What a pack gives back: its price without the share of what was used. Minor units.

    Locked until the refund is written: no hour is used between its price and its end.
    """
    credit = Credit.objects.select_for_update().filter(line=line).first()
    if credit is None:
        return line.amount
    return line.amount - line.amount * (credit.bought - credit.left) // credit.bought


def told(credit: Credit) -> dict[str, Any]:
    """For account, order and mail: {service, left, bought, until, url} in the language of the moment."""
    locale = (get_language() or "fr").split("-")[0]
    page = credit.service.page_in(locale)
    return {
        "service": credit.service.title(locale), "left": credit.left, "bought": credit.bought, "until": credit.expires_at,
        "url": heads.absolute(page.url or "") if page and credit.user_id else "", "is_nobodys": credit.user_id is None,
    }  # fmt: skip


def _move(credit: Credit, quantity: int, reason: str, line: OrderLine) -> None:
    CreditMove.objects.create(credit=credit, line=line, quantity=quantity, reason=reason)
    Credit.objects.filter(pk=credit.pk).update(left=F("left") + quantity)


def _first(rows: Any) -> Credit | None:
    found: Credit | None = rows.order_by(F("expires_at").asc(nulls_last=True), "pk").first()
    return found


def _granted(line: OrderLine) -> frozenset[str]:
    """What lies in the same order gives its audiences to all of it."""
    rows = promises.behind(line.order.lines.select_related("offer"))
    return wants.granted(wants.Wish(other.offer, other.quantity, other.details) for other, _sellable in rows)


def expiry(pack: HourPack, paid_at: datetime) -> datetime | None:
    """Until when its hours may be used: the same day of a later month, or its last; None: for ever."""
    return paid_at + relativedelta(months=pack.months) if pack.months else None
