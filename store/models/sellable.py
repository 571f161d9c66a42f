"""What every kind of thing on sale must answer. A new kind is one model, one template, one test."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from core import visible
from store.models.offer import Offer

if TYPE_CHECKING:
    from django.forms import Form
    from wagtail.models import Page

    from core.mail import Attachment
    from core.models import Photo
    from store.checkout import Buyer
    from store.models.order import OrderLine


class Sellable(models.Model):
    """Abstract, one-to-one to its Offer."""

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="%(class)s")

    needs_shipping: ClassVar[bool] = False
    needs_account: ClassVar[bool] = False
    excludes_delayed: ClassVar[bool] = False
    """Cannot wait days for its money: no SEPA debit in the same payment."""
    choice_form: ClassVar["type[Form] | None"] = None
    """What must be chosen before the basket: built as choice_form(data, sellable=…)."""
    details_form: ClassVar["type[Form] | None"] = None
    """What the recap asks: built as details_form(data, sellable=…, quantity=…, user=…, prefix=…)."""
    kept_details: ClassVar[frozenset[str]] = frozenset()
    """What of a line's details says nothing about a person and stays when they are erased."""
    counts_itself: ClassVar[bool] = False
    """Its units go other ways than out of the house: its own app's `verify` says what of its holds is owed."""
    says_its_state: ClassVar[bool] = False
    """Knows better than its window and pools what may be had of it: see `restate`."""
    mail_template: ClassVar[str] = ""
    """What the receipt shows of a paid line, without ".html" or ".txt": included with `line`. Empty: nothing more."""
    line_template: ClassVar[str] = ""
    """What the confirmation and the order's page show of a paid line: included with `line`. Empty: nothing more."""

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

    def action(self) -> str:
        """The words of its button."""
        return _("Buy")

    def consent(self) -> str:
        """The words of the last button where nothing is to be paid."""
        return self.action()

    def pages(self) -> "Iterable[Page]":
        """All pages, in every language, that show it."""
        return ()

    def told_as(self) -> list[models.Model]:
        """What a page that speaks of it refers to."""
        return [*self.pages(), self]

    def page_in(self, locale: str) -> "Page | None":
        """Its live page in that language, else in any."""
        return visible.in_language(self.pages(), locale)

    def picture(self) -> "Photo | None":
        """What the basket shows of it."""
        return None

    def essence(self, locale: str) -> str:
        """What it is, in one sentence, in another language rather than not at all (C. conso L221-14)."""
        return str(getattr(self.page_in(locale), "summary", ""))

    def lines_of(self, details: Mapping[str, Any], locale: str) -> list[str]:
        """The details of a line in words, for recap, order page and mail."""
        return []

    def recap(self, details: Mapping[str, Any], locale: str) -> list[str]:
        """The same before it is bought: more than `lines_of` for what order page and mail say in another place."""
        return self.lines_of(details, locale)

    def restate(self, found: tuple[str, str, int], at: datetime) -> tuple[str, str, int]:
        """(state, words, most that can be bought) as it is, where window and pools say `found`; never a query."""
        return found

    def files(self, line: "OrderLine") -> "list[Attachment]":
        """What goes with the receipt of a paid line."""
        return []

    def begins_at(self, details: Mapping[str, Any]) -> datetime | None:
        """When a service begins, where that is known (UTC): within 14 days the buyer is asked (C. conso L221-25)."""
        return None

    def told_at(self, details: Mapping[str, Any]) -> datetime | None:
        """The moment that the first line of `recap` tells, on the clock of its place: a reader elsewhere is told theirs beside it."""
        return None

    def grants(self, details: Mapping[str, Any]) -> frozenset[str]:
        """The audiences that having it in the basket gives to the other lines; none where it is for somebody else."""
        return frozenset()

    def check_line(self, quantity: int, details: Mapping[str, Any]) -> None:
        """Raise a store.exceptions.CannotBeSold when this cannot be sold like that."""

    def check_buyer(self, buyer: "Buyer", quantity: int, details: Mapping[str, Any]) -> None:
        """Raise CannotBeSold for who may not buy it; `quantity`: of all lines of the offer. In the placing transaction."""

    def hold(self, line: "OrderLine", *, ask_at: datetime) -> None:
        """Take what is scarce and in no pool; raise OutOfStock or CannotBeSold. May run twice."""

    def keep(self, line: "OrderLine") -> None:
        """Paid: what `hold` took is sold. May run twice."""

    def release(self, line: "OrderLine") -> None:
        """It will not be paid: what `hold` took is free. May run twice."""

    def has_hold(self, line: "OrderLine") -> bool:
        """Whether what `hold` takes is still taken for the line; yes where it takes nothing."""
        return True

    def follow(self, line: "OrderLine", subscription: Any) -> None:
        """The re-read subscription of a recurring line changed. May run twice."""

    def fulfil(self, line: "OrderLine") -> None:
        """Give what was paid for. May run twice: makes its row under a unique key."""
        raise NotImplementedError

    def worth(self, line: "OrderLine", units: int) -> int:
        """What so many units of a paid line give back in money, in minor units, before gestures."""
        return units * line.unit_amount

    def revoke(self, line: "OrderLine", quantity: int) -> None:
        """Take back `quantity` of what was given, after a refund or a cancellation. May run twice."""
        raise NotImplementedError
