"""Today's appointments, for the owner's desk."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import dates
from core.models import Shop
from events.models import Booking, BusySource
from store.desk import Todo

SHOWN = 10


def todo(shop: Shop) -> Iterator[Todo]:
    """One entry for what is left of today, with the hours."""
    now = timezone.now()
    end = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rows = list(
        Booking.objects.for_shop(shop).live().filter(ends_at__gt=now, starts_at__lt=end).select_related("service__calendar")[:SHOWN]
    )  # fmt: skip
    if rows:
        title = ngettext("%(n)s appointment today", "%(n)s appointments today", len(rows)) % {"n": len(rows)}
        said = [f"{dates.hour(row.starts_at.astimezone(row.service.calendar.zone))} {row.name}" for row in rows]
        yield Todo("coaching", title, ", ".join(said), reverse("meetings:appointments"), _("Look"), 61, len(rows))
    yield from _unread(shop)


def _unread(shop: Shop) -> Iterator[Todo]:
    """Calendars of the owner's that say nothing any more."""
    count = BusySource.objects.filter(calendar__shop=shop).exclude(failure="").count()
    if count:
        title = ngettext("A calendar of yours cannot be read", "%(n)s calendars of yours cannot be read", count)
        detail = _("Hours that you take there may be offered here.")
        yield Todo(
            "busy", title % {"n": count}, detail, reverse("meetings:hours"), _("Look"), 62, count, "events.view_event"
        )
