"""Who has a seat, who waits for one and who came in. Seats are written by events.admission and events.moving only."""

import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.ticket import Ticket
from store.models import OrderLine


def new_token() -> str:
    """Unguessable, and short enough for a QR code that a phone reads in bad light: 128 bits."""
    return secrets.token_urlsafe(16)


class SeatQuerySet(models.QuerySet["Seat"]):
    """Which seats."""

    def taken(self) -> Self:
        """Somebody may come with it."""
        return self.filter(state=Seat.State.VALID)

    def for_user(self, user: Any) -> Self:
        """Those of a signed-in person: bought by them, or handed on to them."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class Seat(models.Model):
    """One place of one guest. A new row, with a new token, for whoever it is handed on to."""

    class State(models.TextChoices):
        """Moves: held → valid → cancelled or transferred. Having come in is a CheckIn, not a state."""

        HELD = "held", _("to be confirmed")
        VALID = "valid", _("valid")
        CANCELLED = "cancelled", _("cancelled")
        TRANSFERRED = "transferred", _("handed on")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="seats")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="seats")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveIntegerField(help_text="In its line, from 1.")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.VALID)
    holder = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="seats"
    )
    locale = models.CharField(max_length=10, default="fr")
    answers = models.JSONField(default=dict, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    is_named_publicly = models.BooleanField(_("shown among who comes"), default=False)
    difference = models.PositiveBigIntegerField(
        default=0, help_text="Paid beyond the line's price, for a dearer date; minor units."
    )
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by", editable=False
    )
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Cancelled or handed on (UTC).")

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["line", "number"]
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="one_seat_a_number_of_a_line")]
        indexes = [models.Index(fields=["event", "state"]), models.Index(fields=["email"])]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.number}"

    @property
    def is_valid(self) -> bool:
        return self.state == self.State.VALID

    @property
    def paid(self) -> int:
        """What it cost, in minor units: its line's price, and what a dearer date cost more."""
        return self.line.unit_amount + self.difference

    @property
    def first_name(self) -> str:
        """All that "who comes" may show."""
        return self.holder.split(" ")[0]

    @property
    def reference(self) -> str:
        """To say at the door: the order's number and which of its seats."""
        return f"{self.line.order.number}-{self.number}"


class WaitingEntry(models.Model):
    """So many people who wait together for a kind of ticket. Its place is its key: first come, first offered."""

    class State(models.TextChoices):
        """Moves: waiting → offered → taken or lapsed; waiting or offered → left."""

        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("a place is offered")
        TAKEN = "taken", _("took it")
        LAPSED = "lapsed", _("did not answer in time")
        LEFT = "left", _("left the list")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="waiting")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="waiting")
    size = models.PositiveSmallIntegerField(_("how many"))
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    locale = models.CharField(max_length=10, default="fr")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    joined_at = models.DateTimeField(default=timezone.now)
    set_aside = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Places taken out of the room for them."
    )
    told = models.JSONField(default=list, editable=False, help_text="Kinds of the mails that were sent.")
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_until = models.DateTimeField(null=True, blank=True)
    line = models.OneToOneField(
        OrderLine, null=True, blank=True, on_delete=models.SET_NULL, related_name="waiting", editable=False
    )

    class Meta:
        verbose_name = _("entry of the waiting list")
        verbose_name_plural = _("waiting list")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="waiting_for_something"),
            models.UniqueConstraint(
                fields=["event", "email"], condition=models.Q(state__in=["waiting", "offered"]), name="waits_once"
            ),
            models.CheckConstraint(condition=models.Q(set_aside__lte=models.F("size")), name="set_aside_within_size"),
            models.CheckConstraint(
                condition=models.Q(set_aside=0) | models.Q(state__in=["waiting", "offered"]),
                name="set_aside_while_waiting",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="offered") | models.Q(offer_until__isnull=False), name="offer_has_an_end"
            ),
        ]
        indexes = [models.Index(fields=["event", "state"]), models.Index(fields=["state", "offer_until"])]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.pk}"


class CheckIn(models.Model):
    """A guest came in: one row for each time a device said so, in the order in which it happened there."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="checkins")
    at = models.DateTimeField(help_text="On the device's clock (UTC).")
    key = models.CharField(max_length=64, unique=True, help_text="Made by the device: the same one twice is one.")
    device = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=models.Q(undone_at=None), name="comes_in_once"),
        ]

    def __str__(self) -> str:
        return self.key
