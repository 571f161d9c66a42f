"""What is due by the clock: reminders, the mail of the day after, offers not answered, busy times. Safe at any time, twice."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from events import afterwards, busy, hosting, tasks, waiting
from events.models import Booking, Event
from members import mailing
from store.models import MailSent

BEFORE = timedelta(hours=30)
AFTER = timedelta(hours=14)
FORGOTTEN = timedelta(days=7)


def run() -> None:
    """All that is due now."""
    waiting.sweep()
    remind()
    remind_of_hours()
    thank()
    busy.due(timezone.now())


def remind() -> int:
    """One reminder to every guest, a day before; returns how many mails."""
    now = timezone.now()
    due = Event.objects.filter(reminded_at=None, starts_at__gt=now, starts_at__lte=now + BEFORE)
    return sum(
        _tell(event, "reminded_at", f"reminder:{event.sequence}") for event in due.exclude(state=Event.State.CANCELLED)
    )


def remind_of_hours() -> int:
    """One reminder of each appointment, a day before; none where it was made or moved within that day. How many are due."""
    now = timezone.now()
    coming = Booking.objects.live().filter(starts_at__gt=now, starts_at__lte=now + BEFORE)
    rows = list(coming.filter(changed_at__lt=F("starts_at") - BEFORE).select_related("line"))
    orders = [row.line.order_id for row in rows]
    sent = set(MailSent.objects.filter(order__in=orders, key__startswith="booking:").values_list("key", flat=True))
    due = [
        row
        for row in rows
        if f"booking:{row.pk}:reminder:{row.sequence}" not in sent and mailing.wants(row.email, mailing.Kind.REMINDERS)
    ]
    for row in due:
        tasks.booking_mail.enqueue(row.pk, f"reminder:{row.sequence}")
    return len(due)


def thank() -> int:
    """The mail of the day after, where the owner wrote one; returns how many."""
    now = timezone.now()
    due = Event.objects.filter(thanked_at=None, ends_at__lte=now - AFTER, ends_at__gt=now - FORGOTTEN)
    written = [event for event in due.exclude(state=Event.State.CANCELLED) if afterwards.is_written(event)]
    return sum(_tell(event, "thanked_at", "after") for event in written)


@transaction.atomic
def _tell(event: Event, mark: str, kind: str) -> int:
    """Mark the event and enqueue its mails together: both or neither."""
    fresh = Event.objects.locked().get(pk=event.pk)
    if getattr(fresh, mark):
        return 0
    Event.objects.filter(pk=event.pk).update(**{mark: timezone.now()})
    return hosting.tell(afterwards.guests(fresh), kind) if kind == "after" else hosting.tell_guests(fresh, kind)
