"""What the meetings ask of the owner today. Reads only; a fixed number of queries."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import Shop
from events import cards, coaching_desk
from events.models import Event, Seat, WaitingEntry
from store.desk import Todo
from store.models import Order

SOON = timedelta(days=7)


def todo(shop: Shop) -> Iterator[Todo]:
    """Seats to confirm, cancellations that failed, lists that wait, and who comes within a week."""
    yield from _to_confirm(shop)
    yield from _failed(shop)
    yield from _waiting(shop)
    yield from _soon(shop)
    yield from coaching_desk.todo(shop)


def _to_confirm(shop: Shop) -> Iterator[Todo]:
    """Paid, and the seat is not made: the order has its own entry; this one says for which event."""
    stuck = (
        Order.objects.for_shop(shop).needing_attention().filter(lines__offer__ticket__isnull=False, lines__seats=None)
    )
    count = stuck.distinct().count()
    if count:
        title = ngettext("%(n)s order waits for its seat", "%(n)s orders wait for their seats", count) % {"n": count}
        yield Todo(
            "seats",
            title,
            _("Decide about the order: its seats follow."),
            reverse("owner:orders") + "?attention=any",
            _("Decide"),
            92,
            count,
        )


def _failed(shop: Shop) -> Iterator[Todo]:
    """A cancelled event of which seats still stand."""
    late = timezone.now() - timedelta(minutes=10)
    rows: Any = Event.objects.for_shop(shop).filter(state=Event.State.CANCELLED, changed_at__lt=late)
    rows = rows.annotate(standing=Count("seats", filter=Q(seats__state=Seat.State.VALID)))
    for event in rows.filter(standing__gt=0)[:5]:
        title = _("%(event)s: not everybody got their money back") % {"event": event.name}
        yield Todo("cancelled", title, "", reverse("meetings:event", args=[event.pk]), _("Look"), 91, event.standing)


def _waiting(shop: Shop) -> Iterator[Todo]:
    """People wait: more chairs may be put out."""
    rows: Any = Event.objects.for_shop(shop).coming().filter(waiting__state=WaitingEntry.State.WAITING)
    rows = rows.annotate(people=Sum("waiting__size", filter=Q(waiting__state=WaitingEntry.State.WAITING)))
    for event in rows.distinct()[:5]:
        title = ngettext("%(event)s: %(n)s person waits", "%(event)s: %(n)s people wait", event.people) % {
            "event": event.name, "n": event.people,
        }  # fmt: skip
        yield Todo(
            "waiting",
            title,
            _("More chairs, or a second date?"),
            reverse("meetings:event", args=[event.pk]),
            _("Open"),
            45,
            event.people,
        )


def _soon(shop: Shop) -> Iterator[Todo]:
    """Within seven days, with how many come."""
    now = timezone.now()
    rows: Any = (
        Event.objects.for_shop(shop).coming(now).filter(starts_at__lt=now + SOON).exclude(state=Event.State.CANCELLED)
    )
    for event in rows.annotate(coming_now=Count("seats", filter=Q(seats__state=Seat.State.VALID)))[:5]:
        words = ngettext("%(n)s person comes", "%(n)s people come", event.coming_now) % {"n": event.coming_now}
        detail = f"{cards.when(event)}, {words}"
        yield Todo(
            "soon",
            event.name,
            detail,
            reverse("meetings:roster", args=[event.pk]),
            _("Who comes"),
            60,
            event.coming_now,
        )
