"""What the owner says of her time and of what she offers in it. The only writer of Calendar's hours and of Service."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django.db import transaction

from core.models import Shop
from events import prepaid
from events.models import Calendar, DayException, HourPack, Service, WeeklyHours
from store import pricing
from store.models import Offer

Hours = tuple[int, time, time]
Day = tuple[date, tuple[time, time] | None]


def calendar_of(shop: Shop) -> Calendar:
    """The owner's; made when it is first asked for."""
    found = Calendar.objects.filter(shop=shop).order_by("pk").first()
    return found or Calendar.objects.create(shop=shop)


@transaction.atomic
def set_hours(calendar: Calendar, weekly: Iterable[Hours], days: Iterable[Day]) -> None:
    """These hours and no others. What is booked stays booked. May run twice."""
    Calendar.objects.select_for_update().get(pk=calendar.pk)
    calendar.hours.all().delete()
    calendar.exceptions.all().delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(calendar=calendar, weekday=day, starts=starts, ends=ends) for day, starts, ends in weekly
    )
    DayException.objects.bulk_create(
        DayException(
            calendar=calendar, date=day, is_open=bool(span), starts=span and span[0], ends=span and span[1]
        )
        for day, span in days
    )  # fmt: skip


@transaction.atomic
def make(calendar: Calendar, *, price: int, by: Any = None, **fields: Any) -> Service:
    """Something new on offer, at `price` minor units, one of it in an order."""
    offer = Offer.objects.create(shop=calendar.shop, kind=Service.kind(), state=Offer.State.LIVE, max_per_order=1)
    made = Service.objects.create(calendar=calendar, offer=offer, **fields)
    pricing.set_price(offer, price, by=by)
    return made


@transaction.atomic
def make_pack(service: Service, *, price: int, hours: int, months: int, by: Any = None) -> HourPack:
    """Several appointments at one price; who has some left pays nothing for the next."""
    offer = Offer.objects.create(
        shop=service.calendar.shop, kind=HourPack.kind(), state=Offer.State.LIVE, max_per_order=1,
        tax_code=service.offer.tax_code,
    )  # fmt: skip
    made = HourPack.objects.create(service=service, offer=offer, hours=hours, months=months)
    pricing.set_price(offer, price, by=by)
    pricing.set_price(service.offer, 0, audience=prepaid.audience(service.pk), by=by)
    return made


@transaction.atomic
def change_pack(pack: HourPack, *, price: int, months: int, is_on_sale: bool, by: Any = None) -> None:
    """Another price or validity for those to come; what is bought stays as it was bought."""
    HourPack.objects.filter(pk=pack.pk).update(months=months)
    pricing.set_price(pack.offer, price, by=by)
    state = Offer.State.LIVE if is_on_sale else Offer.State.ARCHIVED
    Offer.objects.filter(pk=pack.offer_id).update(state=state)


@transaction.atomic
def change(service: Service, fields: Mapping[str, Any], *, price: int, is_on_sale: bool, by: Any = None) -> None:
    """Other words, rules, price; on sale or not. What is booked keeps its time and its buffers."""
    Service.objects.filter(pk=service.pk).update(**fields)
    pricing.set_price(service.offer, price, by=by)
    state = Offer.State.LIVE if is_on_sale else Offer.State.ARCHIVED
    Offer.objects.filter(pk=service.offer_id).update(state=state)
