"""The only writer of Cart and CartLine. The browser's session knows its basket by token; sign-in keeps it."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page

from core import mentions
from core.models import Shop
from store import pricing, selling, wants
from store.exceptions import CannotBeSold
from store.models import Cart, CartLine, Offer, Order, OrderLine
from store.wants import Wish

KEY = "basket"


def current(request: HttpRequest) -> Cart | None:
    """The basket of this browser or this person, if there is one. Writes nothing."""
    token = request.session.get(KEY)
    found = Cart.objects.filter(token=token, is_ordered=False).first() if token else None
    if found is None and request.user.is_authenticated:
        return Cart.objects.filter(user=request.user, is_direct=False, is_ordered=False).order_by("-updated_at").first()
    return found


def ensure(request: HttpRequest, shop: Shop) -> Cart:
    """The basket, made if there is none; a person's basket follows them to other devices."""
    found = current(request)
    user = request.user if request.user.is_authenticated else None
    if found is None:
        found = Cart.objects.create(shop=shop, user=user)
    elif user and found.user_id is None:
        found.user = user
        found.save(update_fields=["user"])
    request.session[KEY] = str(found.token)
    return found


def units(request: HttpRequest) -> int:
    """How many units lie in the basket, for the badge."""
    found = current(request)
    return (found.lines.aggregate(units=Sum("quantity"))["units"] or 0) if found else 0


def source_of(page_id: int | None, offer: Offer) -> dict[str, Any]:
    """The fields that name where something was bought: only a live page that speaks of the offer counts."""
    page = Page.objects.live().filter(pk=page_id).select_related("locale").first() if page_id else None
    if page is None or not speaks_of(page, offer):
        return {}
    return {
        "source_page_id": page.pk,
        "source_key": page.translation_key,
        "source_title": page.title[:255],
        "source_locale": page.locale.language_code,
    }


def speaks_of(page: Page, offer: Offer) -> bool:
    """Whether the live page mentions what the offer sells, in any language, or is its own page."""
    known = offer.sellable.told_as() if offer.sellable else []
    return any(isinstance(row, Page) and row.pk == page.pk for row in known) or mentions.mentions(page, known)


def audiences(cart: Cart) -> frozenset[str]:
    """Whose prices count in this basket: its owner's, and what lies in it gives."""
    found = Offer.objects.filter(pk__in=cart.lines.values("offer")).with_sellables()
    return selling.audiences(cart.user) | wants.granted(wants.Wish(offer, 1) for offer in found)


@transaction.atomic
def add(
    cart: Cart, offer: Offer, quantity: int, *, details: Mapping[str, Any] | None = None, page_id: int | None = None
) -> CartLine:
    """Put units in; the same offer from the same source with the same details is one line.

    Raises CannotBeSold: what `Offer.check_line` says of the sum over all lines of the offer; `gone`: no price.
    """
    Cart.objects.select_for_update().get(pk=cart.pk)
    quote = pricing.quote(offer) or pricing.quote(offer, audiences=audiences(cart))
    if quote is None:
        raise CannotBeSold(offer, "audience" if pricing.has_any(offer, timezone.now()) else "gone")
    held = cart.lines.filter(offer=offer).aggregate(units=Sum("quantity"))["units"] or 0
    if quantity < 1:
        raise CannotBeSold(offer, "too_many")
    offer.check_line(held + quantity, details or {}, timezone.now())
    others = cart.lines.exclude(offer=offer).select_related("offer")
    wants.fit([*(Wish(row.offer, row.quantity) for row in others), Wish(offer, held + quantity)])
    source = source_of(page_id, offer)
    line, made = CartLine.objects.get_or_create(
        cart=cart, offer=offer, source_slot=str(source.get("source_key", "")), details_key=_key(details),
        defaults={"quantity": quantity, "details": dict(details or {}), "unit_seen": quote.unit, **source},
    )  # fmt: skip
    if not made:
        line.quantity += quantity
        line.unit_seen = quote.unit
        line.save(update_fields=["quantity", "unit_seen"])
    cart.save(update_fields=["updated_at"])
    return line


def _key(details: Mapping[str, Any] | None) -> str:
    return hashlib.sha256(json.dumps(details, sort_keys=True).encode()).hexdigest() if details else ""


@transaction.atomic
def change(cart: Cart, line_id: int, quantity: int) -> CartLine | None:
    """Set a line's units; 0 takes it out and returns it, so that it can be put back. None: not in this basket."""
    Cart.objects.select_for_update().get(pk=cart.pk)
    line = cart.lines.select_related("offer").filter(pk=line_id).first()
    if line is None:
        return None
    if quantity <= 0:
        line.delete()
        return line
    others = cart.lines.filter(offer=line.offer).exclude(pk=line.pk).aggregate(units=Sum("quantity"))["units"] or 0
    if others + quantity > line.offer.max_per_order:
        raise CannotBeSold(line.offer, "too_many")
    wants.fit([Wish(line.offer, others + quantity)])
    line.quantity = quantity
    line.save(update_fields=["quantity"])
    return line


def remember(line: CartLine) -> dict[str, Any]:
    """What `put_back` needs of a line that was taken out; fits into a session."""
    return {"offer": line.offer_id, "quantity": line.quantity, "details": line.details, "page": line.source_page_id}


def put_back(cart: Cart, taken: dict[str, Any] | None) -> CartLine | None:
    """Undo of a removal: the same units from the same source. None when nothing was taken out."""
    offer = Offer.objects.filter(pk=taken["offer"]).first() if taken else None
    if offer is None or taken is None:
        return None
    return add(cart, offer, taken["quantity"], details=taken["details"] or None, page_id=taken["page"])


@transaction.atomic
def direct(shop: Shop, wished: Sequence[Wish], *, page_id: int | None, token: uuid.UUID, user: Any) -> Cart:
    """A basket with what is bought at once; the same token gives the same basket, with what is wanted now."""
    cart, made = Cart.objects.get_or_create(
        token=token, defaults={"shop": shop, "is_direct": True, "user": user if getattr(user, "pk", None) else None}
    )
    if not made:
        Cart.objects.select_for_update().get(pk=cart.pk)
        cart.lines.all().delete()
    for wish in wished:
        add(cart, wish.offer, wish.quantity, details=wish.details, page_id=page_id)
    return cart


@transaction.atomic
def take_out(cart: Cart, order: Order) -> None:
    """What was paid leaves the basket; what was put in meanwhile stays. A second call finds nothing to take."""
    Cart.objects.select_for_update().get(pk=cart.pk)
    for bought in order.lines.all():
        slot = str(bought.source_key or "")
        line = _of(bought, cart.lines.filter(offer=bought.offer_id, source_slot=slot))
        if line and line.quantity > bought.quantity:
            line.quantity -= bought.quantity
            line.save(update_fields=["quantity"])
        elif line:
            line.delete()
    if not cart.lines.exists():
        cart.is_ordered = True
        cart.save(update_fields=["is_ordered"])


def _of(bought: OrderLine, rows: Iterable[CartLine]) -> CartLine | None:
    """The line that was ordered: what was chosen is the same; what the recap asked came on top."""
    fitting = [row for row in rows if row.details.items() <= bought.details.items()]
    return max(fitting, key=lambda row: len(row.details), default=None)


@transaction.atomic
def adopt(request: HttpRequest, user: Any) -> None:
    """At sign-in: what this browser held and what the person held elsewhere become one basket."""
    mine = Cart.objects.filter(
        token=str(request.session.get(KEY, uuid.UUID(int=0))), is_ordered=False, is_direct=False
    ).first()
    if mine is None:
        return
    theirs = Cart.objects.filter(user=user, is_direct=False, is_ordered=False).exclude(pk=mine.pk)
    for line in CartLine.objects.filter(cart__in=theirs).select_related("offer"):
        same = mine.lines.filter(offer=line.offer, source_slot=line.source_slot, details_key=line.details_key).first()
        if same:
            same.quantity = min(line.offer.max_per_order, max(same.quantity, line.quantity))
            same.save(update_fields=["quantity"])
        else:
            CartLine.objects.filter(pk=line.pk).update(cart=mine)
    theirs.update(is_ordered=True)
    Cart.objects.filter(pk=mine.pk).update(user=user)
