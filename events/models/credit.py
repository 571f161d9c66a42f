"""Hours paid in advance: packs on sale, what is left of each that was bought, and every move of it.

Credits and their moves are written by events.prepaid only.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models.coaching import Service
from store.models import LegalType, OrderLine, Sellable

if TYPE_CHECKING:
    from wagtail.models import Page


class HourPack(Sellable):
    """Several appointments of one service at once, each booked when its time comes."""

    excludes_delayed: ClassVar[bool] = True
    mail_template: ClassVar[str] = "events/emails/parts/pack"
    line_template: ClassVar[str] = "events/lines/pack.html"

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="packs")
    hours = models.PositiveSmallIntegerField(gettext_lazy("how many appointments"), default=5)
    months = models.PositiveSmallIntegerField(
        gettext_lazy("valid for … months"), default=12, help_text=gettext_lazy("0: without an end.")
    )

    class Meta:
        verbose_name = gettext_lazy("pack of appointments")
        verbose_name_plural = gettext_lazy("packs of appointments")
        ordering = ["service", "hours", "pk"]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=1), name="pack_of_several")]

    def __str__(self) -> str:
        return self.title("fr")

    @classmethod
    def for_offers(cls, offer_ids: Iterable[int]) -> models.QuerySet[Any]:
        rows = cls._default_manager.filter(offer_id__in=list(offer_ids)).select_related("service__calendar")
        return rows.prefetch_related("service__service_pages__locale")

    @property
    def legal_type(self) -> str:
        return str(LegalType.SERVICE)

    def title(self, locale: str) -> str:
        return f"{self.hours} × {self.service.title(locale)}"

    def pages(self) -> "Iterable[Page]":
        return self.service.pages()

    def told_as(self) -> list[models.Model]:
        return [*self.pages(), self.service]

    def essence(self, locale: str) -> str:
        words = _("%(n)s appointments, each booked when its time comes.") % {"n": self.hours}
        return words + (" " + _("Valid for %(n)s months.") % {"n": self.months} if self.months else "")

    def begins_at(self, details: Mapping[str, Any]) -> datetime | None:
        """At once: the first appointment may be tomorrow."""
        return timezone.now()

    def worth(self, line: OrderLine, units: int) -> int:
        from events import prepaid  # noqa: PLC0415 - verbs know models, not the reverse, but for these doors

        return prepaid.worth(line)

    def fulfil(self, line: OrderLine) -> None:
        from events import prepaid  # noqa: PLC0415

        prepaid.grant(self, line)

    def revoke(self, line: OrderLine, quantity: int) -> None:
        from events import prepaid  # noqa: PLC0415

        prepaid.withdraw(line)


class CreditQuerySet(models.QuerySet["Credit"]):
    """Which hours."""

    def usable(self) -> Self:
        """Something is left, and it has not ended."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), left__gt=0)


class Credit(models.Model):
    """What one paid pack is still worth in appointments: the sum of its moves."""

    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="credit")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="credits")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="credits"
    )
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    bought = models.PositiveSmallIntegerField()
    left = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = CreditQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left__gte=0, left__lte=F("bought")), name="credit_within_what_was_bought"
            ),
        ]
        indexes = [models.Index(fields=["user", "service"]), models.Index(fields=["email"])]

    def __str__(self) -> str:
        return f"{self.left}/{self.bought}"


class CreditMove(models.Model):
    """One change of a credit, never changed itself. `line`: the pack's own, or that of the appointment it paid."""

    class Reason(models.TextChoices):
        """Bought adds all at once; used takes one and returned adds it again; refunded takes what is left."""

        BOUGHT = "bought", gettext_lazy("bought")
        USED = "used", gettext_lazy("used")
        RETURNED = "returned", gettext_lazy("given back")
        REFUNDED = "refunded", gettext_lazy("paid back")

    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, related_name="moves")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="credit_moves")
    quantity = models.SmallIntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason="used", quantity=-1) | Q(reason="returned", quantity=1)
                | Q(reason="bought", quantity__gt=0) | Q(reason="refunded", quantity__lt=0),
                name="credit_move_goes_its_way",
            ),
            models.UniqueConstraint(fields=["credit"], condition=Q(reason="bought"), name="credit_bought_once"),
        ]  # fmt: skip
