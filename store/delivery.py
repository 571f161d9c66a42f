"""Which delivery methods reach a place, what they cost, and when things arrive, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from core import dates, money
from core.holidays import is_holiday
from core.models import Shop
from store import tax
from store.exceptions import NoDelivery
from store.models import DeliveryMethod, TaxCode

WORKING_DAYS = [0, 1, 2, 3, 4]


@dataclass(frozen=True)
class Delivery:
    """One way for one basket. `amount` in minor units, VAT included."""

    method: DeliveryMethod
    amount: int
    tax_bp: int
    tax: int
    leaves_on: date
    arrives_on: date

    @property
    def is_pickup(self) -> bool:
        return self.method.kind == DeliveryMethod.Kind.PICKUP


def methods(shop: Shop) -> list[DeliveryMethod]:
    """The offered ones, in the owner's order."""
    return [method for method in shop.delivery_methods.all() if method.is_active]


def countries(shop: Shop) -> list[str]:
    """Where the shop sends, its own country first."""
    found = {code for method in methods(shop) for rate in method.rates.all() for code in rate.countries}
    return sorted(found, key=lambda code: (code != shop.country, code)) or [shop.country]


def options(shop: Shop, country: str, weight_g: int, goods: int, at: datetime | None = None) -> list[Delivery]:
    """All ways to bring goods of that weight and total (minor units) to a country, in the owner's order."""
    at = at or timezone.now()
    found = [(method, cost(method, country, weight_g, goods)) for method in methods(shop)]
    return [_delivery(shop, method, amount, at) for method, amount in found if amount is not None]


def cost(method: DeliveryMethod, country: str, weight_g: int, goods: int) -> int | None:
    """Minor units, or None when the method does not go there with that."""
    if method.kind == DeliveryMethod.Kind.PICKUP:
        return 0
    for rate in method.rates.all():
        too_heavy = rate.max_weight_g is not None and weight_g > rate.max_weight_g
        too_dear = rate.max_total is not None and goods > rate.max_total
        if country in rate.countries and not too_heavy and not too_dear:
            free = method.free_from is not None and goods >= method.free_from
            return 0 if free else rate.amount
    return None


def choose(found: list[Delivery], method_id: int | None) -> Delivery:
    """The asked one, else the first. Raises NoDelivery when nothing reaches the place."""
    if not found:
        raise NoDelivery
    return next((way for way in found if way.method.pk == method_id), found[0])


def _delivery(shop: Shop, method: DeliveryMethod, amount: int, at: datetime) -> Delivery:
    rate = tax.rate(shop, TaxCode.STANDARD, timezone.localdate(at))
    leaves = leaves_on(shop, at)
    pickup = method.kind == DeliveryMethod.Kind.PICKUP
    arrives = leaves if pickup else add_working_days(leaves, method.days_max)
    return Delivery(method, amount, rate, money.included_tax(amount, rate), leaves, arrives)


def leaves_on(shop: Shop, at: datetime) -> date:
    """The next dispatch day for an order paid at that moment."""
    local = timezone.localtime(at)
    day = local.date() + timedelta(days=0 if local.hour < shop.dispatch_before else 1)
    days: Iterable[int] = shop.dispatch_days or WORKING_DAYS
    while day.weekday() not in set(days) or is_holiday(day):
        day += timedelta(days=1)
    return day


def longest_wait(shop: Shop) -> int:
    """Days between two dispatch days at most, holidays aside: how long an order may lie here."""
    days = sorted(set(shop.dispatch_days or WORKING_DAYS))
    return max((after - day) % 7 or 7 for day, after in zip(days, [*days[1:], days[0]], strict=True))


def add_working_days(day: date, count: int) -> date:
    """`count` working days later: no Sundays, no French public holidays."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() != 6 and not is_holiday(day):
            count -= 1
    return day


def promise(
    shop: Shop, at: datetime | None = None, method: DeliveryMethod | None = None, today: date | None = None
) -> str:
    """ "Leaves Tuesday, with you Thursday": by the first method that ships; empty when none does.

    `at`: when it would be paid; `today`: when it is read, if that is another day.
    """
    at = at or timezone.now()
    today = today or timezone.localdate(at)
    shipping = [row for row in methods(shop) if row.kind == DeliveryMethod.Kind.SHIP]
    method = method or next(iter(shipping), None)
    if method is None:
        return ""
    leaves = leaves_on(shop, at)
    arrives = add_working_days(leaves, method.days_max)
    return _("Leaves %(leaves)s, with you %(arrives)s") % {
        "leaves": day_words(leaves, today),
        "arrives": day_words(arrives, today),
    }


def day_words(day: date, today: date) -> str:
    """ "today", "tomorrow", "Thursday" within six days, else "Thursday 3 December"."""
    if day == today:
        return _("today")
    if (day - today).days < 7:
        return str(WEEKDAYS[day.weekday()])
    return dates.words(day, "l j F")
