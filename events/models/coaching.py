"""Hours of somebody's time: when they receive, what they offer, which quarters of an hour are taken and by whom.

Cells and bookings are written by events.coaching only.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Shop
from events.models.event import default_zone, known_zone
from events.models.seat import new_token
from store.models import LegalType, OrderLine, Sellable

if TYPE_CHECKING:
    from django.forms import Form
    from wagtail.models import Page

    from core.mail import Attachment

GRID = timedelta(minutes=15)


def on_grid(minutes: int) -> None:
    """Raise ValidationError for what is no whole number of quarters of an hour."""
    if minutes % 15:
        raise ValidationError(gettext_lazy("In quarters of an hour: 15, 30, 45…"))


class Weekday(models.IntegerChoices):
    """As datetime.weekday counts."""

    MONDAY = 0, gettext_lazy("Monday")
    TUESDAY = 1, gettext_lazy("Tuesday")
    WEDNESDAY = 2, gettext_lazy("Wednesday")
    THURSDAY = 3, gettext_lazy("Thursday")
    FRIDAY = 4, gettext_lazy("Friday")
    SATURDAY = 5, gettext_lazy("Saturday")
    SUNDAY = 6, gettext_lazy("Sunday")


class Calendar(models.Model):
    """One person's time, on the clock of one place: all that is offered in it shares its quarters of an hour."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="calendars")
    name = models.CharField(gettext_lazy("name"), max_length=80, default="", blank=True)
    zone_name = models.CharField(
        gettext_lazy("time zone"), max_length=48, default=default_zone, validators=[known_zone]
    )

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


class WeeklyHours(models.Model):
    """Open every week on that day, from one hour to another by the clock of the calendar's place."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(gettext_lazy("day"), choices=Weekday.choices)
    starts = models.TimeField(gettext_lazy("from"))
    ends = models.TimeField(gettext_lazy("to"))

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="hours_end_after_they_begin"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_on_a_weekday"),
        ]


class DayException(models.Model):
    """One date that is not like its weekday: closed, or open at these hours only."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="exceptions")
    date = models.DateField(gettext_lazy("date"))
    is_open = models.BooleanField(gettext_lazy("open"), default=False)
    starts = models.TimeField(gettext_lazy("from"), null=True, blank=True)
    ends = models.TimeField(gettext_lazy("to"), null=True, blank=True)

    class Meta:
        ordering = ["date", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(starts__isnull=False, ends__gt=F("starts")), name="open_day_has_hours"
            ),
            models.UniqueConstraint(fields=["calendar", "date"], condition=Q(is_open=False), name="closed_once_a_date"),
        ]


class Service(Sellable):
    """An appointment of so many minutes. Its price and whether it is on sale stand in its Offer."""

    excludes_delayed: ClassVar[bool] = True
    kept_details: ClassVar[frozenset[str]] = frozenset({"slot"})
    counts_itself: ClassVar[bool] = True
    mail_template: ClassVar[str] = "events/emails/parts/booking"
    line_template: ClassVar[str] = "events/lines/booking.html"

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(gettext_lazy("name"), max_length=120)
    name_en = models.CharField(gettext_lazy("name in English"), max_length=120, blank=True)
    description = models.TextField(gettext_lazy("what it is"), blank=True, max_length=400)
    description_en = models.TextField(gettext_lazy("the same in English"), blank=True, max_length=400)
    minutes = models.PositiveSmallIntegerField(gettext_lazy("length in minutes"), default=60, validators=[on_grid])
    step = models.PositiveSmallIntegerField(
        gettext_lazy("a beginning every … minutes"), default=30, validators=[on_grid]
    )
    buffer_before = models.PositiveSmallIntegerField(
        gettext_lazy("free before, in minutes"), default=0, validators=[on_grid]
    )
    buffer_after = models.PositiveSmallIntegerField(
        gettext_lazy("free after, in minutes"), default=15, validators=[on_grid]
    )
    notice_hours = models.PositiveSmallIntegerField(gettext_lazy("booked at least … hours before"), default=24)
    horizon_days = models.PositiveSmallIntegerField(gettext_lazy("open … days ahead"), default=42)
    change_hours = models.PositiveSmallIntegerField(gettext_lazy("moved or cancelled until … hours before"), default=24)
    place = models.CharField(gettext_lazy("place"), max_length=200, blank=True)
    place_en = models.CharField(gettext_lazy("place in English"), max_length=200, blank=True)
    online_url = models.URLField(
        gettext_lazy("link of the meeting"), blank=True, help_text=gettext_lazy("Shown only to those who booked.")
    )

    class Meta:
        verbose_name = gettext_lazy("service")
        verbose_name_plural = gettext_lazy("services")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0, step__gt=0), name="service_lasts"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def for_offers(cls, offer_ids: Iterable[int]) -> models.QuerySet[Any]:
        return (
            cls._default_manager.filter(offer_id__in=list(offer_ids))
            .select_related("calendar")
            .prefetch_related("service_pages__locale")
        )

    def pages(self) -> "Iterable[Page]":
        return self.service_pages.all()

    @property
    def legal_type(self) -> str:
        return str(LegalType.SERVICE)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    def title(self, locale: str) -> str:
        return self.name_en if locale == "en" and self.name_en else self.name

    def essence(self, locale: str) -> str:
        return self.description_en if locale == "en" and self.description_en else self.description

    def where(self, locale: str) -> str:
        """The place as the owner names it; nothing where they meet by a link."""
        return self.place_en if locale == "en" and self.place_en else self.place

    def action(self) -> str:
        return _("Choose a time")

    def consent(self) -> str:
        return _("Book")

    def files(self, line: OrderLine) -> "list[Attachment]":
        from events import appointments  # noqa: PLC0415 - verbs know models, not the reverse, but for these doors

        return appointments.files_of(line)

    def begins_at(self, details: Mapping[str, Any]) -> datetime | None:
        from events import coaching  # noqa: PLC0415

        return coaching.moment_of(details)

    def told_at(self, details: Mapping[str, Any]) -> datetime | None:
        start = self.begins_at(details)
        return start and start.astimezone(self.calendar.zone)

    def lines_of(self, details: Mapping[str, Any], locale: str) -> list[str]:
        from events import appointments  # noqa: PLC0415

        return appointments.lines_of(self, details, locale)

    @property
    def details_form(self) -> "type[Form]":  # type: ignore[override]
        from events.forms_coaching import CreditForm  # noqa: PLC0415

        return CreditForm

    @property
    def choice_form(self) -> "type[Form]":  # type: ignore[override]
        from events.forms_coaching import SlotForm  # noqa: PLC0415

        return SlotForm

    def check_line(self, quantity: int, details: Mapping[str, Any]) -> None:
        from events import coaching  # noqa: PLC0415

        coaching.check_line(self, quantity, details)

    def hold(self, line: OrderLine, *, ask_at: datetime) -> None:
        from events import coaching  # noqa: PLC0415

        coaching.hold(self, line)

    def keep(self, line: OrderLine) -> None:
        CalendarCell.objects.filter(line=line).update(is_kept=True)

    def release(self, line: OrderLine) -> None:
        from events import coaching  # noqa: PLC0415

        if not CalendarCell.objects.filter(line=line, is_kept=True).exists():
            coaching.release(line)

    def has_hold(self, line: OrderLine) -> bool:
        return CalendarCell.objects.filter(line=line).exists()

    def fulfil(self, line: OrderLine) -> None:
        from events import coaching  # noqa: PLC0415

        coaching.book(self, line)

    def revoke(self, line: OrderLine, quantity: int) -> None:
        from events import coaching  # noqa: PLC0415

        coaching.revoke(line)


class CalendarCell(models.Model):
    """A quarter of an hour that is promised to a line; the constraint is what makes it promised once."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="cells")
    starts_at = models.DateTimeField(help_text="On the grid of quarters of an hour (UTC).")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="cells")
    is_kept = models.BooleanField(default=False, help_text="It is paid for.")

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["calendar", "starts_at"], name="cell_promised_once")]


class BookingQuerySet(models.QuerySet["Booking"]):
    """Which appointments."""

    def for_shop(self, shop: Shop) -> Self:
        return self.filter(service__calendar__shop=shop)

    def for_user(self, user: Any) -> Self:
        return self.filter(user=user) if user.is_authenticated else self.none()

    def live(self) -> Self:
        return self.filter(state=Booking.State.BOOKED)


class Booking(models.Model):
    """One appointment of one customer; moving it keeps the row, its token and its place in calendars."""

    class State(models.TextChoices):
        """Moves: booked → cancelled, which is the end."""

        BOOKED = "booked", gettext_lazy("booked")
        CANCELLED = "cancelled", gettext_lazy("cancelled")

    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="booking")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField(gettext_lazy("begins"))
    ends_at = models.DateTimeField(gettext_lazy("ends"))
    covers_from = models.DateTimeField(editable=False, help_text="With what is kept free before (UTC).")
    covers_until = models.DateTimeField(editable=False, help_text="With what is kept free after (UTC).")
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=State.choices, default=State.BOOKED, editable=False
    )
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="bookings"
    )
    name = models.CharField(gettext_lazy("name"), max_length=120, blank=True)
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    locale = models.CharField(max_length=10, default="fr")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    made_at = models.DateTimeField(default=timezone.now)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("appointment")
        verbose_name_plural = gettext_lazy("appointments")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["state", "starts_at"]), models.Index(fields=["email"])]

    def __str__(self) -> str:
        return f"{self.service_id}/{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state == self.State.BOOKED

    @property
    def local_start(self) -> datetime:
        """On the clock of its place."""
        return self.starts_at.astimezone(self.service.calendar.zone)

    @property
    def change_until(self) -> datetime:
        """Until when its customer may move or cancel it (UTC)."""
        return self.starts_at - timedelta(hours=self.service.change_hours)
