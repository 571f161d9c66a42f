"""The basket's pages: see, add, change, take out and put back."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import money
from core.models import Shop
from store import asking, audiences, offers, selling, wants, words
from store import cart as carts
from store.exceptions import CannotBeSold
from store.forms import AddToCart
from store.models import Cart, CartLine, Offer
from store.views import adding, paying
from store.views.fragments import is_fragment


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """GET: what would be added, with a button. POST: put it in; our script gets the new badge."""
    shop = Shop.objects.current()
    data = request.POST or request.GET
    form = AddToCart(data, shop=shop)
    if not form.is_valid():
        return answer(request, error=_("This can no longer be bought."), status=410)
    offer, quantity = form.cleaned_data["offer"], form.cleaned_data["quantity"]
    to = selling.audiences(request.user)
    shown = offers.choice(offer, "", offers.load([offer], offers.language(), with_prior=False, to=to))
    if shown.state == "draft":
        raise Http404
    choice = asking.choice(offer, data, is_sent=request.method == "POST")
    if request.method == "GET" or (choice and not choice.is_valid() and not is_fragment(request)):
        status = 422 if request.method == "POST" else 200
        return render(request, "store/add.html", adding.shown(form, choice), status=status)
    if choice and not choice.is_valid():
        return unchosen(request, form, choice)
    if not shown.max_quantity:
        return answer(request, error=f"{offer}: {shown.state_text}", status=409)
    try:
        line = carts.add(
            carts.ensure(request, shop), offer, quantity, details=asking.chosen(choice),
            page_id=form.cleaned_data["source"],
        )  # fmt: skip
    except CannotBeSold as error:
        field = "quantity" if error.reason == "too_many" else ""
        return answer(request, error=words.cannot_be_sold(error), field=field, status=409)
    return answer(request, said=_("In your basket: %(title)s") % {"title": line.offer})


def unchosen(request: HttpRequest, form: AddToCart, choice: Form) -> HttpResponse:
    """Something is still to be chosen: the field that is wrong, and the page where it is chosen."""
    said = form.cleaned_data
    field = next(iter(choice.errors))
    query = urlencode({"offer": said["offer"].pk, "quantity": said["quantity"], "source": said["source"] or ""})
    way = (f"{reverse('store:add')}?{query}", _("Choose"))
    return answer(request, error=" ".join(str(one) for one in choice.errors[field]), field=field, status=422, way=way)


def answer(
    request: HttpRequest,
    *,
    said: str = "",
    error: str = "",
    field: str = "",
    status: int = 200,
    way: tuple[str, str] = ("", ""),
) -> HttpResponse:
    """For the script JSON with words to announce, and the field that is wrong; for a page the basket itself."""
    if is_fragment(request):
        notice = {
            "text": error or said,
            "wrong": bool(error),
            "url": way[0] or reverse("store:cart"),
            "link": way[1] or _("See the basket"),
        }
        html = render_to_string("components/notice.html", notice, request)
        told = {"said": said, "error": error, "field": field, "html": html, "basket": carts.units(request)}
        return JsonResponse(told, status=status)
    return show(request, said=said, error=error, status=status) if error else redirect("store:cart")


@require_http_methods(["GET"])
def cart(request: HttpRequest) -> HttpResponse:
    """The basket."""
    return show(request)


def show(
    request: HttpRequest,
    *,
    said: str = "",
    error: str = "",
    at: int = 0,
    undone: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The basket with a word to the buyer; `at`: key of the line whose number was refused."""
    found = carts.current(request)
    mine = request.session.get(paying.MINE, [])
    context = {
        "said": said,
        "error": error,
        "waiting": paying.unpaid(request),
        "home_url": reverse("feed-rss").split("feed")[0],
        **content(found, mine),
    }
    for line in context["lines"]:  # type: ignore[attr-defined]
        line["invalid"] = bool(at) and line["id"] == at
    if undone:
        context["lines"] = [*context["lines"], undone]  # type: ignore[misc]
    name = "store/cart_lines.html" if is_fragment(request) else "store/cart.html"
    return render(request, name, context, status=status)


def content(found: Cart | None, mine: Collection[str]) -> dict[str, object]:
    """Lines with their present price and state, and the total of goods that can be bought."""
    rows = list(found.lines.all()) if found else []
    if found is None or not rows:
        return {"lines": [], "totals": [], "total": 0, "currency": "EUR"}
    locale = (get_language() or "fr").split("-")[0]
    known = {offer.pk: offer for offer in Offer.objects.filter(pk__in=[row.offer_id for row in rows]).with_sellables()}
    to = selling.audiences(found.user) | wants.granted(wants.Wish(offer, 1) for offer in known.values())
    batch = offers.load(known.values(), locale, with_prior=False, mine=mine, to=to)
    lines = [line_of(row, known[row.offer_id], batch, locale) for row in rows]
    total = sum(line["amount"] for line in lines if line["max_quantity"])
    row = {"label": _("Goods"), "note": "", "amount": total, "is_total": True}
    return {"lines": lines, "totals": [row], "total": total, "currency": found.shop.currency}


def line_of(row: CartLine, offer: Offer, batch: offers.Batch, locale: str) -> dict[str, Any]:
    """A line as the component shows it; a changed price and a state that stops it are said."""
    choice = offers.choice(offer, "", batch)
    note = _price_note(row, choice, batch)
    sellable = offer.sellable
    page = sellable.page_in(locale) if sellable else None
    details = sellable.lines_of(row.details, locale) if sellable and row.details else []
    return {
        "id": row.pk, "title": sellable.title(locale) if sellable else "", "label": " · ".join(details),
        "url": page.url if page else "", "image": sellable.picture() if sellable else None, "quantity": row.quantity,
        "max_quantity": choice.max_quantity, "amount": choice.amount * row.quantity,
        "note": choice.state_text or note, "wrong": not choice.max_quantity, "undone": False,
    }  # fmt: skip


def _price_note(row: CartLine, choice: offers.OfferChoice, batch: offers.Batch) -> str:
    """Whose price it is, where it is not everybody's; else that it changed since it was put in."""
    quote = batch.quotes.get(choice.offer_id)
    public = batch.prices.public.get(choice.offer_id)
    if quote and quote.audience and public:
        named = audiences.known().get(quote.audience)
        given = {"who": named.label if named else "", "was": money.text(public, choice.currency)}
        return _("%(who)s price, %(was)s for others") % given
    if choice.amount != row.unit_seen and choice.max_quantity:
        return _("The price changed: %(was)s before.") % {"was": money.text(row.unit_seen, choice.currency)}
    return ""


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """One less, one more, a number, out, or back in: the component's buttons."""
    found = carts.current(request)
    if found is None:
        return redirect("store:cart")
    post = request.POST
    line_id, quantity = number(post.get("line", "")), number(post.get("quantity") or "1")
    if line_id is None or quantity is None:
        return show(request, error=_("Type a number."), at=line_id or 0, status=422)
    quantity = 0 if post.get("remove") else quantity + bool(post.get("more")) - bool(post.get("less"))
    try:
        if post.get("undo"):
            carts.put_back(found, request.session.pop("taken_out", None))
            return answer_change(request, _("It is in your basket again."))
        line = carts.change(found, line_id, quantity)
    except CannotBeSold as error:
        return show(request, error=words.cannot_be_sold(error), at=line_id, status=409)
    if quantity <= 0 and line:
        request.session["taken_out"] = carts.remember(line)
        undone = {"id": line_id, "title": str(line.offer), "undone": True}
        return show(request, said=_("Taken out: %(title)s") % {"title": line.offer}, undone=undone)
    return answer_change(request, _("Basket changed."))


def number(text: str) -> int | None:
    """What was typed, as a whole number; None when it is none."""
    try:
        return int(text)
    except ValueError:
        return None


def answer_change(request: HttpRequest, said: str) -> HttpResponse:
    """For the script the new lines, for a page the basket by GET."""
    return show(request, said=said) if is_fragment(request) else redirect("store:cart")
