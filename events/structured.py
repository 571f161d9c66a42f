"""JSON-LD of an event: the same date, place, state and prices as its page (schema.org/Event)."""

from typing import TYPE_CHECKING, Any

from core import head as heads
from store import structured as goods
from store.models import Offer

if TYPE_CHECKING:
    from events.models import Event, EventPage
    from store.offers import OfferChoice, OfferGroup

SCHEMA = "https://schema.org/"
STATES = {"scheduled": "EventScheduled", "moved": "EventRescheduled", "cancelled": "EventCancelled"}


def event_id(url: str) -> str:
    """The @id of an event, the same on its page and in every article that names it."""
    return f"{heads.absolute(url)}#event"


def of(page: "EventPage", group: "OfferGroup | None", url: str, image: str = "") -> dict[str, Any]:
    """The event; times carry the offset of the place."""
    event = page.event
    found: dict[str, Any] = {
        "@type": "Event",
        "@id": event_id(url),
        "name": page.title,
        "url": heads.absolute(url),
        "startDate": event.local_start.isoformat(),
        "endDate": event.local_end.isoformat(),
        "eventStatus": SCHEMA + STATES[event.state],
        "eventAttendanceMode": SCHEMA
        + ("OnlineEventAttendanceMode" if event.is_online else "OfflineEventAttendanceMode"),
        "location": _location(event, url),
        "organizer": {"@id": goods.shop_id()},
        "inLanguage": page.locale.language_code,
    }
    if event.was_at and event.state == "moved":
        found["previousStartDate"] = event.was_at.astimezone(event.zone).isoformat()
    if page.summary:
        found["description"] = page.summary
    if image:
        found["image"] = image
    if event.host_name:
        found["performer"] = {"@type": "Person", "name": event.host_name}
    if event.capacity:
        found["maximumAttendeeCapacity"] = event.capacity
    if group:
        found["offers"] = _offers(event, [choice for choice in group.choices if choice.price_text], heads.absolute(url))
        found["isAccessibleForFree"] = all(choice.amount == 0 for choice in group.choices)
    return found


def _offers(event: "Event", choices: "list[OfferChoice]", url: str) -> list[dict[str, Any]]:
    """Each kind of ticket, since when it is sold; one query."""
    ids = [choice.offer_id for choice in choices]
    begins = dict(Offer.objects.filter(pk__in=ids).values_list("pk", "sale_from"))
    return [
        {
            **goods.not_a_thing(choice, url),
            "validFrom": (begins.get(choice.offer_id) or event.made_at).astimezone(event.zone).isoformat(timespec="seconds"),
        }
        for choice in choices
    ]  # fmt: skip


def _location(event: "Event", url: str) -> dict[str, Any]:
    """Where it is; the link of an online event is for its guests, its page is for everybody."""
    if event.is_online:
        return {"@type": "VirtualLocation", "url": heads.absolute(url)}
    rows = {
        "streetAddress": event.venue_address, "postalCode": event.venue_postcode,
        "addressLocality": event.venue_city, "addressCountry": event.venue_country,
    }  # fmt: skip
    address = {"@type": "PostalAddress", **{key: value for key, value in rows.items() if value}}
    return {"@type": "Place", "name": event.venue_name or event.venue_city, "address": address}
