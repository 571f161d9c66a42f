"""What the pages of services are given: the card, how to change one's mind, where it is told; their rows in the agenda."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import head as heads
from core import mentions
from events import appointments
from store import catalogue
from store import structured as goods

if TYPE_CHECKING:
    from events.models import EventIndexPage, ServicePage
    from store.offers import OfferGroup

TOLD = 6


def context(page: "ServicePage", request: HttpRequest) -> dict[str, Any]:
    """One service."""
    code, service = page.locale.language_code, page.service
    group = appointments.groups([service.pk], code, request).get(service.pk)
    parent = page.get_parent()
    crumbs = [
        {"title": _("Home"), "url": heads.home(code)},
        {"title": parent.title, "url": parent.get_url(request) or ""},
    ]
    head = heads.of(page, request, summary=page.summary, picture=page.cover, alt=page.cover_alt)
    way = heads.crumbs([*crumbs, {"title": page.title, "url": head.canonical}], head.canonical)
    image = head.card.src if head.card else ""
    head.graph = [structured(page, group, head.canonical, image), goods.seller(service.calendar.shop), way]
    told = mentions.told_in([service, *service.service_pages.all()], page.locale_id)
    return {
        "head": head, "alternates": heads.switches(head, code), "crumbs": crumbs, "group": group, "service": service,
        "closed": catalogue.closed(catalogue.shop_here(request)),
        "told_in": [{"title": row.title, "url": row.get_url(request) or ""} for row in told[:TOLD]],
    }  # fmt: skip


def rows(index: "EventIndexPage", request: HttpRequest) -> list[dict[str, Any]]:
    """All services that the agenda holds; three queries for any number, one where it holds none."""
    pages = list(
        _model().objects.child_of(index).live().public().defer("body").select_related("service").order_by("path")
    )
    groups = appointments.groups([page.service_id for page in pages], index.locale.language_code, request)
    found = [(page, groups.get(page.service_id)) for page in pages]
    return [
        {
            "title": page.title, "url": page.get_url(request) or "", "summary": page.summary, "price_text": group.price_text,
            "minutes": page.service.minutes, "where": appointments.place(page.service),
        }
        for page, group in found
        if group
    ]  # fmt: skip


def structured(page: "ServicePage", group: "OfferGroup | None", url: str, image: str) -> dict[str, Any]:
    """JSON-LD (schema.org/Service): the same words, place and price as the page."""
    service = page.service
    found: dict[str, Any] = {
        "@type": "Service",
        "@id": f"{heads.absolute(url)}#service",
        "name": page.title,
        "url": heads.absolute(url),
        "provider": {"@id": goods.shop_id()},
    }
    words = page.summary or service.essence(page.locale.language_code)
    if words:
        found["description"] = words
    if image:
        found["image"] = image
    if where := service.where(page.locale.language_code):
        channel = {"@type": "ServiceChannel", "serviceLocation": {"@type": "Place", "name": where}}
        found["availableChannel"] = channel
    if group:
        found["offers"] = [
            goods.not_a_thing(choice, heads.absolute(url)) for choice in group.choices if choice.price_text
        ]
    return found


def _model() -> Any:
    from events.models import ServicePage  # noqa: PLC0415 - appointments is asked for by models too

    return ServicePage
