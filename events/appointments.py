"""Appointments in words, as cards and as calendar files."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

import icalendar
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from core import dates, here
from core import head as heads
from core.mail import Attachment
from core.models import Shop
from events import calendar, coaching, links
from events.models import Booking, HourPack, Service
from store import offers
from store.models import Offer, OrderLine

Days = list[tuple[str, list[tuple[str, str]]]]


def by_day(service: Service, slots: Iterable[datetime]) -> Days:
    """[(day, [(value, hour)])] by the clock of the calendar's place."""
    days: dict[str, list[tuple[str, str]]] = {}
    for slot in slots:
        local = slot.astimezone(service.calendar.zone)
        days.setdefault(dates.words(local.date(), "l j F Y"), []).append((coaching.said(slot), dates.hour(local)))
    return list(days.items())


def when_words(service: Service) -> str:
    """Above the times: on whose clock they are."""
    return _("When? (time in %(zone)s)") % {"zone": dates.town(service.calendar.zone_name)}


def when(service: Service, starts_at: datetime) -> str:
    """ "Saturday 5 December 2026, 14:00 to 15:00 (time in Paris)": customers may be anywhere."""
    begins = starts_at.astimezone(service.calendar.zone)
    ends = (starts_at + service.length).astimezone(service.calendar.zone)
    words = _("%(day)s, %(begins)s to %(ends)s") % {
        "day": dates.words(begins.date(), "l j F Y"), "begins": dates.hour(begins), "ends": dates.hour(ends),
    }  # fmt: skip
    return _("%(when)s (time in %(zone)s)") % {"when": words, "zone": dates.town(service.calendar.zone_name)}


def lines_of(service: Service, details: Mapping[str, Any], locale: str) -> list[str]:
    """The chosen time in that language."""
    start = coaching.moment_of(details)
    with override(locale):
        paid = [_("Paid in advance")] if details.get("credit") else []
        return [when(service, start), *paid] if start else []


def place(service: Service) -> str:
    """Where, in one line of the reader's language; never the link, which is for those who booked."""
    return service.where((get_language() or "fr")[:2]) or (_("Online") if service.online_url else "")


def facts(service: Service) -> list[tuple[str, str]]:
    """How long and where, in the words of a note."""
    rows = [
        (_("Length"), _("%(minutes)s minutes") % {"minutes": service.minutes}), (_("Where"), place(service)),
        (_("Changed or cancelled"), _("until %(hours)s hours before") % {"hours": service.change_hours}),
    ]  # fmt: skip
    return [(label, words) for label, words in rows if words]


def entry(booking: Booking) -> icalendar.Event:
    """One VEVENT with one UID for ever and a SEQUENCE that rises when it is moved or cancelled."""
    service = booking.service
    made = calendar.begin(booking, service.calendar.zone)
    made.add("sequence", booking.sequence)
    made.add("summary", service.title(booking.locale))
    made.add("status", "CONFIRMED" if booking.is_live else "CANCELLED")
    made.add("location", service.where(booking.locale) or service.online_url or _("Online"))
    made.add("url", links.booking(booking))
    link = service.online_url if booking.is_live else ""
    made.add("description", "\n\n".join(part for part in (link, links.booking(booking)) if part))
    return made


def entries_of(user: Any, since: datetime) -> list[icalendar.Event]:
    """That person's appointments from then on, each in its language; the cancelled ones as cancelled."""
    rows = Booking.objects.for_user(user).filter(ends_at__gt=since).select_related("service__calendar")
    made = []
    for row in rows:
        with override(row.locale):
            made.append(entry(row))
    return made


def of_booking(booking: Booking) -> Attachment:
    """The file in the customer's mail and on the booking's page: puts the entry in, moves it, or takes it out."""
    shop: Shop = booking.service.calendar.shop
    with override(booking.locale):
        made = entry(booking)
        calendar.between(made, shop, booking.email)
        content = calendar.book([made], method="REQUEST" if booking.is_live else "CANCEL")
    local = booking.starts_at.astimezone(booking.service.calendar.zone)
    return Attachment(f"{local:%Y-%m-%d}.ics", content, "text/calendar")


def files_of(line: OrderLine) -> list[Attachment]:
    """What goes with the receipt."""
    rows = Booking.objects.live().select_related("service__calendar__shop")
    return [of_booking(row) for row in rows.filter(line=line)]


def groups(keys: list[int], locale: str, request: Any = None) -> dict[int, offers.OfferGroup]:
    """{service key: its card} in a fixed number of queries; what is not on sale any more is left out but in a preview."""
    rows = list(
        Service.objects.filter(pk__in=keys)
        .select_related("offer", "calendar")
        .prefetch_related("service_pages__locale")
    )
    if not rows:
        return {}
    for row in rows:
        row.offer.__dict__["_sellable"] = row
    packs = _packs(keys)
    batch = offers.load([row.offer for row in [*rows, *chain.from_iterable(packs.values())]], locale)
    made, roots = {}, request or here.Roots()
    for row in rows:
        page = row.page_in(locale)
        url = (page.get_url(roots) or "") if page else ""
        choice, *more = _choices(row, packs.get(row.pk, []), batch)
        if choice.state not in {"archived", "draft"} or getattr(request, "is_preview", False):
            made[row.pk] = offers.OfferGroup(
                key=f"service-{row.pk}", kind="service", title=row.title(locale), url=url, facts=facts(row),
                choices=[choice, *more], summary=row.essence(locale), hand=getattr(page, "hand_line", ""),
                schema_id=f"{heads.absolute(url)}#service" if url else "",
            ).summed(locale)  # fmt: skip
    return made


def _packs(keys: list[int]) -> dict[int, list[HourPack]]:
    """{service key: its packs}, the smallest first."""
    found: dict[int, list[HourPack]] = {}
    for pack in HourPack.objects.filter(service__in=keys, offer__state=Offer.State.LIVE).select_related("offer"):
        pack.offer.__dict__["_sellable"] = pack
        found.setdefault(pack.service_id, []).append(pack)
    return found


def _choices(service: Service, packs: list[HourPack], batch: offers.Batch) -> list[offers.OfferChoice]:
    """One appointment, or several paid at once: then the button says what is true of each."""
    if not packs:
        return [offers.choice(service.offer, "", batch)]
    rows = [(service.offer, 1), *((pack.offer, pack.hours) for pack in packs)]
    named = [
        (offer, ngettext("%(n)s appointment", "%(n)s appointments", count) % {"n": count}) for offer, count in rows
    ]
    return [replace(offers.choice(offer, label, batch), action=_("Book")) for offer, label in named]
