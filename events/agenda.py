"""What the agenda's pages are given: what is coming, by month and kind, what is over; one event with its tickets."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page as ListPage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from core import dates, mentions, visible
from core import head as heads
from core.paging import paginate
from events import cards, chairs, services, structured
from events.models import Event, EventPage, Seat
from store import catalogue
from store import structured as goods

if TYPE_CHECKING:
    from events.models import EventIndexPage

PER_PAGE = 12
NEXT = 3
TOLD = 6
NAMES = 40


def context(index: "EventIndexPage", request: HttpRequest, by: str, value: str) -> dict[str, Any]:
    """A list of events: coming, over or of a month; `?kind=` narrows it."""
    found, title = _listed(index, by, value)
    kind = request.GET.get("kind", "")
    if kind in Event.Kind.values:
        found = found.filter(event__kind=kind)
    listing = paginate(request, found.values_list("pk", flat=True), PER_PAGE)
    code = index.locale.language_code
    asked = cards.pages(listing.object_list, code)
    groups = cards.of_pages(asked, code, request)
    return {
        "listing": listing,
        "rows": [_row(asked[pk], groups.get(pk), request) for pk in listing.object_list if pk in asked],
        "listed": by,
        "title": title,
        "words": index.words if by == "coming" else "",
        "services": services.rows(index, request) if by == "coming" and listing.number == 1 and not kind else [],
        "kind": kind,
        "kinds": _kinds(index, found if not kind else _listed(index, by, value)[0]),
        "doors": _doors(index, request, by),
        **_head(index, request, by, title, listing),
    }


def next_dates(locale: Locale, request: HttpRequest) -> list[dict[str, Any]]:
    """The events that come next, for the front page: when, where and what, without figures; one query."""
    rows = visible.open_to_all(EventPage.objects.filter(locale=locale, event__ends_at__gt=timezone.now()))
    found = rows.exclude(event__state=Event.State.CANCELLED).select_related("event").defer("body")
    shown = found.order_by("event__starts_at", "pk")[:NEXT]
    return [{**_row(page, None, request), "when": cards.hours(page.event)} for page in shown]


def _listed(index: "EventIndexPage", by: str, value: str) -> tuple["QuerySet[EventPage]", str]:
    """The pages of the list and what it is called; 404 for a month that is none."""
    live = EventPage.objects.child_of(index).live().public()
    now = timezone.now()
    if by == "coming":
        return live.filter(event__ends_at__gt=now).order_by("event__starts_at", "pk"), index.title
    if by == "archive":
        return live.filter(event__ends_at__lte=now).order_by("-event__starts_at", "-pk"), _("What has taken place")
    year, month = (int(part) for part in value.split("-"))
    if not (1 <= month <= 12 and 2000 <= year <= 2100):
        raise Http404
    first = datetime(year, month, 1, tzinfo=timezone.get_default_timezone())
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=timezone.get_default_timezone())
    rows = live.filter(event__starts_at__gte=first, event__starts_at__lt=after).order_by("event__starts_at", "pk")
    if not rows.exists():
        raise Http404
    return rows, dates.words(first, "F Y")


def _row(page: EventPage, group: Any, request: HttpRequest) -> dict[str, Any]:
    """One event as the list shows it."""
    event = page.event
    return {
        "title": page.title, "url": page.get_url(request) or "", "summary": page.summary, "image": page.cover,
        "image_alt": page.cover_alt, "date": cards.big_date(event), "when": cards.when(event),
        "where": dict(cards.facts(event)).get(_("Where"), ""), "kind": event.get_kind_display(),
        "state": group.state if group else "", "state_text": group.state_text if group else "",
        "price_text": group.price_text if group and group.state != "archived" else "",
        "is_cancelled": event.is_cancelled, "is_moved": event.state == Event.State.MOVED,
    }  # fmt: skip


def _kinds(index: "EventIndexPage", rows: "QuerySet[EventPage]") -> list[dict[str, str]]:
    """The kinds that the list holds, as filters; none where there is one only."""
    held = set(rows.order_by().values_list("event__kind", flat=True))
    found = [{"key": key, "title": str(words)} for key, words in Event.Kind.choices if key in held]
    return found if len(found) > 1 else []


def _doors(index: "EventIndexPage", request: HttpRequest, by: str) -> list[dict[str, str]]:
    """The months that have something, then what is over."""
    own = index.get_url(request) or ""
    live = EventPage.objects.child_of(index).live().public().filter(event__ends_at__gt=timezone.now())
    starts = live.order_by("event__starts_at").values_list("event__starts_at", flat=True)[:200]
    months = dict.fromkeys((row.year, row.month) for row in map(timezone.localtime, starts))
    found = [
        {"title": dates.words(datetime(year, month, 1, tzinfo=UTC), "F Y"), "url": f"{own}{year}/{month}/"}
        for year, month in months
    ]
    if by != "archive":
        found.append({"title": _("What has taken place"), "url": own + index.reverse_subpage("archive")})
    return found


def _head(index: "EventIndexPage", request: HttpRequest, by: str, title: str, listing: ListPage[Any]) -> dict[str, Any]:
    """A month is a page of its own; from page two on the number is part of its address; filters are not indexed."""
    head = heads.of(index, request, summary=index.words)
    switches = heads.switches(head, index.locale.language_code)
    if by != "coming" or listing.number > 1:
        head.alternates, head.title = [], title
        head.canonical = heads.absolute(request.path + (f"?page={listing.number}" if listing.number > 1 else ""))
    if listing.number > 1:
        head.title = _("%(title)s, page %(number)s") % {"title": title, "number": listing.number}
    head.noindex = head.noindex or bool(request.GET.get("kind"))
    crumbs = [{"title": _("Home"), "url": heads.home(index.locale.language_code)}]
    if by != "coming":
        crumbs.append({"title": index.title, "url": index.get_url(request) or ""})
    head.graph = [heads.crumbs([*crumbs, {"title": title, "url": head.canonical}], head.canonical)]
    return {"head": head, "alternates": switches, "crumbs": crumbs}


def event_context(page: EventPage, request: HttpRequest) -> dict[str, Any]:
    """One event: its card, the course of the day, how to get there, who comes, where it is told."""
    code = page.locale.language_code
    asked = cards.pages([page.pk], code)
    shown = asked.get(page.pk, page)
    groups = cards.of_pages({page.pk: shown}, code, request)
    group, event = groups.get(page.pk), shown.event
    parent = page.get_parent()
    crumbs = [
        {"title": _("Home"), "url": heads.home(code)},
        {"title": parent.title, "url": parent.get_url(request) or ""},
    ]
    head = heads.of(page, request, summary=page.summary, picture=page.cover, alt=page.cover_alt)
    told = structured.of(page, group, head.canonical, head.card.src if head.card else "")
    way = heads.crumbs([*crumbs, {"title": page.title, "url": head.canonical}], head.canonical)
    head.graph = [told, goods.seller(event.shop), way]
    return {
        "head": head,
        "alternates": heads.switches(head, code),
        "crumbs": crumbs,
        "group": group,
        "event": event,
        "date": cards.big_date(event),
        "when": cards.when(event),
        "was": dates.words(event.was_at, "l j F Y", event.zone) if event.was_at else "",
        "is_over": event.is_over(),
        "address": address(event),
        "moments": list(page.agenda.all()),
        "chairs": chairs.of(event),
        "guests": guests(event),
        "closed": catalogue.closed(catalogue.shop_here(request)),
        "told_in": [
            {"title": row.title, "url": row.get_url(request) or ""}
            for row in mentions.told_in([page], page.locale_id)[:TOLD]
        ],
    }


def address(event: Event) -> list[str]:
    """The lines of the place."""
    town = f"{event.venue_postcode} {event.venue_city}".strip()
    return [line for line in (event.venue_name, event.venue_address, town) if line]


def guests(event: Event) -> list[str]:
    """First names of those who said yes, where the owner shows them."""
    if not event.shows_guests:
        return []
    rows = Seat.objects.filter(event=event, state=Seat.State.VALID, is_named_publicly=True).exclude(holder="")
    return [seat.first_name for seat in rows.order_by("pk")[:NAMES]]
