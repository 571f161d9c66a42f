"""What the law wants said beside a thing: the legal guarantee, and who made it. Words only; the sources are named."""

from typing import Any

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import held
from core.models import Shop
from store.models import Product

YEARS = 2  # C. conso L217-3
NOTICE = "img/legal/guarantee-{}.svg"  # the harmonised notice (Regulation (EU) 2025/1960), unaltered, one per language
NOTICE_URL = "https://europa.eu/youreurope/citizens/consumers/shopping/guarantees-returns/"


def guarantee(_product: Product) -> dict[str, Any]:
    """The legal guarantee of conformity, on every page of goods (C. conso L217-3 and following)."""
    name = NOTICE.format((get_language() or "fr").split("-")[0])
    has_notice = held.get(("notice", name), lambda: bool(finders.find(name)))
    text = _(
        "The seller answers for faults of conformity that appear within two years of delivery: "
        "you may ask for repair or replacement at no cost, and failing that for a lower price or your money back."
    )
    return {"years": YEARS, "text": text, "notice_src": static(name) if has_notice else "", "notice_url": NOTICE_URL}


def safety(product: Product, shop: Shop, warnings: str) -> dict[str, Any]:
    """Maker, person in the Union, identifier and warnings (Regulation (EU) 2023/988, article 19)."""
    maker = {"name": product.maker_name, "address": product.maker_address, "contact": product.maker_contact}
    if product.i_am_maker:
        maker = {"name": shop.seller or shop.name, "address": shop.address, "contact": shop.email}
    name, _newline, address = product.eu_responsible.partition("\n")
    return {
        "maker": maker,
        "responsible": {"name": name, "address": address, "contact": ""} if name else None,
        "identifier": product.identifier or product.gtin or product.code,
        "warnings": [line for line in warnings.splitlines() if line.strip()],
    }
