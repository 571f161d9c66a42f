"""The address book on the account's pages: look, add, put right, delete after a question."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from store import addresses
from store.forms import AddressForm
from store.models import Address

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@login_required
def book(request: HttpRequest) -> HttpResponse:
    """All addresses, and a form for another one."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            addresses.keep(request.user, form.cleaned_data, first=form.cleaned_data["is_default"])
        except addresses.BookFull:
            form.add_error(None, _("Twenty addresses are enough: delete one first."))
        else:
            return redirect("store:addresses")
    rows = Address.objects.of(request.user)
    status = 422 if request.method == "POST" else 200
    return render(request, "store/address_book.html", {"rows": rows, "form": form}, status=status)


def _mine(request: HttpRequest, key: uuid.UUID) -> Any:
    return get_object_or_404(Address.objects.of(request.user), key=key)


@require_http_methods(METHODS)
@login_required
def edit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Put one right."""
    row = _mine(request, key)
    form = AddressForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        addresses.change(row, form.cleaned_data, first=form.cleaned_data["is_default"])
        return redirect("store:addresses")
    status = 422 if request.method == "POST" else 200
    return render(request, "store/address.html", {"row": row, "form": form}, status=status)


@require_http_methods(METHODS)
@login_required
def delete(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask, then delete."""
    row = _mine(request, key)
    if request.method == "POST":
        addresses.remove(row)
        return redirect("store:addresses")
    return render(request, "store/address_delete.html", {"row": row})
