"""What every kind of thing on sale must answer. A new kind is one model, one template, one test."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models

from store.models.offer import Offer

if TYPE_CHECKING:
    from django.forms import Form

    from store.models.order import OrderLine


class Sellable(models.Model):
    """Abstract, one-to-one to its Offer."""

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="%(class)s")

    needs_shipping: ClassVar[bool] = False
    needs_account: ClassVar[bool] = False
    details_form: ClassVar["type[Form] | None"] = None
    line_template: ClassVar[str] = "store/lines/plain.html"

    class Meta:
        abstract = True

    @classmethod
    def kind(cls) -> ContentType:
        return ContentType.objects.get_for_model(cls)

    @classmethod
    def for_offers(cls, offer_ids: Iterable[int]) -> models.QuerySet[Any]:
        """The rows behind these offers, with what `title` needs, in a fixed number of queries."""
        return cls._default_manager.filter(offer_id__in=list(offer_ids))

    @property
    def legal_type(self) -> str:
        """Which right of withdrawal applies: see store.models.product.LegalType."""
        raise NotImplementedError

    @property
    def weight_g(self) -> int:
        """Weight of one unit in grams, 0 where nothing is shipped."""
        return 0

    def title(self, locale: str) -> str:
        """Its name for a buyer, in that language."""
        raise NotImplementedError

    def sku(self) -> str:
        """The owner's own code."""
        return ""

    def check_line(self, quantity: int, details: Mapping[str, Any]) -> None:
        """Raise a store.exceptions.CannotBeSold when this cannot be sold like that."""

    def fulfil(self, line: "OrderLine") -> None:
        """Give what was paid for. May run twice: makes its row under a unique key."""
        raise NotImplementedError

    def revoke(self, line: "OrderLine", quantity: int) -> None:
        """Take back `quantity` of what was given, after a refund or a cancellation. May run twice."""
        raise NotImplementedError
