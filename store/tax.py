"""VAT: dated rates by country and code. Metropolitan France; source: CGI art. 278, 278-0 bis, 279, 281 quater."""

from datetime import date

from core.models import Shop, VatRegime
from store.models.offer import TaxCode

# (valid from, {tax code: rate in hundredths of a percent})
FRANCE = [
    (
        date(2014, 1, 1),
        {
            TaxCode.STANDARD: 2000,
            TaxCode.INTERMEDIATE: 1000,
            TaxCode.REDUCED: 550,
            TaxCode.SUPER_REDUCED: 210,
            TaxCode.ZERO: 0,
        },
    ),
]


def rate(shop: Shop, tax_code: str, on: date) -> int:
    """The VAT rate in hundredths of a percent; 0 in franchise. Below the OSS threshold French rates hold EU-wide."""
    if shop.regime_on(on) == VatRegime.Regime.FRANCHISE:
        return 0
    rates = [table for start, table in FRANCE if start <= on][-1]
    return rates[TaxCode(tax_code)]
