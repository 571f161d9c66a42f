"""Goods: a product and its variants. Words live on its pages, price and stock in their own tables."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import visible
from core.models import Shop
from store.models.offer import Offer, TaxCode
from store.models.sellable import Sellable

if TYPE_CHECKING:
    from wagtail.models import Page

    from core.models import Photo
    from store.models.order import OrderLine
    from store.models.pages import ProductPage


# The European Union with its outermost regions, as ISO 3166 names them.
UNION = frozenset(
    [
        "AT",
        "AX",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GF",
        "GP",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MF",
        "MQ",
        "MT",
        "NL",
        "PL",
        "PT",
        "RE",
        "RO",
        "SE",
        "SI",
        "SK",
        "YT",
    ]
)


class LegalType(models.TextChoices):
    """Which right of withdrawal applies (C. conso L221-28). Chosen per product, never a box at checkout."""

    GOODS = "goods", _("ordinary goods: 14 days to withdraw")
    CUSTOM = "custom", _("made to the buyer's measure: no withdrawal (3°)")
    PERISHABLE = "perishable", _("perishable: no withdrawal (4°)")
    SEALED = "sealed", _("sealed for hygiene: no withdrawal once opened (5°)")
    MEDIA = "media", _("sealed recording: no withdrawal once opened (9°)")
    DATED = "dated", _("leisure at a date: no withdrawal (12°)")
    SERVICE = "service", _("service: 14 days to withdraw, begun earlier only on request")
    MEMBERSHIP = "membership", _("membership: 14 days to withdraw, begun at once on request")


NO_WITHDRAWAL = frozenset({LegalType.CUSTOM, LegalType.PERISHABLE, LegalType.DATED})
OF_GOODS = ("goods", "custom", "perishable", "sealed", "media")


class Product(models.Model):
    """One product; all its pages, in every language, speak of this one."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="products")
    code = models.SlugField(_("code"), max_length=60, help_text=_("Your own short code."))
    name = models.CharField(_("name"), max_length=160)
    legal_type = models.CharField(
        _("right of withdrawal"),
        max_length=16,
        choices=[row for row in LegalType.choices if row[0] in OF_GOODS],
        default=LegalType.GOODS,
    )
    tax_code = models.CharField(_("VAT"), max_length=16, choices=TaxCode.choices, default=TaxCode.STANDARD)
    axes = models.JSONField(_("options"), default=list, blank=True, help_text=_("For instance size, colour."))
    photo = models.ForeignKey(
        "core.Photo", verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    height_cm = models.PositiveSmallIntegerField(
        _("height in cm"), default=0, help_text=_("On a shelf, things stand in their true sizes. 0: unknown.")
    )
    i_am_maker = models.BooleanField(_("I am the manufacturer"), default=False)
    maker_name = models.CharField(_("manufacturer"), max_length=120, blank=True)
    maker_address = models.TextField(_("manufacturer's postal address"), blank=True)
    maker_contact = models.CharField(_("manufacturer's e-mail or site"), max_length=160, blank=True)
    maker_country = models.CharField(_("manufacturer's country"), max_length=2, blank=True)
    eu_responsible = models.TextField(
        _("responsible person in the EU"), blank=True, help_text=_("Only if the manufacturer is outside the EU.")
    )
    needs_warnings = models.BooleanField(
        _("needs safety warnings"), default=False,
        help_text=_("It cuts, burns, has small parts: each page says in its language what to mind."),
    )  # fmt: skip
    identifier = models.CharField(
        _("type, batch or serial identifier"), max_length=80, blank=True, help_text=_("Empty: your own code is shown.")
    )
    successor = models.ForeignKey(
        "self", verbose_name=_("what took its place"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text=_("Shown to whoever looks for it once it is no longer sold."),
    )  # fmt: skip
    gtin = models.CharField(_("barcode (GTIN)"), max_length=14, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    form_token = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "code"], name="product_code_once_a_shop"),
            models.CheckConstraint(condition=~models.Q(successor=models.F("pk")), name="product_not_its_own_successor"),
        ]

    def __str__(self) -> str:
        return self.name

    def page_in(self, locale: str) -> "ProductPage | None":
        """Its live page in that language, else in any."""
        return visible.in_language(self.pages.all(), locale)

    def title(self, locale: str) -> str:
        """Its name in that language: its page's title if there is one."""
        page = self.page_in(locale)
        return page.title if page and page.locale.language_code == locale else self.name

    def missing_safety(self) -> list[str]:
        """What is not filled in of who made it and who answers for it in the Union (Reg. 2023/988, art. 19).

        What identifies it is never missing: `code` does where there is nothing better.
        """
        if self.i_am_maker:
            return []
        names = ["maker_name", "maker_address", "maker_contact", "maker_country"]
        if self.maker_country and self.maker_country not in UNION:
            names.append("eu_responsible")
        return [str(self._meta.get_field(name).verbose_name) for name in names if not getattr(self, name).strip()]  # type: ignore[union-attr]

    @property
    def offer_state(self) -> str:
        """Archived or draft when all its variants are, else live."""
        states = {goods.offer.state for goods in self.goods.all()}
        if Offer.State.LIVE in states:
            return Offer.State.LIVE
        return Offer.State.DRAFT if Offer.State.DRAFT in states or not states else Offer.State.ARCHIVED


class Goods(Sellable):
    """One variant of a product: what is taken off the shelf."""

    needs_shipping: ClassVar[bool] = True

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="goods")
    code = models.CharField(_("SKU"), max_length=64)
    options = models.JSONField(_("option values"), default=list, blank=True)
    options_en = models.JSONField(_("option values in English"), default=list, blank=True)
    weight = models.PositiveIntegerField(_("weight in grams"), default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["product", "code"], name="sku_once_a_product")]

    def __str__(self) -> str:
        return self.title("fr")

    @classmethod
    def for_offers(cls, offer_ids: Iterable[int]) -> models.QuerySet[Any]:
        return (
            cls._default_manager.filter(offer_id__in=list(offer_ids))
            .select_related("product", "product__photo")
            .prefetch_related("product__pages__locale")
        )

    @property
    def legal_type(self) -> str:
        return self.product.legal_type

    @property
    def weight_g(self) -> int:
        return self.weight

    def sku(self) -> str:
        return self.code

    def pages(self) -> "Iterable[Page]":
        return self.product.pages.all()

    def picture(self) -> "Photo | None":
        return self.product.photo

    def label(self, locale: str) -> str:
        """What tells it from its sisters: "Rouge, 24 cm"."""
        options: list[Any] = self.options_en if locale == "en" and self.options_en else self.options
        return ", ".join(str(value) for value in options)

    def title(self, locale: str) -> str:
        label = self.label(locale)
        name = self.product.title(locale)
        return f"{name} ({label})" if label else name

    def fulfil(self, line: "OrderLine") -> None:
        from store import fulfilment  # noqa: PLC0415 - verbs know models, not the reverse, but for this door

        fulfilment.pack(line)

    def revoke(self, line: "OrderLine", quantity: int) -> None:
        from store import fulfilment  # noqa: PLC0415

        fulfilment.unpack(line, quantity)
