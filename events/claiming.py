"""From an offered place to an order: the places come back into the room and are ordered in one transaction."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from events import cards, links, waiting
from events.models import Ticket, WaitingEntry
from store import asking, checkout, selling, wants
from store import cart as carts
from store.checkout import Buyer
from store.forms import CheckoutForm
from store.models import Cart, Order


class Asked:
    """What is shown of an offered place, and what was typed: the recap's own forms."""

    def __init__(self, request: HttpRequest, entry: WaitingEntry) -> None:
        user = request.user if request.user.is_authenticated else None
        typed = request.POST or None
        self.locale = request.LANGUAGE_CODE
        self.ticket = chosen(entry, request.GET.get("ticket", ""))
        wish = wants.Wish(self.ticket.offer, entry.size, details={"waiting": entry.token})
        shop = selling.fresh(entry.event.shop_id)
        self.draft = checkout.draft(shop, wants.keyed([wish]), country="FR", audiences=selling.audiences(user))
        self.form = CheckoutForm(typed, draft=self.draft, user=user, initial={"email": entry.email, "name": entry.name})
        self.line_forms = asking.of_lines(self.draft, typed, user, locale=self.locale)

    def is_valid(self) -> bool:
        return all([asking.are_valid(self.line_forms), self.form.is_valid()])

    def buyer(self) -> Buyer:
        return replace(self.form.buyer(self.locale), details=asking.answers(self.line_forms))


def asked(request: HttpRequest, entry: WaitingEntry) -> Asked:
    return Asked(request, entry)


def chosen(entry: WaitingEntry, key: str) -> Ticket:
    """The kind of ticket that the address names, else the one they wait for, else one still sold."""
    kinds = {ticket.pk: ticket for ticket in entry.event.tickets.select_related("offer", "event")}
    wanted = kinds.get(int(key)) if key.isdecimal() and len(key) < 18 else None
    return wanted or kinds[entry.ticket_id]


def stands(entry: WaitingEntry) -> bool:
    """Whether the place is offered now."""
    return (
        entry.state == WaitingEntry.State.OFFERED
        and entry.offer_until is not None
        and entry.offer_until > timezone.now()
        and not entry.event.is_cancelled
    )


@transaction.atomic
def claim(
    entry: WaitingEntry, ticket: Ticket, buyer: Buyer, *, shown_total: int, token: uuid.UUID | None = None
) -> Order:
    """Take the offered places and place their order. Raises waiting.OfferOver and what checkout.start raises: then
    nothing happened, and the offer stands.
    """
    fresh = waiting.take(entry)
    cart = Cart.objects.create(shop=ticket.offer.shop, is_direct=True, user=buyer.user)
    carts.add(cart, ticket.offer, fresh.size, details={"waiting": fresh.token})
    return checkout.start(cart, buyer, shown_total=shown_total, token=token, hosted=True)


def about(entry: WaitingEntry, locale: str) -> Mapping[str, Any]:
    """What the pages of the list say of an entry."""
    event = entry.event
    return {
        "event": event,
        "title": links.title(event, locale),
        "page": links.page_of(event, locale),
        "when": cards.when(event),
        "place": waiting.place(entry),
        "ahead": waiting.ahead(entry),
        "is_offered": stands(entry),
        "until": entry.offer_until.astimezone(event.zone) if entry.offer_until else None,
    }
