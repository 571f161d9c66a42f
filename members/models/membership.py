"""The club: its tiers, the plans by which one joins, who belongs and why. Written by members.joining only."""

import secrets
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Shop
from store.exceptions import CannotBeSold
from store.models import LegalType, OrderLine, Sellable, Subscription

if TYPE_CHECKING:
    from store.checkout import Buyer

MEMBER = "member"
"""The audience of everybody who belongs, whatever the tier."""
DIGITS = "23456789"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_number() -> str:
    """To say at a counter: "K7-4829", without figures and letters that look alike."""
    head = secrets.choice(LETTERS) + secrets.choice(DIGITS)
    return f"{head}-{''.join(secrets.choice(DIGITS) for _n in range(5))}"


class Tier(models.Model):
    """One way to belong: what it is called and what it promises."""

    class Colour(models.TextChoices):
        BLUE = "blue", _("blue")
        RED = "red", _("red")
        GREEN = "green", _("green")

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="tiers")
    slug = models.SlugField(_("short name"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    promise = models.CharField(_("what one gets, in one line"), max_length=160, blank=True)
    promise_en = models.CharField(_("the same in English"), max_length=160, blank=True)
    colour = models.CharField(_("colour of the plate"), max_length=8, choices=Colour.choices, default=Colour.BLUE)
    pause_months = models.PositiveSmallIntegerField(
        _("longest pause, in months"),
        default=3,
        validators=[MaxValueValidator(12)],
        help_text=_("For who pays by the month; 0: no pause."),
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("tier of the club")
        verbose_name_plural = _("tiers of the club")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["shop", "slug"], name="tier_once_a_shop")]

    def __str__(self) -> str:
        return self.name

    def title(self, locale: str) -> str:
        return self.name_en if locale == "en" and self.name_en else self.name

    def words(self, locale: str) -> str:
        """Its promise in that language."""
        return self.promise_en if locale == "en" and self.promise_en else self.promise

    @property
    def audience(self) -> str:
        """Who belongs to this tier, for prices and reading."""
        return f"tier:{self.slug}"


class Plan(Sellable):
    """A tier for a time and a price: by the month, by the year (offer.interval), for some months, or for good."""

    line_template = "members/line.html"

    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="plans")
    months = models.PositiveSmallIntegerField(
        _("months"), default=0, help_text=_("Of a membership that is paid once; 0: it renews itself, or never ends.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("membership on sale")
        verbose_name_plural = _("memberships on sale")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title("fr")

    @classmethod
    def for_offers(cls, offer_ids: Iterable[int]) -> models.QuerySet[Any]:
        return cls._default_manager.filter(offer_id__in=list(offer_ids)).select_related("tier", "offer")

    @property
    def details_form(self) -> Any:  # type: ignore[override]
        """A membership that is paid once may be a gift."""
        from members.forms import GiftForm  # noqa: PLC0415 - forms know models, not the reverse, but for this door

        return None if self.offer.interval else GiftForm

    @property
    def legal_type(self) -> str:
        return LegalType.MEMBERSHIP

    def label(self, locale: str) -> str:
        """For how long, in words."""
        if self.offer.interval == "month":
            return gettext("each month")
        if self.offer.interval == "year":
            return gettext("each year")
        return gettext("%(n)s months") % {"n": self.months} if self.months else gettext("for good")

    def title(self, locale: str) -> str:
        return f"{self.tier.title(locale)} ({self.label(locale)})"

    def sku(self) -> str:
        return f"club-{self.tier.slug}-{self.pk}"

    def action(self) -> str:
        return gettext("Join")

    def essence(self, locale: str) -> str:
        words = self.tier.words(locale)
        return words + (" " + gettext("It renews itself until you leave.") if self.offer.interval else "")

    def begins_at(self, details: Mapping[str, Any]) -> datetime | None:
        """It begins at once: the buyer is asked for it (C. conso L221-25)."""
        return timezone.now()

    def grants(self, details: Mapping[str, Any]) -> frozenset[str]:
        return frozenset() if details.get("gift_email") else frozenset({MEMBER, self.tier.audience})

    def lines_of(self, details: Mapping[str, Any], locale: str) -> list[str]:
        email = details.get("gift_email")
        return [gettext("A gift for %(who)s") % {"who": details.get("gift_name") or email}] if email else []

    def check_line(self, quantity: int, details: Mapping[str, Any]) -> None:
        if quantity > 1:
            raise CannotBeSold(self.offer, "too_many", gettext("A membership is bought one at a time."))

    def check_buyer(self, buyer: "Buyer", quantity: int, details: Mapping[str, Any]) -> None:
        """Nobody pays twice for what renews itself, nor for what never ends."""
        from members import joining  # noqa: PLC0415

        self.check_line(quantity, details)
        if not details.get("gift_email") and joining.has_for_good(buyer, self.tier):
            raise CannotBeSold(self.offer, "member", gettext("You belong already: your account shows your card."))

    def fulfil(self, line: OrderLine) -> None:
        from members import joining  # noqa: PLC0415

        joining.grant(line)

    def revoke(self, line: OrderLine, quantity: int) -> None:
        from members import joining  # noqa: PLC0415

        joining.revoke(line)

    def follow(self, line: OrderLine, subscription: Any) -> None:
        from members import joining  # noqa: PLC0415

        joining.follow(line, subscription, self.tier)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Who belongs."""

    def open(self) -> Self:
        """Not ended: at most one for a person and tier."""
        return self.exclude(state=Membership.State.ENDED)

    def contracts(self) -> Self:
        """Open, or over for want of payment while its subscription lives: it may be paid, or ended, any day."""
        living = Subscription.objects.alive().filter(line__membership_grant__membership=models.OuterRef("pk"))
        return self.filter(~models.Q(state=Membership.State.ENDED) | models.Exists(living))

    def in_force(self, at: datetime | None = None) -> Self:
        """Those that open doors at that moment."""
        at = at or timezone.now()
        until = models.Q(ends_at=None) | models.Q(ends_at__gt=at)
        return self.filter(until, state=Membership.State.ACTIVE, starts_at__lte=at)

    def for_user(self, user: Any) -> Self:
        return self.filter(user=user) if user.is_authenticated else self.none()

    def of(self, email: str, user_id: int | None) -> Self:
        """Those of an address, and those of its person where they are known; of neither: none."""
        mine = models.Q(pk=None)
        if email:
            mine |= models.Q(email__iexact=email)
        if user_id:
            mine |= models.Q(user=user_id)
        return self.filter(mine)


class Membership(models.Model):
    """One person in one tier. `user` is None until who was given it, or bought it as a guest, has an account."""

    class State(models.TextChoices):
        """Moves: active ↔ paused; either → ended, and ended → active by a new grant only."""

        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships"
    )
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    locale = models.CharField(max_length=10, default="fr")
    number = models.CharField(_("number"), max_length=12, unique=True, default=new_number, editable=False)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ACTIVE)
    starts_at = models.DateTimeField(_("since"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    renews = models.BooleanField(_("renews itself"), default=False)
    is_late = models.BooleanField(_("its last payment failed"), default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "email"], condition=models.Q(state__in=["active", "paused"]), name="belongs_once"
            ),
            models.UniqueConstraint(
                fields=["tier", "user"], condition=models.Q(state__in=["active", "paused"]), name="one_card_a_tier"
            ),
        ]
        indexes = [models.Index(fields=["user", "state"]), models.Index(fields=["email"])]

    def __str__(self) -> str:
        return self.number

    @property
    def is_for_good(self) -> bool:
        """It stands by what was granted, and never ends."""
        is_open = self.state != self.State.ENDED and self.ends_at is None
        return is_open and self.grants.filter(revoked_at=None).exists()

    def is_in_force(self, at: datetime | None = None) -> bool:
        at = at or timezone.now()
        return self.state == self.State.ACTIVE and self.starts_at <= at and (self.ends_at is None or self.ends_at > at)


class Grant(models.Model):
    """Why somebody belongs: a paid line, or the owner's gift. One for each line, for ever."""

    class Reason(models.TextChoices):
        BOUGHT = "bought", _("bought")
        GIFT = "gift", _("a gift")
        COMP = "comp", _("by the house")

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="grants")
    line = models.OneToOneField(
        OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="membership_grant"
    )
    reason = models.CharField(max_length=8, choices=Reason.choices)
    months = models.PositiveSmallIntegerField(default=0, help_text="0: renews itself, or never ends.")
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason="comp") | models.Q(line__isnull=False), name="bought_or_by_the_house"
            ),
        ]


GRACE = timedelta(days=settings.SUBSCRIPTION_GRACE_DAYS)
"""How long somebody whose renewal failed still belongs, while Stripe tries again."""


class Termination(models.Model):
    """Somebody ended their contract (C. conso L215-1-1): what was said and when. Written by members.leaving only."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="terminations")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    contract = models.CharField(_("card or order number"), max_length=60)
    locale = models.CharField(max_length=10, default="fr")
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="terminations"
    )
    received_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("end of a contract")
        verbose_name_plural = _("ends of contracts")
        ordering = ["-received_at", "-pk"]

    @property
    def is_at_once(self) -> bool:
        """It ended with the notice: its buyer had not been told of the renewal (C. conso L215-1)."""
        return self.ends_at is not None and self.ends_at <= self.received_at + timedelta(minutes=1)
