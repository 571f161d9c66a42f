"""What is paid for again and again: one row for each subscription at Stripe. Written by store.subscriptions only."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Shop
from store.models.offer import Offer
from store.models.order import OrderLine


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Which subscriptions."""

    def for_shop(self, shop: Shop) -> Self:
        return self.filter(shop=shop)

    def alive(self) -> Self:
        """Stripe may still take money for these."""
        return self.filter(ended_at=None)

    def asked(self) -> Self:
        """Something that was asked here has not reached Stripe yet."""
        return self.filter(~models.Q(wish="") | models.Q(is_plan_asked=True) | models.Q(is_pause_asked=True))

    def locked(self) -> Self:
        """In key order, locked until the transaction ends."""
        return self.order_by("pk").select_for_update(of=("self",))


class Subscription(models.Model):
    """A recurring line that was paid. Status and periods are Stripe's, as they were read last (UTC)."""

    class Status(models.TextChoices):
        """Stripe's own words; `paused`: nothing is taken and the time paid for is over."""

        INCOMPLETE = "incomplete", _("first payment missing")
        INCOMPLETE_EXPIRED = "incomplete_expired", _("never begun")
        TRIALING = "trialing", _("on trial")
        ACTIVE = "active", _("active")
        PAST_DUE = "past_due", _("a payment failed")
        UNPAID = "unpaid", _("unpaid")
        CANCELED = "canceled", _("ended")
        PAUSED = "paused", _("paused")

    class Wish(models.TextChoices):
        """What was asked here and Stripe has not confirmed yet; it counts from the moment it was asked."""

        NONE = "", _("nothing")
        CANCEL = "cancel", _("to end with the period")
        RESUME = "resume", _("to go on")
        END = "end", _("to end now")

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="subscriptions")
    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="subscription")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="subscriptions"
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="subscriptions", help_text="What the running period is paid for."
    )
    next_offer = models.ForeignKey(
        Offer,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What the next period is for, if another.",
    )
    next_amount = models.PositiveIntegerField(
        null=True, help_text="What was agreed on for it, in minor units of the offer's currency."
    )
    is_plan_asked = models.BooleanField(default=False, help_text="Stripe has not confirmed the next offer yet.")
    is_pause_asked = models.BooleanField(
        default=False, help_text="Stripe has not confirmed the pause, or its end, yet."
    )
    turn = models.PositiveIntegerField(default=0, help_text="Rises with each reading and each word said here.")
    stripe_id = models.CharField(max_length=255, unique=True)
    customer = models.CharField(max_length=255, blank=True)
    status = models.CharField(_("state"), max_length=18, choices=Status.choices)
    wish = models.CharField(max_length=6, choices=Wish.choices, blank=True, default=Wish.NONE)
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    cancel_at_period_end = models.BooleanField(default=False)
    paused_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(default=timezone.now)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_end__gte=models.F("period_start")), name="subscription_period_forward"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="canceled") | models.Q(ended_at__isnull=False),
                name="subscription_end_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(is_plan_asked=False) | models.Q(next_offer__isnull=False),
                name="subscription_plan_asked_is_known",
            ),
        ]
        indexes = [models.Index(fields=["ended_at", "period_end"])]

    def __str__(self) -> str:
        return f"{self.line.title} ({self.get_status_display()})"

    @property
    def is_alive(self) -> bool:
        return self.ended_at is None

    @property
    def is_asked(self) -> bool:
        """Something that was asked here has not reached Stripe yet."""
        return bool(self.wish or self.is_plan_asked or self.is_pause_asked)

    @property
    def goes_on(self) -> bool:
        """Another period follows the running one: it is neither to end nor paused by then."""
        is_paused = self.paused_until is not None and self.paused_until > self.period_end
        return self.ended_at is None and not self.cancel_at_period_end and not is_paused

    @property
    def grace(self) -> timedelta:
        """How long a payment may be late before the door closes."""
        return timedelta(days=settings.SUBSCRIPTION_GRACE_DAYS)

    @property
    def open_until(self) -> datetime | None:
        """Until when what it is for is given; None: not now."""
        if self.ended_at or self.status in {self.Status.TRIALING, self.Status.ACTIVE}:
            ends = self.ended_at or self.period_end
            return ends if self.ended_at or not self.goes_on else ends + self.grace
        return self.period_start + self.grace if self.status == self.Status.PAST_DUE else None

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether what it is for is given at that moment."""
        until = self.open_until
        return until is not None and (at or timezone.now()) < until
