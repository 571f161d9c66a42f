"""What must be filled in before anything may be bought (law: identity, host, mediator, terms). Reading is never closed."""

from django.conf import settings
from django.utils.translation import gettext as _

from core.models import Shop
from store.exceptions import ShopClosed
from store.models import Product, ProductPage

REQUIRED = (
    "seller", "legal_form", "siren", "register", "address", "email", "phone", "director",
    "host_name", "host_address", "host_phone", "mediator_name", "mediator_address", "mediator_url",
)  # fmt: skip


def missing(shop: Shop) -> list[str]:
    """What is lacking, in the owner's words; empty when the shop may sell."""
    empty = [name for name in _required(shop) if not getattr(shop, name).strip()]
    lacking = [str(shop._meta.get_field(name).verbose_name) for name in empty]  # type: ignore[union-attr]  # noqa: SLF001
    if shop.terms_in_force() is None:
        lacking.append(_("terms of sale, published"))
    if not shop.vat_regimes.all():
        lacking.append(_("VAT regime with its first day"))
    if not any(method.is_active for method in shop.delivery_methods.all()):
        lacking.append(_("at least one delivery method"))
    if not settings.STRIPE_SECRET_KEY or not settings.STRIPE_WEBHOOK_SECRETS:
        lacking.append(_("Stripe's keys"))
    return lacking


def _required(shop: Shop) -> list[str]:
    """Capital is a company's, and a VAT number belongs to the normal regime (LCEN, art. 19; C. com. R123-237 and 238)."""
    names = [*REQUIRED]
    if shop.is_company:
        names.append("capital")
    if shop.vat_regimes.all() and not shop.is_franchise:
        names.append("vat_number")
    return names


def is_open(shop: Shop) -> bool:
    """Whether something can be bought now."""
    return not shop.is_closed and not missing(shop)


def require(shop: Shop) -> None:
    """Raise ShopClosed unless the shop may sell."""
    lacking = missing(shop)
    if shop.is_closed or lacking:
        raise ShopClosed(lacking)


def may_go_live(product: Product, going: ProductPage | None = None) -> list[str]:
    """What a product lacks before it may be sold (law P3, P12): words for the owner, empty when nothing.

    `going` is a version of one of its pages that is about to be published.
    """
    lacking = product.missing_safety()
    pages = _shown(product, going)
    if not pages:
        lacking.append(_("a page of its own"))
    lacking += [words for page in pages for words in page.missing_words()]
    if not product.goods.exists():
        lacking.append(_("at least one variant with a price"))
    return lacking


def _shown(product: Product, going: ProductPage | None) -> list[ProductPage]:
    """The pages that readers will see; all drafts while there is none."""
    rows = [
        going if going and row.pk == going.pk else row
        for row in product.pages.select_related("locale").prefetch_related("gallery")
    ]
    return [row for row in rows if row.live or row is going] or rows
