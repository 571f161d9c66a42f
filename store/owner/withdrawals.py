"""Withdrawals as the owner answers them: which order is meant, until when, and off the desk once it is done."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from core.models import Shop
from core.paging import paginate
from store import desk, withdrawal
from store.models import Order, Withdrawal
from store.owner.pages import OwnerPage, note_down


class OrderField(forms.CharField):
    """An order's number."""

    def clean(self, value: Any) -> Order:
        typed = super().clean(value).strip().upper()
        found = Order.objects.for_shop(Shop.objects.current()).filter(number=typed).first()
        if found is None:
            raise forms.ValidationError(_("There is no order with this number."))
        return found


class MatchForm(forms.Form):
    """Which order is meant."""

    order = OrderField(label=gettext_lazy("Order number"), max_length=12)


@transaction.atomic
def answer(row: Withdrawal, *, by: Any) -> bool:
    """It is dealt with. False: it was already."""
    changed = Withdrawal.objects.filter(pk=row.pk, answered_at=None).update(answered_at=timezone.now())
    if changed and row.order:
        row.order.record("withdrawal_answered", by=by)
    return bool(changed)


class Withdrawals(OwnerPage):
    """All of them, those that wait first."""

    template_name = "store/owner/withdrawals.html"
    page_title = gettext_lazy("Withdrawals")
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Withdrawal.objects.filter(shop=Shop.objects.current()).select_related("order")
        waiting, done = rows.filter(answered_at=None), rows.exclude(answered_at=None)
        return {
            **super().get_context_data(**kwargs),
            "waiting": [
                {"row": row, "until": row.received_at + desk.REFUND_WITHIN} for row in waiting.order_by("received_at")
            ],
            "done": paginate(self.request, done, 30),
        }


class WithdrawalPage(OwnerPage):
    """One of them: what was said, about which order, and what to do."""

    template_name = "store/owner/withdrawal.html"
    trail = (("owner:withdrawals", gettext_lazy("Withdrawals")),)
    header_icon = "mail"
    row: Withdrawal

    def get_page_title(self) -> str:
        return self.row.name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = self.find()
        return self.show(MatchForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = self.find()
        if not request.user.has_perm("store.change_order"):
            return redirect("owner:withdrawal", self.row.pk)
        if "answered" in request.POST:
            if answer(self.row, by=request.user):
                note_down(request, self.row, "withdrawal")
                messages.success(request, _("Off your desk."))
            return redirect("owner:withdrawals")
        form = MatchForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        Withdrawal.objects.filter(pk=self.row.pk).update(order=form.cleaned_data["order"])
        form.cleaned_data["order"].record("withdrawal", by=request.user, withdrawal=self.row.pk)
        return redirect("owner:withdrawal", self.row.pk)

    def find(self) -> Withdrawal:
        rows = Withdrawal.objects.filter(shop=Shop.objects.current()).select_related("order")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def show(self, form: MatchForm, status: int = 200) -> HttpResponse:
        order = self.row.order
        right = withdrawal.deadline(order) if order else None
        context = {
            **self.get_context_data(), "row": self.row, "order": order, "form": form, "right": right,
            "in_time": right.is_open(self.row.received_at) if right else None,
            "same_email": bool(order and order.email.lower() == self.row.email.lower()),
            "until": self.row.received_at + timedelta(days=withdrawal.DAYS),
            "may_change": self.request.user.has_perm("store.change_order"),
        }  # fmt: skip
        return self.render_to_response(context, status=status)
