"""Anything that can be sold: a cart line points at an Offer and at nothing else."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, cast

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import Shop
from store.exceptions import CannotBeSold

if TYPE_CHECKING:
    from store.models.sellable import Sellable


class TaxCode(models.TextChoices):
    """What kind of VAT rate applies; the rates themselves are dated, in store.tax."""

    STANDARD = "standard", _("standard rate (20 %)")
    INTERMEDIATE = "intermediate", _("intermediate rate (10 %)")
    REDUCED = "reduced", _("reduced rate (5.5 %: food, books)")
    SUPER_REDUCED = "super_reduced", _("special rate (2.1 %)")
    ZERO = "zero", _("no VAT")


class OfferQuerySet(models.QuerySet["Offer"]):
    """Which offers."""

    def for_shop(self, shop: Shop) -> Self:
        return self.filter(shop=shop)

    def on_sale(self, at: datetime | None = None) -> Self:
        """Live, and inside their sales window."""
        at = at or timezone.now()
        return self.filter(
            models.Q(sale_from=None) | models.Q(sale_from__lte=at),
            models.Q(sale_until=None) | models.Q(sale_until__gt=at),
            state=Offer.State.LIVE,
        )

    def with_sellables(self) -> list["Offer"]:
        """The offers with what they sell attached, one query for each kind."""
        offers = list(self.select_related("kind"))
        attach_sellables(offers)
        return offers


def attach_sellables(offers: Iterable["Offer"]) -> None:
    """Fill `offer.sellable` for all of them, one query for each kind."""
    by_kind: dict[int, list[Offer]] = {}
    for offer in offers:
        by_kind.setdefault(offer.kind_id, []).append(offer)
    for kind_id, members in by_kind.items():
        model = cast("type[Sellable]", ContentType.objects.get_for_id(kind_id).model_class())
        found = {row.offer_id: row for row in model.for_offers([offer.pk for offer in members])}
        for offer in members:
            offer.__dict__["_sellable"] = found.get(offer.pk)


class Offer(models.Model):
    """What is asked for something: its kind, currency, tax, state and pools. It has no title of its own."""

    class State(models.TextChoices):
        """Moves: draft → live → archived → live."""

        DRAFT = "draft", _("draft")
        LIVE = "live", _("on sale")
        ARCHIVED = "archived", _("archived")

    class Interval(models.TextChoices):
        ONCE = "", _("once")
        MONTH = "month", _("each month")
        YEAR = "year", _("each year")

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="offers")
    kind = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", editable=False)
    currency = models.CharField(_("currency"), max_length=3)
    tax_code = models.CharField(_("VAT"), max_length=16, choices=TaxCode.choices, default=TaxCode.STANDARD)
    interval = models.CharField(max_length=5, choices=Interval.choices, default=Interval.ONCE, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    sale_from = models.DateTimeField(_("on sale from"), null=True, blank=True)
    sale_until = models.DateTimeField(_("on sale until"), null=True, blank=True)
    max_per_order = models.PositiveIntegerField(_("at most per order"), default=20)
    stocks = models.ManyToManyField(
        "store.Stock", verbose_name=_("stock"), related_name="offers", blank=True, help_text=_("None: unlimited.")
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        indexes = [models.Index(fields=["shop", "state"])]

    def __str__(self) -> str:
        sellable, language = self.sellable, (get_language() or "fr").split("-")[0]
        return sellable.title(language) if sellable else f"#{self.pk}"

    def save(self, **kwargs: Any) -> None:
        if not self.currency:
            self.currency = self.shop.currency
        super().save(**kwargs)

    @property
    def sellable(self) -> "Sellable | None":
        """The good, ticket, plan or service behind the offer; None only if its row was removed by hand."""
        if "_sellable" not in self.__dict__:
            attach_sellables([self])
        return cast("Sellable | None", self.__dict__["_sellable"])

    def check_line(self, quantity: int, details: Mapping[str, Any], at: datetime) -> None:
        """Raise CannotBeSold when so many cannot be bought like that at that moment; says nothing of stock."""
        if self.sellable is None or self.state != self.State.LIVE:
            raise CannotBeSold(self, "archived" if self.state == self.State.ARCHIVED else "gone")
        if not self.is_on_sale(at):
            raise CannotBeSold(self, "scheduled" if self.is_scheduled(at) else "closed")
        if not 0 < quantity <= self.max_per_order:
            raise CannotBeSold(self, "too_many")
        self.sellable.check_line(quantity, details)

    def is_on_sale(self, at: datetime) -> bool:
        """Live and inside its window; says nothing of stock."""
        opened = self.sale_from is None or self.sale_from <= at
        ended = self.sale_until is not None and self.sale_until <= at
        return self.state == self.State.LIVE and opened and not ended

    def is_scheduled(self, at: datetime) -> bool:
        """Will be on sale by itself, later."""
        return self.state == self.State.LIVE and self.sale_from is not None and self.sale_from > at
