"""The counter's first half: the recap, and the order with obligation to pay. Fragments for our script, pages without it."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from core import money, visible
from core.models import Shop
from store import addresses, asking, bills, checkout, delivery, lane, pricing, selling, wants, words
from store import cart as carts
from store.exceptions import PriceChanged
from store.forms import MOST_OF_ONE, AddToCart, CheckoutForm
from store.models import Address, Cart, Offer, Order, ShopPage
from store.views import paying
from store.views.fragments import drawer, is_fragment, stopped

DIRECT = "direct"
RECENTLY = timedelta(hours=1)
ASKED = ("name", "line1", "line2", "postcode", "city", "country", "phone")

Basket = Callable[[uuid.UUID], Cart]


@require_http_methods(["GET", "POST"])
def buy(request: HttpRequest) -> HttpResponse:
    """One thing, bought where it stands; with what one joins beside it, where that was tapped."""
    shop = selling.fresh(Shop.objects.current().pk)
    data = request.POST or request.GET
    asked = AddToCart(data, shop=shop)
    if not asked.is_valid():
        return unclear(request, asked)
    offer, quantity, source = (asked.cleaned_data[name] for name in ("offer", "quantity", "source"))
    if offer.state == Offer.State.DRAFT:
        raise Http404
    choice = asking.choice(offer, data)
    if choice and not choice.is_valid():
        return choose(request, asked, choice)
    wish = wants.Wish(offer, quantity, asking.chosen(choice), carts.source_of(source, offer))
    beside = joins(request, asked.cleaned_data["beside"])
    wished = [wish, *([wants.Wish(beside, 1)] if beside else [])]

    def cart(token: uuid.UUID) -> Cart:
        return carts.direct(shop, wished, page_id=source, token=held_token(request, wished, token), user=request.user)

    hidden = {"offer": offer.pk, "quantity": quantity, "source": source or "", **asking.raw(choice)}
    context = {
        "hidden": {**hidden, "beside": beside.pk} if beside else hidden,
        "alone": hidden if beside else None,
        "back_url": way_back(request, source),
        "seen_text": "" if beside else moved(wish, asked.cleaned_data["seen"]),
    }
    return counter(request, shop, wants.keyed(wished), context, cart)


def joins(request: HttpRequest, beside: Offer | None) -> Offer | None:
    """What is joined in the same order; not by who belongs already, and never something else in the guise of it."""
    sellable = beside.sellable if beside else None
    granted = sellable.grants({}) if sellable else frozenset()
    user = request.user if request.user.is_authenticated else None
    return beside if granted and not granted <= selling.audiences(user) else None


def choose(request: HttpRequest, asked: AddToCart, choice: Form) -> HttpResponse:
    """What is still to be chosen of it, and the way on: to the recap, or into the basket."""
    said = asked.cleaned_data
    offer, language = said["offer"], request.LANGUAGE_CODE
    context = {
        "form": choice, "title": offer.sellable.title(language) if offer.sellable else "",
        "action": offer.sellable.action() if offer.sellable else "",
        "hidden": {"offer": offer.pk, "quantity": said["quantity"], "source": said["source"] or "", "seen": "" if said["seen"] is None else said["seen"]},
        "back_url": way_back(request, said["source"]),
    }  # fmt: skip
    return drawer(request, "choose", context, status=422 if choice.is_bound else 200)


def unclear(request: HttpRequest, asked: AddToCart) -> HttpResponse:
    """What is wrong with how many, and the way back to say it again; else that it is gone."""
    if set(asked.errors) != {"quantity"}:
        return drawer(request, "recap", {"error": _("This can no longer be bought.")}, status=410)
    error = _("How many? Please give a whole number from 1 to %(most)s.") % {"most": MOST_OF_ONE}
    context = {"error": error, "back_url": way_back(request, asked.cleaned_data.get("source"))}
    return drawer(request, "recap", context, status=422)


def way_back(request: HttpRequest, source: int | None) -> str:
    """The page where the offer was seen."""
    page = Page.objects.live().filter(pk=source).first() if source else None
    return page.get_url(request) or "" if page else ""


def moved(wish: wants.Wish, seen: int | None) -> str:
    """The price of one that the page showed, when it is another one now."""
    quote = pricing.quote(wish.offer)
    return "" if seen is None or quote is None or quote.unit == seen else money.text(seen, quote.currency)


def held_token(request: HttpRequest, wished: list[wants.Wish], token: uuid.UUID) -> uuid.UUID:
    """This browser's basket for just that: ordering it again after a reload takes up the same payment."""
    held = request.session.get(DIRECT, {})
    slot = "+".join(str(wish.offer.pk) for wish in wished)
    known = held.get(slot)
    if known and Cart.objects.filter(token=known, is_ordered=False).exists():
        return uuid.UUID(known)
    others = {key: value for key, value in held.items() if key != slot}
    request.session[DIRECT] = {**dict(list(others.items())[-20:]), slot: str(token)}
    return token


@require_http_methods(["GET", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    """Everything in the basket."""
    found = carts.current(request)
    if found is None:
        return redirect("store:cart")
    shop = selling.fresh(found.shop_id)
    return counter(request, shop, checkout.wishes(found), {"back_url": reverse("store:cart")}, lambda _token: found)


def counter(
    request: HttpRequest, shop: Shop, wanted: list[wants.Wish], context: dict[str, Any], basket_for: Basket
) -> HttpResponse:
    """Show the recap, or place the order that it showed. `context`: hidden fields, the way back, the price seen."""
    user = request.user if request.user.is_authenticated else None
    typed = request.POST or None
    initial = remembered(request, user, shop)
    picked = chosen(typed, user)
    wanted = asking.sent(wanted, typed) if typed else wanted
    asked = picked or initial
    places, country = delivery.countries(shop), str(asked.get("country"))
    country = country if country in places else places[0]
    refreshing = picked is not typed or bool(typed and typed.get("refresh"))
    try:
        if typed is None:
            checkout.foresee(shop, wanted, mine=request.session.get(paying.MINE, []))
        found = checkout.draft(
            shop, wanted, country=country, method_id=number(asked.get("method")), audiences=selling.audiences(user)
        )
    except paying.STOPS as error:
        return stopped(request, error, **context)
    is_fast = lane.is_fast(found, known=initial, typed=typed, user=user)
    unasked = bool(typed and not is_fast and not lane.was_asked(found, typed=typed, user=user))
    form = CheckoutForm(
        None if refreshing or unasked else typed, draft=found, user=user, is_fast=is_fast, initial=asked
    )
    line_forms = asking.of_lines(found, None if refreshing or unasked else typed, user, locale=request.LANGUAGE_CODE)
    if refreshing or unasked:
        asking.refill(line_forms, asked)
    context = {**context, **shown(request, form, found, asked if refreshing else initial), "line_forms": line_forms}
    if typed is None or refreshing:
        return drawer(request, "recap", context)
    if unasked:
        word = _(
            "We need your address now, to send it to you: please fill in what stands below. Nothing is ordered yet."
        )
        return drawer(request, "recap", {**context, "error": word}, status=422)
    if not all([asking.are_valid(line_forms), form.is_valid()]):  # both are looked at: all faults show at once
        return drawer(request, "recap", context, status=422)
    return place(request, context, basket_for)


def chosen(typed: Any, user: Any) -> Any:
    """What was typed; with the address that was just chosen from the person's book in its place."""
    key = typed.get("saved") if typed and user else ""
    if not key or key == typed.get("saved_was"):
        return typed
    row = next((row for row in Address.objects.of(user) if str(row.key) == key), None)
    return {**typed.dict(), **row.parts()} if row else typed


def number(text: Any) -> int | None:
    """A key that somebody typed or forged; None for what can be none."""
    digits = str(text or "")[:18]
    return int(digits) if digits.isdecimal() else None


def shown(request: HttpRequest, form: CheckoutForm, found: checkout.Draft, known: Any) -> dict[str, Any]:
    """What the recap's template is given."""
    language = request.LANGUAGE_CODE
    return {
        "form": form, "draft": found, "bill": bills.for_draft(found), "facts": bills.facts(found, is_fast=form.is_fast),
        "rights": bills.rights(found), "pledge": words.pledge(language, found), "folded": folded(known, form), "is_open": "open" in request.POST,
        "token": request.POST.get("token") or uuid.uuid4(), "shop_url": "" if found.lines else shop_url(request),
    }  # fmt: skip


def shop_url(request: HttpRequest) -> str:
    """The shop in the reader's language, else in any, else the front page."""
    page = visible.in_language(list(ShopPage.objects.live().select_related("locale")), request.LANGUAGE_CODE)
    return (page and page.get_url(request)) or reverse("feed-rss").split("feed")[0]


def remembered(request: HttpRequest, user: Any, shop: Shop) -> dict[str, Any]:
    """What this buyer typed the last time, so that nothing is typed twice; a guest's browser, for an hour."""
    orders = Order.objects.for_shop(shop).order_by("-placed_at")
    if user:
        last = orders.filter(user=user).exclude(line1="").first()
        known = {"name": user.get_full_name()}
        book = Address.objects.of(user).first()
        if book:
            phone = last.phone if last else ""
            return {
                **known,
                **book.parts(),
                "saved": str(book.key),
                "phone": phone,
                "method": last.delivery_method_id or "" if last else "",
            }
    else:
        mine = request.session.get(paying.MINE, [])
        recent = orders.filter(token__in=mine, placed_at__gt=timezone.now() - RECENTLY, user=None)
        last = max(recent, key=knowledge) if mine and recent else None
        known = {"email": last.email} if last else {}
    if last is None:
        return known
    return {**known, **{name: getattr(last, name) for name in ASKED}, "method": last.delivery_method_id or ""}


def knowledge(order: Order) -> tuple[bool, bool, bool, datetime]:
    """Which of several orders knows its buyer best: an address, then a name; the newest of those alike."""
    return bool(order.line1), bool(order.name), bool(order.email), order.placed_at


def folded(known: Any, form: CheckoutForm) -> str:
    """A known buyer's details on one line, so that the fields can stay shut; empty when something is to be typed."""
    needed = [name for name, field in form.fields.items() if field.required and name not in {"method", "early"}]
    if form.is_fast or not all(known.get(name) for name in needed):
        return ""
    town = f"{known.get('postcode', '')} {known.get('city', '')}".strip()
    parts = (known.get("email"), known.get("name"), known.get("line1"), town)
    return ", ".join(part for part in parts if part)


def place(request: HttpRequest, context: dict[str, Any], basket_for: Basket) -> HttpResponse:
    """Order with obligation to pay: then, and only then, Stripe."""
    form, found = context["form"], context["draft"]
    buyer = replace(form.buyer(request.LANGUAGE_CODE), details=asking.answers(context["line_forms"]))
    accepted = request.POST.get("total", "")
    hosted = not is_fragment(request)
    try:
        token = uuid.UUID(str(context["token"]))
        paying.guard(request, buyer.email)
        mine = request.session.get(paying.MINE, [])
        order = checkout.start(
            basket_for(token), buyer, shown_total=int(accepted), token=token, hosted=hosted, mine=mine
        )
        paying.remember(request, order)
        if form.cleaned_data.get("keep"):
            with suppress(addresses.BookFull):
                addresses.keep(form.user, form.cleaned_data | {"country": buyer.country})
        return paying.pay(request, order, hosted=hosted)
    except PriceChanged as error:
        return stopped(request, error, **context, **changed(error, found.currency))
    except (ValueError, *paying.STOPS) as error:
        return stopped(request, error, **context)


def changed(error: PriceChanged, currency: str) -> dict[str, Any]:
    """Both totals, where the price moved between page and order."""
    return {
        "changed": True,
        "was_total": money.text(error.shown, currency),
        "now_total": money.text(error.total, currency),
    }
