"""A calendar that is open from 8 to 20 every day, and what is offered in it."""

import itertools
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from core.models import Shop
from events import receiving
from events.models import Booking, Calendar, Credit, HourPack, Service, ServicePage, WeeklyHours
from store import cart as carts
from store import checkout, fulfilment, pricing, selling
from store.models import Cart, Offer, Order
from tests.factories.events import agenda
from tests.factories.house import locale
from tests.factories.orders import basket, order
from tests.factories.shop import open_shop

COUNT = itertools.count(1)


def calendar(shop: Shop | None = None, *, starts: time = time(8), ends: time = time(20), **fields: Any) -> Calendar:
    """Open every day between these hours."""
    made = Calendar.objects.create(shop=shop or open_shop(), **{"name": f"Agenda {next(COUNT)}", **fields})
    WeeklyHours.objects.bulk_create(
        WeeklyHours(calendar=made, weekday=day, starts=starts, ends=ends) for day in range(7)
    )
    return made


def service(of: Calendar | None = None, *, price: int = 0, **fields: Any) -> Service:
    """An hour on sale at `price` minor units, with a quarter of an hour free after it."""
    of = of or calendar()
    found = Offer.objects.create(shop=of.shop, kind=Service.kind(), state=Offer.State.LIVE, max_per_order=1)
    given = {"name": f"Conseil {next(COUNT)}", "description": "Une heure à deux.", **fields}
    made = Service.objects.create(calendar=of, offer=found, **given)
    pricing.set_price(found, price)
    return made


def service_page(of: Service | None = None, *, code: str = "fr", **fields: Any) -> ServicePage:
    """The service's page under the agenda of one language."""
    of = of or service()
    given = {"title": of.name, "slug": f"prestation-{of.pk}", "summary": "À deux.", "locale": locale(code), **fields}
    page = ServicePage(service=of, **given)
    agenda(code).add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def slot(days: int = 20, hour: int = 12, minute: int = 0) -> datetime:
    """A moment (UTC) that such a calendar offers, in so many days."""
    day = timezone.now().astimezone(UTC).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), UTC)


def slot_basket(of: Service, at: datetime | None = None) -> Cart:
    """A basket with one appointment."""
    offer = Offer.objects.get(pk=of.offer_id)
    cart = Cart.objects.create(shop=offer.shop)
    carts.add(cart, offer, 1, details={"slot": (at or slot()).strftime("%Y-%m-%dT%H:%M:%SZ")})
    return cart


def booking(of: Service | None = None, at: datetime | None = None, **who: Any) -> Booking:
    """An appointment made by its order; one that costs is marked as paid."""
    made: Order = order(slot_basket(of or service(), at), **who)
    made.mark_paid()
    fulfilment.fulfil(made.pk)
    return Booking.objects.get(line__order=made)


def pack(of: Service | None = None, *, price: int = 40000, hours: int = 5, months: int = 12) -> HourPack:
    """Five appointments at one price."""
    return receiving.make_pack(of or service(price=9000), price=price, hours=hours, months=months)


def credit(of: HourPack | None = None, **who: Any) -> Credit:
    """A pack that somebody paid; with a `user` theirs."""
    user = who.get("user")
    made: Order = order(basket((of or pack()).offer), **{"email": user.email if user else "forfait@example.org", **who})
    made.mark_paid()
    fulfilment.fulfil(made.pk)
    return Credit.objects.get(line__order=made)


def hour_on_credit(of: Credit, at: datetime | None = None) -> Order:
    """The order of an appointment that it pays for."""
    person = of.user
    cart = slot_basket(of.service, at)
    who = checkout.Buyer(person.email, "Claire Morin", user=person, audiences=selling.audiences(person))
    found = checkout.start(cart, who, shown_total=0)
    fulfilment.fulfil(found.pk)
    return found
