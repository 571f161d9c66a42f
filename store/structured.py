"""JSON-LD of what is sold: same prices and states as the page, with stable @ids."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from core import head as heads
from core import money
from core.models import Shop
from store import delivery, pricing
from store.models import DeliveryMethod

if TYPE_CHECKING:
    from store.models import Product
    from store.offers import OfferChoice, OfferGroup

AVAILABILITY = {
    "available": "InStock",
    "last": "LimitedAvailability",
    "busy": "LimitedAvailability",
    "scheduled": "PreOrder",
    "reserved": "PreOrder",
    "archived": "Discontinued",
    "sold_out": "SoldOut",
}
SOCIAL = {"available": "instock", "last": "instock", "busy": "instock", "scheduled": "preorder"}
RETURN_DAYS = 14


def shop_id() -> str:
    """The one seller of every graph."""
    return f"{settings.BASE_URL}/#shop"


def product_id(group: "OfferGroup") -> str:
    """The @id of a product, the same on its page and in every article that names it."""
    return f"{heads.absolute(group.url)}#product"


def offer(choice: "OfferChoice", url: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """One price of one variant; `more` is what its own page says besides."""
    state = AVAILABILITY.get(choice.state, "OutOfStock")
    return {
        "@type": "Offer",
        "@id": f"{url.partition('?')[0]}#offer-{choice.offer_id}",
        "price": str(money.to_decimal(choice.amount, choice.currency)),
        "priceCurrency": choice.currency,
        "availability": f"https://schema.org/{state}",
        "itemCondition": "https://schema.org/NewCondition",
        "url": url,
        "seller": {"@id": shop_id()},
        **(more or {}),
    }


def not_a_thing(choice: "OfferChoice", url: str) -> dict[str, Any]:
    """A seat, an hour: neither new nor used."""
    found = offer(choice, url)
    del found["itemCondition"]
    return found


def returns(shop: Shop) -> dict[str, Any]:
    """Fourteen days to withdraw (C. conso L221-18), for the shop's own country."""
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": shop.country,
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": RETURN_DAYS,
    }


def terms(group: "OfferGroup", product: "Product", shop: Shop) -> dict[int, dict[str, Any]]:
    """{offer pk: return, delivery and, where it is known, the end of the price}; one query."""
    goods = {row.offer_id: row for row in product.goods.all()}
    now = timezone.now()
    ends = pricing.ends([row.offer for row in goods.values()], now)
    return {
        choice.offer_id: {
            "hasMerchantReturnPolicy": returns(shop),
            **(
                {"shippingDetails": shipping(choice, goods[choice.offer_id].weight_g, shop)}
                if choice.price_text
                else {}
            ),
            **(
                {"priceValidUntil": timezone.localtime(ends[choice.offer_id]).isoformat()}
                if choice.offer_id in ends
                else {}
            ),
        }
        for choice in group.choices
    }


def shipping(choice: "OfferChoice", weight_g: int, shop: Shop) -> list[dict[str, Any]]:
    """What each way costs for one of it, by price: as the basket would count it."""
    found = []
    for method in delivery.methods(shop):
        if method.kind == DeliveryMethod.Kind.PICKUP:
            continue
        by_cost: dict[int, list[str]] = {}
        for country in sorted({code for rate in method.rates.all() for code in rate.countries}):
            cost = delivery.cost(method, country, weight_g, choice.amount)
            if cost is not None:
                by_cost.setdefault(cost, []).append(country)
        found += [_way(method, cost, countries, choice.currency, shop) for cost, countries in sorted(by_cost.items())]
    return found


def _way(method: DeliveryMethod, cost: int, countries: list[str], currency: str, shop: Shop) -> dict[str, Any]:
    return {
        "@type": "OfferShippingDetails",
        "shippingRate": {
            "@type": "MonetaryAmount", "value": str(money.to_decimal(cost, currency)), "currency": currency,
        },
        "shippingDestination": [{"@type": "DefinedRegion", "addressCountry": code} for code in countries],
        "deliveryTime": {
            "@type": "ShippingDeliveryTime",
            "handlingTime": _days(0, delivery.longest_wait(shop)),
            "transitTime": _days(method.days_min, method.days_max),
        },
    }  # fmt: skip


def _days(least: int, most: int) -> dict[str, Any]:
    return {"@type": "QuantitativeValue", "minValue": least, "maxValue": most, "unitCode": "DAY"}


def of_group(group: "OfferGroup", more: dict[int, dict[str, Any]] | None = None) -> dict[str, Any]:
    """The product with its offers; several variants make a ProductGroup. `more`: see `terms`."""
    more = more or {}
    url = heads.absolute(group.url)
    base: dict[str, Any] = {"@id": product_id(group), "name": group.title, "url": url}
    if group.summary:
        base["description"] = group.summary
    if group.extra.get("code"):
        base["sku"] = group.extra["code"]
    picture = heads.card(group.image, group.image_alt)
    if picture:
        base["image"] = picture.src
    if group.extra.get("gtin"):
        base["gtin"] = group.extra["gtin"]
    if group.extra.get("maker"):
        base["manufacturer"] = {"@type": "Organization", "name": group.extra["maker"]}
    if len(group.choices) == 1:
        return {"@type": "Product", **base, "offers": offer(group.choices[0], url, more.get(group.choices[0].offer_id))}
    variants = [
        {
            "@type": "Product",
            "@id": f"{url}#variant-{choice.offer_id}",
            "name": f"{group.title} ({choice.label})",
            "sku": choice.code,
            **({"image": base["image"]} if "image" in base else {}),
            "offers": offer(choice, f"{url}?variant={choice.offer_id}", more.get(choice.offer_id)),
        }
        for choice in group.choices
    ]
    base.pop("sku", None)
    return {
        "@type": "ProductGroup",
        **base,
        "productGroupID": group.extra.get("code", group.key),
        "hasVariant": variants,
    }


def product(head: heads.Head, group: "OfferGroup", shop: Shop, crumbs: list[dict[str, str]], of: "Product") -> None:
    """Fill the head of a product's page; `crumbs` end with the page itself."""
    head.kind = "product"
    choice = group.default
    head.meta = [
        ("product:price:amount", str(money.to_decimal(choice.amount, choice.currency))),
        ("product:price:currency", choice.currency),
        ("product:availability", SOCIAL.get(group.state, "oos")),
    ]
    head.graph = [of_group(group, terms(group, of, shop)), seller(shop), heads.crumbs(crumbs, head.canonical)]


def seller(shop: Shop) -> dict[str, Any]:
    """The shop itself."""
    found: dict[str, Any] = {
        "@type": "OnlineStore",
        "@id": shop_id(),
        "name": shop.name,
        "url": f"{settings.BASE_URL}/",
        "hasMerchantReturnPolicy": returns(shop),
    }
    if shop.seller:
        found["legalName"] = shop.seller
    if shop.vat_number:
        found["vatID"] = shop.vat_number
    if shop.email:
        found["contactPoint"] = {"@type": "ContactPoint", "contactType": "customer service", "email": shop.email}
    return found
