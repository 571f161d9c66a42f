"""Addresses where something once stood: the answer there is 410, with what took its place. Written by store.gone only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from store.models.product import Product


class GoneAddress(models.Model):
    """What stood at a path before it was taken away."""

    path = models.CharField(_("address"), max_length=500, unique=True)
    title = models.CharField(_("what stood there"), max_length=255)
    product = models.ForeignKey(
        Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    next_page = models.ForeignKey(
        Page, verbose_name=_("what took its place"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    gone_at = models.DateTimeField(_("since"), auto_now=True)

    class Meta:
        verbose_name = _("gone page")
        verbose_name_plural = _("gone pages")
        ordering = ["-gone_at"]

    def __str__(self) -> str:
        return f"{self.title} ({self.path})"
