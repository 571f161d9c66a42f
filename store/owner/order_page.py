"""One order: buyer, lines, money, parcels, timeline, and what can be done now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core.models import Shop
from store import desk, fulfilment, refunds
from store.fulfilment import WITHHELD
from store.models import Order, Parcel
from store.owner import spoken, timeline
from store.owner.order_forms import BuyerForm, NoteForm, ShipForm, SplitForm
from store.owner.order_list import state_words
from store.owner.pages import NeedsPermission, OwnerPage


def find(pk: int) -> Order:
    """The order of this shop with all that its page shows; 404 for another's."""
    rows = Order.objects.for_shop(Shop.objects.current()).select_related("delivery_method", "user", "shop", "terms")
    rows = rows.prefetch_related(
        "lines__source_page", spoken.LINES, "parcels__lines", "events__by", "payments", "refunds__lines", "refunds__by",
        "withdrawals", "concerns",
    )  # fmt: skip
    order = get_object_or_404(rows, pk=pk)
    spoken.prepare([order])
    return order


class OrderPage(OwnerPage):
    """`bound` holds forms that came back with errors, so that nothing typed is lost."""

    template_name = "store/owner/order.html"
    trail = (("owner:orders", gettext_lazy("Orders")),)
    header_icon = "list-ul"
    order: Order

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.bound: dict[str, Any] = {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.order = find(kwargs["pk"])
        return self.render_to_response(self.get_context_data())

    def get_page_title(self) -> str:
        return _("Order %(number)s") % {"number": self.order.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.order
        may_change = self.request.user.has_perm("store.change_order")
        return {
            **super().get_context_data(**kwargs),
            "order": order,
            "state": state_words(order),
            "attention": order.concern_words,
            "vat": vat(order),
            "parcels": [self._parcel(parcel, may_change=may_change) for parcel in order.parcels.all()],
            "timeline": timeline.of(order),
            "note_form": self.bound.get("note") or NoteForm(),
            "buyer_form": self.bound.get("buyer") or BuyerForm(instance=order, auto_id="id_buyer_%s"),
            "is_buyer_open": "buyer" in self.bound,
            "may_change": may_change,
            "left": sum(refunds.left_to_refund(payment) for payment in order.payments.all()),
            "paid": sum(payment.amount for payment in order.payments.all()),
            "can_cancel": may_change and may_cancel(order),
            "can_deliver": may_change and order.state == Order.State.SHIPPED,
            "is_withheld": order.attention in WITHHELD,
            "has_unread_note": desk.unread_notes(order.shop).filter(pk=order.pk).exists(),
            "waits_for_parcel": desk.to_send(order.shop).filter(pk=order.pk, parcels=None).exists(),
        }

    def _parcel(self, parcel: Parcel, *, may_change: bool) -> dict[str, Any]:
        can_ship = (
            not parcel.shipped_at and self.order.state == Order.State.PAID and self.order.attention not in WITHHELD
        )
        units = sum(row.quantity for row in parcel.lines.all())
        return {
            "parcel": parcel,
            "tracking_link": parcel.tracking_link(),
            "can_ship": may_change and can_ship,
            "ship": self.bound.get(f"ship-{parcel.pk}")
            or ShipForm(
                initial={"carrier": parcel.carrier},
                prefix=f"p{parcel.pk}",
                is_withdrawn=fulfilment.is_withdrawn(self.order),
            ),
            "split": (self.bound.get(f"split-{parcel.pk}") or SplitForm(parcel=parcel, prefix=f"s{parcel.pk}"))
            if can_ship and units > 1
            else None,
            "is_split_open": f"split-{parcel.pk}" in self.bound,
        }


def may_cancel(order: Order) -> bool:
    """Paid, and nothing has left."""
    return order.state == Order.State.PAID and not any(parcel.shipped_at for parcel in order.parcels.all())


def vat(order: Order) -> list[dict[str, Any]]:
    """VAT contained, by rate in percent; empty in franchise."""
    if order.is_franchise:
        return []
    rates: dict[int, int] = {}
    for line in order.lines.all():
        rates[line.tax_bp] = rates.get(line.tax_bp, 0) + line.tax
    if order.shipping_amount:
        rates[order.shipping_tax_bp] = rates.get(order.shipping_tax_bp, 0) + order.shipping_tax
    return [{"rate": f"{bp / 100:g}".replace(".", ","), "amount": amount} for bp, amount in sorted(rates.items())]


class Slips(NeedsPermission, TemplateView):
    """Packing slips to print: of one order, or of all in one of the desk's lists."""

    template_name = "store/owner/slips.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shop = Shop.objects.current()
        rows = (
            Order.objects.for_shop(shop)
            .select_related("delivery_method")
            .prefetch_related(spoken.LINES, "parcels__lines")
        )
        if "pk" in kwargs:
            chosen = [get_object_or_404(rows, pk=kwargs["pk"])]
        else:
            chosen = list(rows.filter(pk__in=self._waiting(shop)).order_by("paid_at")[:200])
        spoken.prepare(chosen)
        prices = self.request.GET.get("prices") == "1"
        return {
            **super().get_context_data(**kwargs),
            "shop": shop,
            "slips": [slip(order) for order in chosen],
            "prices": prices,
        }

    def _waiting(self, shop: Shop) -> Any:
        asked = self.request.GET.get("todo", "pack")
        rows = desk.to_send(shop)
        return (rows if asked == "late" else rows.filter(is_pickup=asked == "pickup")).values("pk")


def slip(order: Order) -> dict[str, Any]:
    """An order and the rows to pack: what waits in parcels, else all that is owed."""
    waiting = [parcel for parcel in order.parcels.all() if not parcel.shipped_at]
    rows = [(row.line, row.quantity) for parcel in waiting for row in parcel.lines.all()]
    owed = [(line, line.quantity - line.refunded_quantity) for line in order.lines.all()]
    return {"order": order, "rows": rows or [(line, units) for line, units in owed if units]}
