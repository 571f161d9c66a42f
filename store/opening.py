"""What must be filled in before anything may be bought (law: identity, host, mediator, terms). Reading is never closed."""

from django.conf import settings
from django.utils.translation import gettext as _

from core.models import Shop
from store.exceptions import ShopClosed
from store.models import Product

REQUIRED = (
    "seller", "legal_form", "siren", "address", "email", "phone", "director",
    "host_name", "host_address", "host_phone", "mediator_name", "mediator_address", "mediator_url",
)  # fmt: skip


def missing(shop: Shop) -> list[str]:
    """What is lacking, in the owner's words; empty when the shop may sell."""
    lacking = [str(shop._meta.get_field(name).verbose_name) for name in REQUIRED if not getattr(shop, name)]  # type: ignore[union-attr]  # noqa: SLF001
    if shop.terms_in_force() is None:
        lacking.append(_("terms of sale, published"))
    if not shop.vat_regimes.all():
        lacking.append(_("VAT regime with its first day"))
    if not any(method.is_active for method in shop.delivery_methods.all()):
        lacking.append(_("at least one delivery method"))
    if not settings.STRIPE_SECRET_KEY or not settings.STRIPE_WEBHOOK_SECRETS:
        lacking.append(_("Stripe's keys"))
    return lacking


def is_open(shop: Shop) -> bool:
    """Whether something can be bought now."""
    return not shop.is_closed and not missing(shop)


def require(shop: Shop) -> None:
    """Raise ShopClosed unless the shop may sell."""
    lacking = missing(shop)
    if shop.is_closed or lacking:
        raise ShopClosed(lacking)


def may_go_live(product: Product) -> list[str]:
    """What a product lacks before it may be sold (law P12): words for the owner, empty when nothing."""
    lacking = product.missing_safety()
    if not product.goods.exists():
        lacking.append(_("at least one variant with a price"))
    return lacking
