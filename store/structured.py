"""JSON-LD of what is sold: same prices and states as the page, with stable @ids."""

from typing import TYPE_CHECKING, Any

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
}


def offer(choice: "OfferChoice", url: str) -> dict[str, Any]:
    """One price of one variant."""
    state = AVAILABILITY.get(choice.state, "SoldOut" if choice.state == "sold_out" else "OutOfStock")
    return {
        "@type": "Offer",
        "price": str(money.to_decimal(choice.amount, choice.currency)),
        "priceCurrency": choice.currency,
        "availability": f"https://schema.org/{state}",
        "itemCondition": "https://schema.org/NewCondition",
        "url": url,
    }


def product(page: "ProductPage", group: "OfferGroup", _shop: Shop) -> dict[str, Any]:
    """The product with its offers; several variants make a ProductGroup."""
    url = page.full_url or ""
    base: dict[str, Any] = {"@id": f"{url}#product", "name": page.title, "url": url, "sku": page.product.code}
    if page.summary:
        base["description"] = page.summary
    if len(group.choices) == 1:
        return {"@type": "Product", **base, "offers": offer(group.choices[0], url)}
    variants = [
        {
            "@type": "Product",
            "@id": f"{url}#offer-{choice.offer_id}",
            "name": f"{page.title} ({choice.label})",
            "offers": offer(choice, f"{url}?variant={choice.offer_id}"),
        }
        for choice in group.choices
    ]
    return {"@type": "ProductGroup", **base, "productGroupID": page.product.code, "hasVariant": variants}
