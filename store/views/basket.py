"""The basket's pages: see, add, change, take out and put back."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.models import Shop
from store import cart as carts
from store import offers, pricing, words
from store.exceptions import CannotBeSold
from store.forms import AddToCart
from store.models import Cart, CartLine


def is_fragment(request: HttpRequest) -> bool:
    """Asked for by our script, to stand inside a page."""
    return request.headers.get("X-Fragment") == "1"


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """GET: what would be added, with a button. POST: put it in; our script gets the new badge."""
    shop = Shop.objects.current()
    form = AddToCart(request.POST or request.GET, shop=shop)
    if not form.is_valid():
        return answer(request, error=_("This can no longer be bought."), status=410)
    offer, quantity = form.cleaned_data["offer"], form.cleaned_data["quantity"]
    if request.method == "GET":
        return render(request, "store/add.html", {"form": form, "offer": offer, "quantity": quantity})
    try:
        line = carts.add(carts.ensure(request, shop), offer, quantity, page_id=form.cleaned_data["source"])
    except CannotBeSold as error:
        return answer(request, error=words.cannot_be_sold(error), status=409)
    return answer(request, said=_("In your basket: %(title)s") % {"title": line.offer})


def answer(request: HttpRequest, *, said: str = "", error: str = "", status: int = 200) -> HttpResponse:
    """For the script JSON with words to announce; for a page the basket itself."""
    if is_fragment(request):
        return JsonResponse({"said": said, "error": error, "basket": carts.units(request)}, status=status)
    return show(request, said=said, error=error, status=status) if error else redirect("store:cart")


@require_http_methods(["GET"])
def cart(request: HttpRequest) -> HttpResponse:
    """The basket."""
    return show(request)


def show(
    request: HttpRequest, *, said: str = "", error: str = "", removed: CartLine | None = None, status: int = 200
) -> HttpResponse:
    """The basket with a word to the buyer."""
    found = carts.current(request)
    context = {"said": said, "error": error, "removed": removed, **content(found)}
    name = "store/cart_lines.html" if is_fragment(request) else "store/cart.html"
    return render(request, name, context, status=status)


def content(found: Cart | None) -> dict[str, object]:
    """Lines with their present price and state, and the total of goods."""
    if found is None:
        return {"lines": [], "total": 0, "currency": "EUR"}
    rows = list(found.lines.select_related("offer__kind"))
    batch = offers.load([row.offer for row in rows], "fr") if rows else None
    lines = []
    for row in rows:
        quote = pricing.quote(row.offer, quantity=row.quantity)
        state = offers.status(row.offer, batch) if batch else ("", "", 0)
        lines.append({"row": row, "quote": quote, "state": state[0], "state_text": state[1], "most": state[2]})
    total = sum(line["quote"].amount for line in lines if line["quote"] and line["most"])  # type: ignore[union-attr, attr-defined]
    return {"lines": lines, "total": total, "currency": found.shop.currency}


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Set a line's units; a line taken out can be put back by the same answer."""
    found = carts.current(request)
    if found is None:
        return redirect("store:cart")
    try:
        line_id, quantity = int(request.POST.get("line", "")), int(request.POST.get("quantity", ""))
    except ValueError:
        return show(request, error=_("Type a number."), status=422)
    try:
        line = carts.change(found, line_id, quantity)
    except CannotBeSold as error:
        return show(request, error=words.cannot_be_sold(error), status=409)
    if quantity <= 0 and line:
        return show(request, said=_("Taken out: %(title)s") % {"title": line.offer}, removed=line)
    return show(request, said=_("Basket changed.")) if is_fragment(request) else redirect("store:cart")
