"""What costs money: refund, cancel, decide about stuck money. Shown, confirmed, then done by a verb."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from core import money
from store import fulfilment, orders, refunds
from store.exceptions import OutOfStock
from store.models import MoveNotAllowed, Order, Refund
from store.owner import order_forms
from store.owner.order_actions import ask_stripe
from store.owner.order_page import OrderPage, find, may_cancel
from store.owner.pages import note_down


class MoneyPage(OrderPage):
    """A form, then the same with everything said once more, then the deed."""

    permission = "store.change_order"
    title: Any = ""

    def get_page_title(self) -> str:
        return f"{self.title} – {self.order.number}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.order = find(kwargs["pk"])
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.order = find(kwargs["pk"])
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        if "edit" in request.POST:
            return self.show(form)
        if "confirmed" not in request.POST:
            return self.show(form, is_confirming=True)
        return self.act(form) or redirect("owner:order", self.order.pk)

    def show(self, form: Any, *, is_confirming: bool = False, status: int = 200) -> HttpResponse:
        context = {**self.get_context_data(), "form": form, "is_confirming": is_confirming}
        return self.render_to_response(context, status=status)

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError

    def act(self, form: Any) -> HttpResponse | None:
        raise NotImplementedError


class RefundPage(MoneyPage):
    """Give back units, a gesture, delivery, or all."""

    template_name = "store/owner/refund.html"
    title = gettext_lazy("Refund")

    def form(self, data: Any = None) -> order_forms.RefundForm:
        whole = data is None and "all" in self.request.GET
        return order_forms.RefundForm(
            data, order=self.order, initial=order_forms.everything(self.order) if whole else None
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same confirmation once more finds what the first one did, even where nothing is left to give back."""
        with suppress(ValueError):
            if refunds.is_asked(find(kwargs["pk"]), uuid.UUID(request.POST.get("key", ""))):
                return self._asked_before()
        return super().post(request, *args, **kwargs)

    def _asked_before(self) -> HttpResponse:
        messages.warning(self.request, _("This refund was asked for already; nothing was given back twice."))
        return redirect("owner:order", self.kwargs["pk"])

    def act(self, form: order_forms.RefundForm) -> HttpResponse | None:
        typed = form.cleaned_data
        try:
            refunds.start(
                self.order, form.wanted, reason=typed["reason"], restock=typed["restock"], by=self.request.user
            )
        except refunds.AlreadyAsked:
            return self._asked_before()
        except refunds.TooMuch as error:
            left = money.text(error.left, self.order.currency)
            form.add_error(None, _("Meanwhile something was given back: only %(amount)s is left.") % {"amount": left})
            return self.show(form, status=422)
        note_down(self.request, self.order, "refund", amount=form.amount, reason=typed["reason"])
        if not form.amount:
            messages.success(self.request, _("Taken back. There was no money to give back."))
        ask_stripe(self.request, self.order)
        return None


class CancelPage(MoneyPage):
    """End a paid order that has not left: all is given back, all units are free again."""

    template_name = "store/owner/cancel.html"
    title = gettext_lazy("Cancel")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.order = find(kwargs["pk"])
        if not may_cancel(self.order):
            messages.warning(request, _("A parcel has left or the order is over: give back units by a refund instead."))
            return redirect("owner:order", self.order.pk)
        return super().get(request, *args, **kwargs)

    def form(self, data: Any = None) -> order_forms.ReasonForm:
        return order_forms.ReasonForm(data)

    def act(self, form: order_forms.ReasonForm) -> HttpResponse | None:
        try:
            refunds.cancel(self.order, reason=form.cleaned_data["reason"], by=self.request.user)
        except MoveNotAllowed:
            form.add_error(None, _("A parcel has left or the order is over: give back units by a refund instead."))
            return self.show(form, status=422)
        note_down(self.request, self.order, "cancel", reason=form.cleaned_data["reason"])
        messages.success(self.request, _("Cancelled. The buyer is told."))
        ask_stripe(self.request, self.order)
        return None


# What can be decided, by what is wrong: (choice, words). The first is preselected nowhere: she chooses.
HONOUR = ("honour", gettext_lazy("Send it all the same"))
SETTLED = ("settled", gettext_lazy("It is settled, nothing more to do"))
CANCEL = ("cancel", gettext_lazy("Cancel the order and give everything back"))
CHOICES: dict[str, list[tuple[str, Any]]] = {
    Order.Attention.OVERSOLD: [HONOUR, ("refund_short", gettext_lazy("Give back what cannot be sent"))],
    Order.Attention.MISMATCH: [("honour", gettext_lazy("Accept the amount and send it")), CANCEL],
    Order.Attention.DOUBLE: [("give_back", gettext_lazy("Give back the second payment")), SETTLED],
    Order.Attention.REFUND_FAILED: [
        ("again", gettext_lazy("Ask Stripe for it again")),
        ("settled", gettext_lazy("I gave it back otherwise")),
    ],
    Order.Attention.INCOMPLETE: [HONOUR, CANCEL],
    Order.Attention.EARLY_FRAUD: [
        CANCEL,
        ("honour", gettext_lazy("I know the buyer: go on with the order")),
    ],
    Order.Attention.UNBILLED: [SETTLED],
    Order.Attention.AFTER_END: [CANCEL, SETTLED],
    Order.Attention.DISPUTE_LOST: [HONOUR, SETTLED],
    Order.Attention.DISPUTE: [("honour", gettext_lazy("The dispute is over: go on with the order")), SETTLED],
}


class DecideForm(forms.Form):
    """One of the ways out of the gravest reason; that reason comes along, so that a second click decides nothing else."""

    reason = forms.CharField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(label=gettext_lazy("What do you decide?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in CHOICES.get(order.attention, []) if choice[0] != "cancel" or may_cancel(order)]
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]
        self.fields["reason"].initial = order.attention


class DecidePage(MoneyPage):
    """What to do about an order whose money is stuck."""

    template_name = "store/owner/decide.html"
    title = gettext_lazy("Decide")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.order = find(kwargs["pk"])
        if not self.order.attention:
            messages.success(request, _("Nothing is to be decided here any more."))
            return redirect("owner:order", self.order.pk)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if find(kwargs["pk"]).attention != request.POST.get("reason", ""):
            messages.warning(request, _("The order changed meanwhile: look at it again."))
            return redirect("owner:order", kwargs["pk"])
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        short = [line for line in self.order.lines.all() if fulfilment.is_short(line)]
        failed = self.order.refunds.filter(state=Refund.State.FAILED).order_by("-pk").first()
        return {**super().get_context_data(**kwargs), "short": short, "failed": failed, "attention": self._why()}

    def form(self, data: Any = None) -> DecideForm:
        return DecideForm(data, order=self.order)

    def act(self, form: DecideForm) -> HttpResponse | None:
        choice = form.cleaned_data["choice"]
        deeds: dict[str, Callable[[], None]] = {
            "cancel": self._cancel, "refund_short": self._refund_short, "give_back": self._give_back, "again": self._again,
        }  # fmt: skip
        try:
            with transaction.atomic():
                deeds.get(choice, lambda: None)()
                orders.resolve(self.order, form.cleaned_data["reason"], by=self.request.user, honour=choice == "honour")
        except OutOfStock as error:
            text = _("Only %(n)s on the shelf: put the units into the stock first, then come back.")
            form.add_error(None, text % {"n": error.free})
        except refunds.TooMuch as error:
            left = money.text(error.left, self.order.currency)
            form.add_error(None, _("Only %(amount)s of this payment is left to give back.") % {"amount": left})
        except MoveNotAllowed:
            form.add_error(None, _("The order changed meanwhile: look at it again."))
        if form.errors:
            return self.show(form, status=422)
        note_down(self.request, self.order, "decide", choice=choice)
        messages.success(self.request, _("Settled."))
        ask_stripe(self.request, self.order)
        return None

    def _why(self) -> str:
        return str(self.order.get_attention_display())

    def _cancel(self) -> None:
        refunds.cancel(self.order, reason=self._why(), by=self.request.user)

    def _refund_short(self) -> None:
        units = {
            line.pk: line.quantity - line.refunded_quantity
            for line in self.order.lines.all() if fulfilment.is_short(line)
        }  # fmt: skip
        refunds.start(self.order, refunds.Wanted(units), reason=self._why(), by=self.request.user)

    def _give_back(self) -> None:
        second = self.order.payments.order_by("pk").last()
        if second:
            refunds.give_back(second, reason=self._why(), by=self.request.user)

    def _again(self) -> None:
        for failed in self.order.refunds.filter(state=Refund.State.FAILED):
            refunds.again(failed, by=self.request.user)
