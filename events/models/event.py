"""What takes place: its date, room and state, which no page revision may bring back. Written by events.hosting only."""

import uuid
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Shop
from store.models import LegalType, Stock


def default_zone() -> str:
    """The zone in which the shop stands."""
    return str(settings.TIME_ZONE)


def known_zone(name: str) -> None:
    """Raise ValidationError for what is no name of a time zone."""
    if name not in available_timezones():
        raise ValidationError(_("This is no time zone: Europe/Paris, for instance."))


class EventQuerySet(models.QuerySet["Event"]):
    """Which events."""

    def for_shop(self, shop: Shop) -> Self:
        return self.filter(shop=shop)

    def coming(self, at: datetime | None = None) -> Self:
        """Not over, the next first."""
        return self.filter(ends_at__gt=at or timezone.now()).order_by("starts_at", "pk")

    def past(self, at: datetime | None = None) -> Self:
        """Over, the latest first."""
        return self.filter(ends_at__lte=at or timezone.now()).order_by("-starts_at", "-pk")

    def locked(self) -> Self:
        """In key order, locked until the transaction ends; seats and names on its list may be written meanwhile."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


class Event(models.Model):
    """One meeting at a date; all its pages, in every language, speak of this one."""

    class Kind(models.TextChoices):
        MEETUP = "meetup", _("meetup")
        FAIR = "fair", _("fair")
        COWORKING = "coworking", _("co-working day")
        TRAINING = "training", _("training")
        LUNCH = "lunch", _("lunch with customers")
        VISIT = "visit", _("visit to a maker")
        ONLINE = "online", _("online meeting")

    class State(models.TextChoices):
        """Moves: scheduled → moved → moved; scheduled or moved → cancelled, which is the end."""

        SCHEDULED = "scheduled", _("takes place")
        MOVED = "moved", _("moved to another date")
        CANCELLED = "cancelled", _("cancelled")

    class Refusal(models.TextChoices):
        """What a guest who cancels in time gets back."""

        REFUND = "refund", _("the price is given back")
        NOTHING = "nothing", _("the place is freed, the price is kept")
        NEVER = "never", _("a guest cannot cancel")

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="events")
    name = models.CharField(_("name"), max_length=160, help_text=_("For you; each page has its own title."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.MEETUP)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SCHEDULED)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    was_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The date before the last move (UTC)."
    )
    zone_name = models.CharField(_("time zone"), max_length=48, default=default_zone, validators=[known_zone])
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text="Rises with every change a calendar must see."
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    room = models.ForeignKey(
        Stock, verbose_name=_("places"), null=True, blank=True, on_delete=models.PROTECT, related_name="events",
        help_text=_("The pool that all kinds of tickets share; none: as many as come."),
    )  # fmt: skip
    capacity = models.PositiveIntegerField(_("places in all"), default=0, help_text=_("0: as many as come."))
    legal_type = models.CharField(
        _("right of withdrawal"), max_length=16, default=LegalType.DATED,
        choices=[row for row in LegalType.choices if row[0] in {LegalType.DATED, LegalType.SERVICE}],
        help_text=_("A training for work is no leisure: its buyer may withdraw for 14 days."),
    )  # fmt: skip

    venue_name = models.CharField(_("place"), max_length=160, blank=True)
    venue_address = models.CharField(_("street"), max_length=200, blank=True)
    venue_postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    venue_city = models.CharField(_("town"), max_length=80, blank=True)
    venue_country = models.CharField(_("country"), max_length=2, default="FR")
    online_url = models.URLField(
        _("link of the meeting"), blank=True, help_text=_("Shown only to those who have a seat.")
    )
    door_code = models.CharField(
        _("door code"), max_length=40, blank=True, help_text=_("Shown only to those who have a seat.")
    )
    host_name = models.CharField(_("who receives"), max_length=120, blank=True)
    host_phone = models.CharField(
        _("host's phone"), max_length=30, blank=True, help_text=_("Shown only to those who have a seat.")
    )

    cancel_hours = models.PositiveIntegerField(_("a guest may cancel until, in hours before"), default=24)
    on_cancel = models.CharField(
        _("who cancels in time"), max_length=8, choices=Refusal.choices, default=Refusal.REFUND
    )
    transfer_hours = models.PositiveIntegerField(_("a seat may be handed on until, in hours before"), default=2)
    transfer_fee = models.PositiveIntegerField(_("what another date costs"), default=0, help_text="In minor units.")
    offer_hours = models.PositiveIntegerField(_("a place offered to the waiting list stands, in hours"), default=24)
    has_waiting_list = models.BooleanField(_("with a waiting list"), default=True)
    shows_guests = models.BooleanField(
        _("show who comes"), default=False, help_text=_("First names only, and only of those who said yes.")
    )
    photos_url = models.URLField(
        _("photos"), blank=True, help_text=_("Where they can be seen; for the mail afterwards.")
    )
    after_offers = models.ManyToManyField(
        "store.Offer", verbose_name=_("what you offer afterwards"), blank=True, related_name="+"
    )
    reminded_at = models.DateTimeField(null=True, editable=False)
    thanked_at = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="event_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["shop", "starts_at"]), models.Index(fields=["ends_at"])]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def local_start(self) -> datetime:
        """On the clock of the place."""
        return self.starts_at.astimezone(self.zone)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.zone)

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_online(self) -> bool:
        return self.kind == self.Kind.ONLINE

    @property
    def is_homeless(self) -> bool:
        """Neither a place nor a link is known yet."""
        return not (self.venue_name or self.venue_address or self.online_url)

    def is_over(self, at: datetime | None = None) -> bool:
        return self.ends_at <= (at or timezone.now())

    @property
    def cancel_until(self) -> datetime:
        """Until when a guest may cancel (UTC)."""
        return self.starts_at - timedelta(hours=self.cancel_hours)

    @property
    def transfer_until(self) -> datetime:
        """Until when a seat may go to another person or date (UTC)."""
        return self.starts_at - timedelta(hours=self.transfer_hours)
