"""Withdrawals from a contract, as the law asks (C. conso L221-21, D221-5). Written by store.withdrawal only."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Shop
from store.models.order import Order


class Withdrawal(models.Model):
    """What somebody declared, stored before anything is looked up; matched to an order afterwards."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="withdrawals")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail for the receipt"))
    contract = models.CharField(_("order number or description"), max_length=200)
    words = models.TextField(_("what it is about"), max_length=2000, blank=True)
    locale = models.CharField(max_length=10, default="fr")
    received_at = models.DateTimeField(_("received"))
    digest = models.CharField(max_length=64)
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="withdrawals")
    receipt_from = models.DateTimeField(null=True, blank=True, help_text="UTC; empty: at once.")
    receipt_sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-received_at"]
