"""The withdrawal function (L221-21, D221-5): two steps, no account, no reason, the same answer to everybody."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import limits
from core.models import Shop
from store import documents, links, withdrawal
from store.aftersale_forms import WithdrawalForm
from store.models import Order
from store.views.tracking import discreet

PER_ADDRESS = 10
PER_MAIL = 3
"""Receipts at once to one address in an hour; what is declared beyond is stored, its receipt follows."""
STRANGERS = 20
HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: HttpRequest) -> HttpResponse:
    """Step one: the statement. Step two: confirm it. Then the receipt, on the page and by mail."""
    if request.method != "POST":
        return show(request, WithdrawalForm(initial=filled_in(request.GET.get("order", ""))))
    form = WithdrawalForm(request.POST)
    if "change" in request.POST or not form.is_valid():
        return show(request, form, status=200 if form.is_valid() else 422)
    if "confirm" in request.POST:
        return confirm(request, form)
    return review(request, form)


def filled_in(signed: str) -> dict[str, str]:
    """What the signed link of an order page fills in."""
    order = known(signed)
    if order is None:
        return {}
    return {"name": order.name, "contract": order.number, "email": order.email, "order": signed}


def known(signed: str) -> Order | None:
    """The order of a signed link."""
    try:
        return links.read(signed) if signed else None
    except (links.BadLink, links.ExpiredLink):
        return None


def show(request: HttpRequest, form: WithdrawalForm, status: int = 200) -> HttpResponse:
    """The form; a statement that was not confirmed is changed here, nothing typed is lost."""
    return discreet(render(request, "store/withdraw/form.html", {"form": form}, status=status), "same-origin")


def review(request: HttpRequest, form: WithdrawalForm, *, too_many: bool = False) -> HttpResponse:
    """What will be declared, word for word, above the button that declares it."""
    token = request.POST.get("token") or str(uuid.uuid4())
    context = {"form": form, "token": token, "too_many": too_many, "said": form.cleaned_data}
    page = render(request, "store/withdraw/confirm.html", context, status=429 if too_many else 200)
    return discreet(page, "same-origin")


def confirm(request: HttpRequest, form: WithdrawalForm) -> HttpResponse:
    """Store it. Nothing is looked up before, so nobody learns which orders exist; no address is ever refused."""
    said = form.statement(request.LANGUAGE_CODE)
    try:
        token = uuid.UUID(request.POST.get("token", ""))
        limits.spend("withdrawal", [f"ip:{limits.address_of(request)}"], limit=PER_ADDRESS, seconds=HOUR)
    except ValueError:
        return review(request, form)
    except limits.TooMany:
        return review(request, form, too_many=True)
    shop = Shop.objects.current()
    later = None if is_holder(known(form.cleaned_data["order"]), said) else slowed(shop, said)
    row = withdrawal.declare(shop, said, token, receipt_from=later)
    paris = timezone.localtime(row.received_at, withdrawal.PARIS)
    return discreet(render(request, "store/withdraw/received.html", {"withdrawal": row, "received_paris": paris}))


def is_holder(order: Order | None, said: withdrawal.Statement) -> bool:
    """Whether who speaks came by the signed link of a paid order, and has the receipt sent to that order's address."""
    return bool(order and order.paid_at and order.email.lower() == said.email.lower())


def slowed(shop: Shop, said: withdrawal.Statement) -> datetime | None:
    """When the receipt may go, where not at once (UTC): no relay for strangers' words.

    An address that many statements name, and many addresses that never bought, get their receipts later.
    """
    try:
        limits.spend("withdrawal", [f"mail:{said.email.lower()}"], limit=PER_MAIL, seconds=HOUR)
        if not Order.objects.for_shop(shop).with_money().filter(email__iexact=said.email).exists():
            limits.spend("withdrawal-strangers", [str(shop.pk)], limit=STRANGERS, seconds=HOUR)
    except limits.TooMany as error:
        return error.retry_at
    return None


@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """The notice and the model form as PDF, for who prefers paper. Public: the same for everybody."""
    locale = request.LANGUAGE_CODE
    url = links.absolute("store:withdraw", locale=locale)
    content = documents.withdrawal_form(Shop.objects.current().snapshot(), url, locale)
    response = HttpResponse(content, content_type="application/pdf")
    response.is_public = True  # type: ignore[attr-defined]
    return response
