"""How things reach the buyer: methods, zones and rates."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from core.models import Shop


class DeliveryMethod(ClusterableModel):
    """One way of delivery or pick-up."""

    class Kind(models.TextChoices):
        SHIP = "ship", _("sent to an address")
        PICKUP = "pickup", _("picked up")

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="delivery_methods")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.SHIP)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)
    free_from = models.PositiveBigIntegerField(
        _("free from"), null=True, blank=True, help_text=_("Total of goods in cents from which delivery is free.")
    )
    days_min = models.PositiveSmallIntegerField(_("delay in working days, from"), default=2)
    days_max = models.PositiveSmallIntegerField(_("to"), default=2)
    needs_phone = models.BooleanField(_("the carrier needs a phone number"), default=False)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_url = models.CharField(
        _("tracking address"), max_length=200, blank=True, help_text=_("With {number} where the number goes.")
    )
    pickup_address = models.TextField(_("pick-up: where"), blank=True)
    pickup_hours = models.TextField(_("pick-up: when"), blank=True)
    pickup_hours_en = models.TextField(_("pick-up: when, in English"), blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def label(self, locale: str) -> str:
        """Its name in that language."""
        return self.name_en if locale == "en" and self.name_en else self.name

    def hours(self, locale: str) -> str:
        """When goods can be picked up, in that language."""
        return self.pickup_hours_en if locale == "en" and self.pickup_hours_en else self.pickup_hours


class DeliveryRate(Orderable):
    """What a method costs to some countries up to a weight or a total; the first that fits is taken."""

    method = ParentalKey(DeliveryMethod, on_delete=models.CASCADE, related_name="rates")
    countries = models.JSONField(_("countries"), default=list, help_text=_("Codes such as FR, BE."))
    max_weight_g = models.PositiveIntegerField(_("up to (grams)"), null=True, blank=True)
    max_total = models.PositiveBigIntegerField(_("up to a total of (cents)"), null=True, blank=True)
    amount = models.PositiveBigIntegerField(_("price in cents"))

    class Meta(Orderable.Meta):
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
