"""The club: a tier, a plan on sale, somebody who belongs."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from members import joining
from members.models import Membership, Plan, Tier, User
from store import pricing
from store.models import Offer, Subscription
from tests.factories.orders import basket
from tests.factories.orders import order as placed
from tests.factories.people import person
from tests.factories.shop import open_shop


def tier(slug: str = "ami", **fields: Any) -> Tier:
    """One tier of the shop's club."""
    found = Tier.objects.filter(slug=slug).first()
    return found or Tier.objects.create(shop=open_shop(), slug=slug, **{"name": slug.title(), **fields})


def plan(of: Tier | None = None, *, price: int = 4000, months: int = 12, interval: str = "") -> Plan:
    """A year that is paid once, on sale; with `interval` it renews itself."""
    of = of or tier()
    offer = Offer.objects.create(
        shop=of.shop, kind=Plan.kind(), state=Offer.State.LIVE, interval=interval, max_per_order=1
    )
    pricing.set_price(offer, price)
    return Plan.objects.create(tier=of, offer=offer, months=0 if interval else months)


def member(of: Tier | None = None, **fields: Any) -> User:
    """Somebody who belongs, let in by the house."""
    user = person(**fields)
    joining.comp(of or tier(), user.email)
    return user


def membership(of: User) -> Membership:
    """The person's only one."""
    return of.memberships.get()


def renewing(*, to: str = "renouvelle", interval: str = "month", **fields: Any) -> Subscription:
    """Somebody pays for a tier again and again; nothing stands at Stripe. `fields`: of their order."""
    bought = plan(tier(to), interval=interval)
    order = placed(basket(bought.offer), **fields)
    order.mark_paid()
    joining.grant(order.lines.get())
    now = timezone.now()
    return Subscription.objects.create(
        shop=order.shop, line=order.lines.get(), user=order.user, offer=bought.offer, stripe_id=f"sub_{order.number}",
        customer="cus_x", status="active", period_start=now, period_end=now + timedelta(days=30),
    )  # fmt: skip


def given(*, email: str = "amie@example.org", **fields: Any) -> Membership:
    """A year that somebody gave to an address that nobody has proved."""
    order = placed(basket(plan(tier("cadeau")).offer), **fields)
    order.mark_paid()
    line = order.lines.get()
    line.details = {"gift_email": email, "gift_name": "Amie"}
    line.save()
    made = joining.grant(line)
    assert made
    return made
