"""Prices: append-only rows, which are the legal price history too. Written by store.pricing only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from store.models.offer import Offer


class Price(models.Model):
    """What an offer costs one audience from a moment on, VAT included, in minor units of offer.currency."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="prices")
    audience = models.CharField(_("for whom"), max_length=64, blank=True, default="")
    amount = models.PositiveBigIntegerField(_("price in minor units"))
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="price_not_negative"),
            models.UniqueConstraint(
                fields=["offer", "audience"], condition=models.Q(valid_until=None), name="one_open_price"
            ),
        ]
        indexes = [models.Index(fields=["offer", "audience", "valid_from"])]
