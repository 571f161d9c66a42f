"""Money as Stripe tells it: payments, refunds and the events that spoke of them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from store.models.attempt import Attempt
from store.models.order import Order, OrderLine


class Payment(models.Model):
    """Money that came in, once per session or invoice of a subscription. Amounts in minor units of `currency`.

    Written by store.orders, and for renewals by store.renewals.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    attempt = models.OneToOneField(Attempt, null=True, on_delete=models.PROTECT, related_name="payment")
    invoice_id = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001 - unique, and most have none
    intent_id = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001 - unique, and many have none
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    livemode = models.BooleanField(default=False)
    refunded = models.PositiveBigIntegerField(default=0, help_text="As Stripe's charge says, never a sum of events.")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refunded__lte=models.F("amount")), name="payment_refund_within_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(attempt__isnull=False) | models.Q(invoice_id__isnull=False),
                name="payment_of_session_or_invoice",
            ),
        ]


class Refund(models.Model):
    """Money given back, or meant to be. Written by store.refunds only."""

    class State(models.TextChoices):
        """Moves: asked → pending → succeeded or failed; asked → succeeded or failed; succeeded → failed."""

        ASKED = "asked", _("asked for")
        PENDING = "pending", _("on its way")
        SUCCEEDED = "succeeded", _("done")
        FAILED = "failed", _("failed")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="refunds")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    refund_id = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001 - unique, and many have none
    amount = models.PositiveBigIntegerField()
    shipping = models.PositiveBigIntegerField(default=0, help_text="The part of `amount` that is for delivery.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=200, blank=True)
    restock = models.BooleanField(default=False)
    error = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_of_something")]


class RefundLine(models.Model):
    """The part of a refund that is for one order line; `quantity` 0: a gesture, nothing comes back."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="refunds")
    quantity = models.PositiveIntegerField(default=0)
    amount = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once")]


class StripeEvent(models.Model):
    """A notice from Stripe, kept under its own id so that it has one effect or none."""

    event_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=255, blank=True)
    livemode = models.BooleanField(default=False)
    body = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["handled_at", "received_at"])]
