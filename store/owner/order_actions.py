"""What the owner does with an order. Each calls one verb, says what happened, and goes back to the order."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from core import money
from store import fulfilment, orders, refunds, tasks
from store.exceptions import StripeUnavailable
from store.models import Order, Parcel, Refund, Stock
from store.owner.order_forms import BuyerForm, NoteForm, ShipForm, SplitForm
from store.owner.order_page import OrderPage, find
from store.owner.pages import note_down


class Action(OrderPage):
    """POST only; `act` returns a page when something must be typed again."""

    permission = "store.change_order"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.order = find(kwargs["pk"])
        return self.act() or redirect("owner:order", self.order.pk)

    def act(self) -> HttpResponse | None:
        raise NotImplementedError

    def again(self, name: str, form: Any) -> HttpResponse:
        """The same page with what was typed and what is wrong with it."""
        self.bound[name] = form
        return self.render_to_response(self.get_context_data(), status=422)

    def parcel(self) -> Parcel | None:
        """The parcel of the address, if it is still there."""
        return next((row for row in self.order.parcels.all() if row.pk == self.kwargs["parcel"]), None)


class Ship(Action):
    """The parcel leaves, or waits to be picked up; the buyer is told."""

    def act(self) -> HttpResponse | None:
        parcel = self.parcel()
        if parcel is None:
            messages.warning(self.request, _("This parcel is there no more: the order changed meanwhile."))
            return None
        withdrawn = fulfilment.is_withdrawn(self.order)
        form = ShipForm(self.request.POST, prefix=f"p{parcel.pk}", is_withdrawn=withdrawn)
        if not form.is_valid():
            return self.again(f"ship-{parcel.pk}", form)
        short = not_on_hand(parcel)
        if short:
            form.add_error(None, _("Not enough on the shelf of %(pool)s: count it first.") % {"pool": short})
            return self.again(f"ship-{parcel.pk}", form)
        if fulfilment.ship(parcel, by=self.request.user, **form.cleaned_data):
            note_down(self.request, self.order, "ship", parcel=parcel.number)
            text = _("Ready: %(name)s is told.") if self.order.is_pickup else _("Sent: %(name)s is told.")
            messages.success(self.request, text % {"name": self.order.name})
        else:
            messages.warning(self.request, _("Nothing was sent: the order changed meanwhile."))
        return None


def not_on_hand(parcel: Parcel) -> Stock | None:
    """A pool that has fewer units than the parcel takes from it."""
    wanted: dict[Stock, int] = {}
    for row in parcel.lines.all():
        for hold in row.line.holds.filter(state="kept").select_related("stock"):
            wanted[hold.stock] = wanted.get(hold.stock, 0) + row.quantity
    return next((pool for pool, units in wanted.items() if units > pool.on_hand), None)


class Split(Action):
    """Some units leave in a parcel of their own."""

    def act(self) -> HttpResponse | None:
        parcel = self.parcel()
        if parcel is None:
            messages.warning(self.request, _("This parcel is there no more: the order changed meanwhile."))
            return None
        form = SplitForm(self.request.POST, parcel=parcel, prefix=f"s{parcel.pk}")
        if not form.is_valid():
            return self.again(f"split-{parcel.pk}", form)
        other = fulfilment.split(parcel, form.units())
        if other is None:
            form.add_error(None, _("Type how many units leave separately; at least one must stay."))
            return self.again(f"split-{parcel.pk}", form)
        self.order.record("split", by=self.request.user, parcel=other.number)
        note_down(self.request, self.order, "split", parcel=other.number)
        messages.success(self.request, _("Parcel %(n)s is made.") % {"n": other.number})
        return None


class Deliver(Action):
    """The buyer has it: the days to withdraw start."""

    def act(self) -> None:
        if fulfilment.deliver(self.order, by=self.request.user):
            note_down(self.request, self.order, "deliver")
            messages.success(self.request, _("Written down: the buyer has it."))
        else:
            messages.warning(self.request, _("Nothing changed: not everything has left yet."))


class MakeParcel(Action):
    """A paid order without a parcel gets one."""

    def act(self) -> None:
        fulfilment.fulfil(self.order.pk)
        note_down(self.request, self.order, "parcel")


class Note(Action):
    """A word of the owner for herself."""

    def act(self) -> HttpResponse | None:
        form = NoteForm(self.request.POST)
        if not form.is_valid():
            return self.again("note", form)
        self.order.record("note", by=self.request.user, text=form.cleaned_data["text"])
        messages.success(self.request, _("Noted."))
        return None


class Correct(Action):
    """Who bought and where it goes, put right."""

    def act(self) -> HttpResponse | None:
        form = BuyerForm(self.request.POST, instance=find(self.order.pk), auto_id="id_buyer_%s")
        if not form.is_valid():
            return self.again("buyer", form)
        changed = orders.correct(self.order, form.cleaned_data, by=self.request.user)
        if changed:
            note_down(self.request, self.order, "correct", fields=changed)
            messages.success(self.request, _("Put right."))
        else:
            messages.warning(self.request, _("Nothing changed."))
        return None


class NoteRead(Action):
    """The buyer's word was read: it leaves the desk."""

    def act(self) -> None:
        if not self.order.events.filter(kind="note_read").exists():
            self.order.record("note_read", by=self.request.user)


class SendReceipt(Action):
    """The receipt goes out once more, to the address of the order."""

    def act(self) -> None:
        if not self.order.paid_at:
            messages.warning(self.request, _("There is no receipt: this order is not paid."))
            return
        times = self.order.events.filter(kind="receipt_again").count() + 2
        tasks.mail.enqueue(self.order.pk, f"receipt:{times}")
        self.order.record("receipt_again", by=self.request.user, to=self.order.email)
        note_down(self.request, self.order, "receipt")
        messages.success(self.request, _("The receipt is on its way to %(email)s.") % {"email": self.order.email})


def ask_stripe(request: HttpRequest, order: Order) -> None:
    """Take the order's refunds to Stripe now and say what it answers; the task would do the same a little later."""
    for refund in order.refunds.filter(state=Refund.State.ASKED):
        amount = money.text(refund.amount, order.currency)
        try:
            said = refunds.send(refund.pk)
        except StripeUnavailable:
            text = _(
                "Stripe does not answer now. The refund of %(amount)s is written down and is asked for again by itself."
            )
            messages.warning(request, text % {"amount": amount})
            continue
        if said.state == Refund.State.FAILED:
            messages.error(
                request, _("Stripe refused the refund of %(amount)s: %(why)s") % {"amount": amount, "why": said.error}
            )
        elif said.state == Refund.State.SUCCEEDED:
            messages.success(request, _("%(amount)s given back.") % {"amount": amount})
        else:
            messages.success(request, _("The refund of %(amount)s is on its way.") % {"amount": amount})
