"""When the owner is busy elsewhere, read from calendars of hers. Written by events.busy only."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from events.models.coaching import Calendar


class BusySource(models.Model):
    """The address of a calendar file that somebody else keeps; what it says is taken is not offered here."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="busy_sources")
    address = models.CharField(
        gettext_lazy("address of the calendar"),
        max_length=500,
        help_text=gettext_lazy("The private address ending in .ics that your calendar gives: https://…"),
    )
    read_at = models.DateTimeField(null=True, editable=False, help_text="When it was last understood (UTC).")
    tried_at = models.DateTimeField(null=True, editable=False, help_text="When it was last asked for (UTC).")
    failure = models.CharField(max_length=20, blank=True, editable=False, help_text="Why the last try failed.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "address"], name="busy_source_once_a_calendar"),
            models.CheckConstraint(condition=Q(address__startswith="https://"), name="busy_source_is_https"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id}/{self.pk}"


class BusyTime(models.Model):
    """One stretch of time that a source says is taken; without words, for they are nobody's business here."""

    source = models.ForeignKey(BusySource, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="busy_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["source", "ends_at"])]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.pk}"
