"""JSON-LD of what is sold: same prices and states as the page, with stable @ids."""

from typing import TYPE_CHECKING, Any

from django.conf import settings

from core import head as heads
from core import money
from core.models import Shop

if TYPE_CHECKING:
    from store.models import ProductPage
    from store.offers import OfferChoice, OfferGroup

AVAILABILITY = {
    "available": "InStock",
    "last": "LimitedAvailability",
    "busy": "LimitedAvailability",
    "scheduled": "PreOrder",
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


def offer(choice: "OfferChoice", url: str, shop: Shop | None = None) -> dict[str, Any]:
    """One price of one variant."""
    state = AVAILABILITY.get(choice.state, "OutOfStock")
    found: dict[str, Any] = {
        "@type": "Offer",
        "@id": f"{url.partition('?')[0]}#offer-{choice.offer_id}",
        "price": str(money.to_decimal(choice.amount, choice.currency)),
        "priceCurrency": choice.currency,
        "availability": f"https://schema.org/{state}",
        "itemCondition": "https://schema.org/NewCondition",
        "url": url,
        "seller": {"@id": shop_id()},
    }
    if shop:
        found["hasMerchantReturnPolicy"] = returns(shop)
    return found


def returns(shop: Shop) -> dict[str, Any]:
    """Fourteen days to withdraw (C. conso L221-18), for the shop's own country."""
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": shop.country,
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": RETURN_DAYS,
    }


def of_group(group: "OfferGroup", shop: Shop | None = None) -> dict[str, Any]:
    """The product with its offers; several variants make a ProductGroup."""
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
        return {"@type": "Product", **base, "offers": offer(group.choices[0], url, shop)}
    variants = [
        {
            "@type": "Product",
            "@id": f"{url}#variant-{choice.offer_id}",
            "name": f"{group.title} ({choice.label})",
            "sku": choice.code,
            "offers": offer(choice, f"{url}?variant={choice.offer_id}", shop),
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


def product(
    head: heads.Head, page: "ProductPage", group: "OfferGroup", shop: Shop, crumbs: list[dict[str, str]]
) -> None:
    """Fill the head of a product's page."""
    head.kind = "product"
    choice = group.default
    head.meta = [
        ("product:price:amount", str(money.to_decimal(choice.amount, choice.currency))),
        ("product:price:currency", choice.currency),
        ("product:availability", SOCIAL.get(group.state, "oos")),
    ]
    trail = [*crumbs, {"title": page.title, "url": head.canonical}]
    head.graph = [of_group(group, shop), seller(shop), heads.crumbs(trail, head.canonical)]


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
