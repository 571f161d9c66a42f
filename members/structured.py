"""JSON-LD of the club (schema.org/MemberProgram): its tiers, with what each costs and whether it has prices of its own."""

from typing import Any

from core import money
from members.models import MEMBER
from store import structured as goods
from store.models import Price
from store.offers import OfferGroup

UNITS = {"month": "MON", "year": "ANN"}


def of(name: str, url: str, groups: list[OfferGroup]) -> list[dict[str, Any]]:
    """The programme and the shop that has it; one query."""
    shop = groups[0].extra["tier"].shop
    rows = Price.objects.filter(offer__shop=shop, valid_until=None).exclude(audience="")
    priced = set(rows.values_list("audience", flat=True).distinct())
    program = {
        "@type": "MemberProgram",
        "@id": f"{url}#club",
        "name": name,
        "url": url,
        "hostingOrganization": {"@id": goods.shop_id()},
        "hasTiers": [_tier(group, url, priced) for group in groups],
    }
    return [program, goods.seller(shop)]


def _tier(group: OfferGroup, url: str, priced: set[str]) -> dict[str, Any]:
    tier = group.extra["tier"]
    found = {
        "@type": "MemberProgramTier",
        "@id": f"{url}#tier-{tier.slug}",
        "name": group.title,
        "hasTierRequirement": [_price(choice, tier) for choice in group.choices if choice.price_text],
    }
    if group.summary:
        found["description"] = group.summary
    if priced & {MEMBER, tier.audience}:
        found["hasTierBenefit"] = "https://schema.org/TierBenefitLoyaltyPrice"
    return found


def _price(choice: Any, tier: Any) -> dict[str, Any]:
    """What one pays, and for how long where it renews itself or ends."""
    plan = next(row for row in tier.plans.all() if row.offer_id == choice.offer_id)
    found = {
        "@type": "UnitPriceSpecification",
        "price": str(money.to_decimal(choice.amount, choice.currency)),
        "priceCurrency": choice.currency,
    }
    unit = UNITS.get(plan.offer.interval) or ("MON" if plan.months else "")
    return {**found, "billingDuration": plan.months or 1, "unitCode": unit} if unit else found
