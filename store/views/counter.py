"""The counter: recap, order, payment, confirmation. Fragments for our script, whole pages without it."""

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import limits, money
from core.models import Shop
from store import cart as carts
from store import bills, checkout, links, orders, selling, words
from store.exceptions import (
    CannotBeSold, NoDelivery, OutOfStock, PriceChanged, ShopClosed, StripeRefused, StripeUnavailable,
)  # fmt: skip
from store.forms import AddToCart, CheckoutForm
from store.models import Cart, Order
from store.views.basket import is_fragment

MINE = "orders"
STOPS = (CannotBeSold, NoDelivery, OutOfStock, PriceChanged, ShopClosed, StripeRefused, StripeUnavailable, limits.TooMany)


@require_http_methods(["GET", "POST"])
def buy(request: HttpRequest) -> HttpResponse:
    """One thing, bought where it stands."""
    shop = selling.fresh(Shop.objects.current().pk)
    asked = AddToCart(request.POST or request.GET, shop=shop)
    if not asked.is_valid():
        return recap(request, {"error": _("This can no longer be bought.")}, status=410)
    data = asked.cleaned_data
    wish = checkout.Wish(data["offer"], data["quantity"], source=carts.source_of(data["source"], data["offer"]))
    hidden = {"offer": wish.offer.pk, "quantity": wish.quantity, "source": data["source"] or ""}

    def basket(token: uuid.UUID) -> Cart:
        return carts.direct(
            shop, wish.offer, wish.quantity, page_id=data["source"], token=token, user=request.user
        )

    return counter(request, shop, [wish], hidden, basket)


@require_http_methods(["GET", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    """Everything in the basket."""
    found = carts.current(request)
    if found is None:
        return redirect("store:cart")
    shop = selling.fresh(found.shop_id)
    return counter(request, shop, checkout.wishes(found), {}, lambda _token: found)


def counter(request: HttpRequest, shop: Shop, wanted: list[checkout.Wish], hidden: dict[str, Any], basket_for: Any) -> HttpResponse:
    """Show the recap, or place the order that it showed."""
    user = request.user if request.user.is_authenticated else None
    typed = request.POST or None
    initial = remembered(user, shop)
    asked = typed or initial
    method = str(asked.get("method", ""))
    try:
        found = checkout.draft(
            shop, wanted, country=asked.get("country") or shop.country, method_id=int(method) if method.isdigit() else None
        )
    except STOPS as error:
        return recap(request, {"error": explain(error), "hidden": hidden}, status=409)
    refreshing = bool(typed and typed.get("refresh"))
    form = CheckoutForm(typed if not refreshing else None, draft=found, user=user, initial=typed or initial)
    context = {
        "form": form, "draft": found, "hidden": hidden, "bill": bills.for_draft(found), "facts": bills.facts(found),
        "pledge": words.pledge(request.LANGUAGE_CODE),  # type: ignore[attr-defined]
        "folded": folded(initial, found, user), "token": (typed or {}).get("token") or uuid.uuid4(),
    }  # fmt: skip
    if typed is None or refreshing:
        return recap(request, context)
    if not form.is_valid():
        return recap(request, context, status=422)
    return place(request, context, basket_for)


def remembered(user: Any, shop: Shop) -> dict[str, Any]:
    """What a known buyer typed the last time, so that nothing is typed twice."""
    last = Order.objects.for_shop(shop).for_user(user).exclude(line1="").first() if user else None
    names = ("name", "line1", "line2", "postcode", "city", "country", "phone")
    known = {name: getattr(last, name) for name in names} if last else {"name": user.get_full_name() if user else ""}
    return known if not last else {**known, "method": last.delivery_method_id or ""}


def folded(known: dict[str, Any], found: checkout.Draft, user: Any) -> str:
    """A known buyer's details on one line, so that the fields can stay shut; empty when something is to be typed."""
    needed = ["name"] if not found.needs_shipping or (found.way and found.way.is_pickup) else ["name", "line1", "postcode", "city"]
    if found.way and found.way.method.needs_phone:
        needed.append("phone")
    if user is None or not all(known.get(name) for name in needed):
        return ""
    town = f"{known.get('postcode', '')} {known.get('city', '')}".strip()
    return ", ".join(part for part in (known["name"], known.get("line1", ""), town) if part)


def place(request: HttpRequest, context: dict[str, Any], basket_for: Any) -> HttpResponse:
    """Order with obligation to pay: then, and only then, Stripe."""
    form, found = context["form"], context["draft"]
    buyer = form.buyer(request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    shown = request.POST.get("total", "")
    hosted = not is_fragment(request)
    try:
        token = uuid.UUID(str(context["token"]))
        guard(request, buyer.email)
        order = checkout.start(
            basket_for(token), buyer, shown_total=int(shown) if shown.isdigit() else found.total, hosted=hosted
        )
        remember(request, order)
        return pay(request, order, hosted=hosted)
    except (ValueError, *STOPS) as error:
        return recap(request, {**context, **changed(error, found.currency), "error": explain(error)}, status=409)


def changed(error: Exception, currency: str) -> dict[str, Any]:
    """Both totals, where the price moved between page and order."""
    if not isinstance(error, PriceChanged):
        return {}
    return {
        "changed": True,
        "was_total": money.text(error.shown, currency),
        "now_total": money.text(error.total, currency),
    }


def guard(request: HttpRequest, email: str) -> None:
    """The same limit on every path that opens a payment. Raises TooMany."""
    keys = [f"ip:{limits.address_of(request)}", f"mail:{email.lower()}"]
    limits.spend("checkout", keys, limit=settings.CHECKOUT_LIMIT, seconds=600)


def remember(request: HttpRequest, order: Order) -> None:
    """This browser may see this order."""
    mine = request.session.get(MINE, [])
    request.session[MINE] = [*[token for token in mine if token != str(order.token)][-20:], str(order.token)]


def mine(request: HttpRequest, token: uuid.UUID) -> Order:
    """An order of this browser or this person; 404 for anybody else's."""
    order = get_object_or_404(Order.objects.select_related("shop"), token=token)
    owned = str(token) in request.session.get(MINE, [])
    if not owned and not (request.user.is_authenticated and order.user_id == request.user.pk):
        raise Http404
    return order


def pay(request: HttpRequest, order: Order, *, hosted: bool) -> HttpResponse:
    """Stripe's frame under the folded recap, or Stripe's own page. Raises StripeUnavailable and StripeRefused."""
    attempt = order.attempts.unsettled().order_by("-number").first()
    if attempt is None:
        return done(request, order)
    said = checkout.open_attempt(attempt)
    if said.status != "open":
        orders.settle_attempt(attempt.pk, said)
        order.refresh_from_db()
        return done(request, order)
    if attempt.is_hosted != hosted:
        following = checkout.another(order, hosted=hosted)
        order.refresh_from_db()
        return pay(request, order, hosted=hosted) if following else done(request, order)
    if hosted:
        return redirect(said.url) if said.url else done(request, order)
    context = {
        "order": order, "order_for": ", ".join(order.address_lines()), "client_secret": said.client_secret, "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
        "stripe_js": settings.STRIPE_JS_URL,
    }  # fmt: skip
    return render(request, "store/counter/pay.html", context)


def done(request: HttpRequest, order: Order) -> HttpResponse:
    """Paid, on its way, or over: in place for our script, else the order's own page."""
    if is_fragment(request):
        return render(request, "store/counter/done.html", told(order))
    return redirect("store:thanks", token=order.token)


def told(order: Order) -> dict[str, Any]:
    """What the confirmation shows."""
    promise = _("Expected by %(day)s.") % {"day": date_format(order.promised_on, "l j F")} if order.promised_on else ""
    return {"order": order, "bill": bills.for_order(order), "promise": promise, "order_url": links.order_url(order)}


def recap(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The recap as a fragment or as a page."""
    name = "store/counter/recap.html" if is_fragment(request) else "store/recap.html"
    return render(request, name, context, status=status)


def explain(error: Exception) -> str:
    """What stopped it, in the buyer's words; nothing was charged."""
    if isinstance(error, CannotBeSold):
        return words.cannot_be_sold(error)
    if isinstance(error, OutOfStock):
        return words.out_of_stock(error)
    texts: dict[type[Exception], Any] = {
        PriceChanged: _("The price changed since you opened this page. Please look at the new total before you order."),
        NoDelivery: _("We cannot deliver there. Nothing was ordered."),
        ShopClosed: _("The shop takes no orders at the moment. Nothing was ordered."),
        limits.TooMany: _("Too many attempts. Please try again in a few minutes."),
    }
    return texts.get(type(error), _("The payment service does not answer. Nothing was charged; try again in a moment."))


@require_POST
def hosted(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Pay the same order on Stripe's own page."""
    order = mine(request, token)
    try:
        guard(request, order.email)
        return pay(request, order, hosted=True)
    except STOPS as error:
        return recap(request, {"error": explain(error)}, status=409)


@require_POST
def abandon(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """The counter was closed: the units are free again, unless it proves paid."""
    order = mine(request, token)
    try:
        checkout.abandon(order)
    except (StripeUnavailable, StripeRefused):
        return HttpResponse(status=202)
    order.refresh_from_db()
    return done(request, order) if order.paid_at else HttpResponse(status=204)


@require_GET
def status(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """What became of the payment: the same room as the webhook's."""
    order = mine(request, token)
    attempt = order.attempts.exclude(session_id=None).order_by("-number").first()
    if attempt and order.is_open:
        try:
            orders.settle(attempt.session_id or "")
        except (StripeUnavailable, StripeRefused):
            pass
        order.refresh_from_db()
    return render(request, "store/counter/done.html" if is_fragment(request) else "store/thanks.html", told(order))


@require_GET
def came_back(request: HttpRequest) -> HttpResponse:
    """Back from Stripe. The session's id is no login: only this browser's own order is shown."""
    session_id = request.GET.get("session_id", "")
    order = None
    if session_id.startswith("cs_"):
        try:
            limits.spend("return", [limits.address_of(request)], limit=60, seconds=600)
            order = orders.settle(session_id)
        except (StripeUnavailable, StripeRefused, limits.TooMany):
            attempt = orders.find_attempt(session_id)
            order = attempt.order if attempt else None
    if order and str(order.token) in request.session.get(MINE, []):
        return redirect("store:thanks", token=order.token)
    return render(request, "store/came_back.html", {"known": order is not None}, status=200 if order else 404)


@require_GET
def thanks(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """The confirmation as a page of its own."""
    return status(request, token)


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """An order that waits for its payment: take it up again, by a button."""
    order = get_object_or_404(Order.objects.select_related("shop"), token=token)
    if request.method == "GET" or order.state != Order.State.PLACED:
        return render(request, "store/resume.html", {"order": order, "bill": bills.for_order(order)})
    remember(request, order)
    return hosted(request, token)

