"""The shop: open for selling, or closed because nothing is filled in."""

from datetime import date
from typing import Any

from wagtail.models import Site

from core.models import Shop, TermsVersion, VatRegime
from store.models import DeliveryMethod, DeliveryRate

IDENTITY = {
    "name": "Essai", "seller": "Anne Essai", "legal_form": "EI", "siren": "732829320", "register": "RNE 732 829 320",
    "vat_number": "FR44732829320", "address": "1 rue Courte, 75001 Paris",
    "email": "anne@essai.example", "phone": "01 02 03 04 05", "director": "Anne Essai", "host_name": "Hôte",
    "host_address": "2 rue Longue, 75002 Paris", "host_phone": "01 06 07 08 09", "mediator_name": "Médiation",
    "mediator_address": "3 rue Droite, 75003 Paris", "mediator_url": "https://mediation.example",
}  # fmt: skip


def closed_shop() -> Shop:
    """The default site's shop with nothing filled in: reading goes on, nothing can be bought."""
    return Shop.objects.get_or_create(site=Site.objects.get(is_default_site=True), defaults={"name": "Essai"})[0]


def open_shop(*, franchise: bool = False, **fields: Any) -> Shop:
    """A shop that may sell: identity, terms in force, a VAT regime, one delivery to France for 5.00."""
    shop = closed_shop()
    for name, value in {**IDENTITY, **fields}.items():
        setattr(shop, name, value)
    shop.save()
    if not shop.terms_versions.exists():
        TermsVersion.objects.create(
            shop=shop, title="CGV", text_fr="<p>Conditions</p>", text_en="<p>Terms</p>"
        ).publish()
    if not shop.vat_regimes.exists():
        regime = VatRegime.Regime.FRANCHISE if franchise else VatRegime.Regime.NORMAL
        VatRegime.objects.create(shop=shop, regime=regime, starts_on=date(2020, 1, 1))
    if not shop.delivery_methods.exists():
        delivery_method(shop)
    return shop


def delivery_method(shop: Shop, amount: int = 500, **fields: Any) -> DeliveryMethod:
    """One way to France for `amount` minor units."""
    method = DeliveryMethod.objects.create(shop=shop, **{"name": "À domicile", "name_en": "To your door", **fields})
    if method.kind == DeliveryMethod.Kind.SHIP:
        DeliveryRate.objects.create(method=method, countries=["FR"], amount=amount)
    return method
