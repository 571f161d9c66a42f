"""Attempts to pay an order: each is one Checkout Session at Stripe, written down before it is asked for."""

import uuid
from typing import Self

from django.db import models

from store.models.order import Order


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Which attempts."""

    def unsettled(self) -> Self:
        """Stripe may still take money for these."""
        return self.filter(state__in=[Attempt.State.OPENING, Attempt.State.OPEN, Attempt.State.COMPLETE])


class Attempt(models.Model):
    """One Checkout Session. `params` is exactly what Stripe is sent, also when it is sent again."""

    class State(models.TextChoices):
        """Moves: opening → open → complete → settled; opening or open → expired; opening → failed."""

        OPENING = "opening"
        OPEN = "open"
        COMPLETE = "complete"
        SETTLED = "settled"
        EXPIRED = "expired"
        FAILED = "failed"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPENING)
    is_hosted = models.BooleanField(default=False)
    session_id = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001 - unique, and many have none
    livemode = models.BooleanField(default=False)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    params = models.JSONField()
    idempotency_key = models.CharField(max_length=255, unique=True)
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    error = models.CharField(max_length=200, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(state__in=["opening", "open"]), name="one_open_attempt_per_order"
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_at"])]
