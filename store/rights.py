"""What the law wants said beside a thing: the legal guarantee, and who made it. Words only; the sources are named."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import held
from core.models import Shop
from store.models import LegalType, Product, Sellable

YEARS = 2  # C. conso L217-3
# The harmonised notice (Regulation (EU) 2025/1960): the official file of each language, unaltered, never one of ours.
NOTICE = "img/legal/guarantee-{}.svg"
NOTICE_URL = "https://europa.eu/youreurope/citizens/consumers/shopping/guarantees-returns/"

EARLY = timedelta(days=14)  # C. conso L221-18: what begins sooner begins before the right to withdraw has ended


def withdrawal(legal_type: str) -> str:
    """What becomes of the right to withdraw from such a thing, in one sentence; "" where the general words do."""
    texts = {
        LegalType.DATED: _("Leisure at a date: without a right of withdrawal (C. conso L221-28, 12°)."),
        LegalType.SERVICE: _("Service: 14 days to change your mind; for what was done on your request you then pay its share."),
        LegalType.MEMBERSHIP: _("Membership: 14 days to change your mind; you then pay for the days you had."),
    }  # fmt: skip
    return texts.get(LegalType(legal_type), "")


def begins_early(sellable: Sellable, details: Mapping[str, Any], at: datetime) -> bool:
    """Whether it begins within the days to withdraw, so that the buyer must ask for it (C. conso L221-25)."""
    if sellable.legal_type == LegalType.MEMBERSHIP:
        return True
    begins = sellable.begins_at(details) if sellable.legal_type == LegalType.SERVICE else None
    return begins is not None and begins < at + EARLY


def guarantee(_product: Product) -> dict[str, Any]:
    """The legal guarantee of conformity, on every page of goods (C. conso L217-3 and following)."""
    text = _(
        "The seller answers for faults of conformity that appear within two years of delivery: "
        "you may ask for repair or replacement at no cost, and failing that for a lower price or your money back."
    )
    language = (get_language() or "fr").split("-")[0]
    return {"years": YEARS, "text": text, "notice_src": notice(language), "notice_url": NOTICE_URL}


def notice(language: str) -> str:
    """The address of the official picture; "" while its file is not there, and words stand in its place."""
    name = NOTICE.format(language)
    return held.get(("notice", name), lambda: _address(name))


def _address(name: str) -> str:
    if not finders.find(name):
        return ""
    try:
        return static(name)
    except ValueError:  # put in its place, and not collected yet
        return ""


def missing_notices() -> list[str]:
    """Where official pictures are still to be put, below the code's folder."""
    return [f"static/{NOTICE.format(code)}" for code, _name in settings.LANGUAGES if not notice(code)]


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
