"""Memberships go on sale and off it."""

from typing import Any

from django.db import transaction

from members.models import Plan, Tier
from store import pricing
from store.models import Offer, TaxCode


@transaction.atomic
def put_on_sale(tier: Tier, term: str, price: int, *, by: Any = None) -> Plan:
    """`term`: "month", "year", or a number of months paid once (0: for good); `price` in minor units.

    The one of that term is sold at that price from now on; there is never a second one.
    """
    Tier.objects.select_for_update().get(pk=tier.pk)
    interval = term if term in {"month", "year"} else ""
    months = 0 if interval else int(term)
    plan = Plan.objects.select_related("offer").filter(tier=tier, offer__interval=interval, months=months).first()
    if plan is None:
        offer = Offer.objects.create(
            shop=tier.shop, kind=Plan.kind(), interval=interval, tax_code=TaxCode.STANDARD, max_per_order=1
        )
        plan = Plan.objects.create(tier=tier, offer=offer, months=months, position=tier.plans.count())
    pricing.set_price(plan.offer, price, by=by)
    plan.offer.state = Offer.State.LIVE
    plan.offer.save(update_fields=["state"])
    return plan


def archive(plan: Plan) -> None:
    """Sold no more; memberships go on."""
    Offer.objects.filter(pk=plan.offer_id).update(state=Offer.State.ARCHIVED)
