"""The basket: lines from several articles and pages, each with its source. Written by store.cart only."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Shop
from store.models.offer import Offer


class Source(models.Model):
    """Abstract: which page sold this. The page may go; what it was called stays."""

    source_page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source_key = models.UUIDField(null=True, blank=True, help_text="Translation key: all languages count as one.")
    source_title = models.CharField(max_length=255, blank=True)
    source_locale = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True

    def source_fields(self) -> dict[str, object]:
        """What a later row copies."""
        names = ("source_page_id", "source_key", "source_title", "source_locale")
        return {name: getattr(self, name) for name in names}


class Cart(models.Model):
    """What somebody means to buy. `direct` carts hold the one thing bought at once from an article."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="carts")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="carts"
    )
    is_direct = models.BooleanField(default=False)
    is_ordered = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("basket")
        verbose_name_plural = _("baskets")
        indexes = [models.Index(fields=["updated_at"])]


class CartLine(Source):
    """So many units of one offer, from one source, with the same details."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    details = models.JSONField(default=dict, blank=True)
    details_key = models.CharField(max_length=64, blank=True, default="")
    source_slot = models.CharField(
        max_length=36, blank=True, default="", help_text="source_key as text, for uniqueness"
    )
    unit_seen = models.PositiveBigIntegerField(
        help_text="Price in minor units when it was put in, to tell of a change."
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="cart_line_of_something"),
            models.UniqueConstraint(
                fields=["cart", "offer", "source_slot", "details_key"], name="one_line_per_offer_source_details"
            ),
        ]
