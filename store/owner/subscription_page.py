"""One subscription: how it stands, its payments, what happened; end it, end it now with money back, let it go on."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied

from core import money
from core.models import Shop
from store import parting, refunds, standing, subscriptions
from store.models import Order, OrderEvent, Subscription
from store.owner import timeline
from store.owner.order_actions import ask_stripe
from store.owner.pages import OwnerPage, note_down

DEEDS = ("end", "resume", "stop", "stop_unused", "stop_whole")


class SubscriptionPage(OwnerPage):
    """A deed is shown once more before it counts."""

    template_name = "store/owner/subscription.html"
    trail = (("owner:subscriptions", gettext_lazy("Subscriptions")),)
    header_icon = "rotate"
    row: Subscription

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        rows = Subscription.objects.for_shop(Shop.objects.current()).select_related(
            "line__order", "offer", "next_offer"
        )
        if request.user.has_perm(self.permission):
            self.row = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"{self.row.line.order.name or self.row.line.order.email} – {standing.title(self.row, 'fr')}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        origin = self.row.line.order
        orders = list(Order.objects.filter(Q(pk=origin.pk) | Q(origin=origin)).order_by("-placed_at"))
        events = OrderEvent.objects.filter(order__in=orders).select_related("by", "order")
        told = [timeline.moment_of(event) for event in events.order_by("-at", "-pk")]
        return {
            **super().get_context_data(**kwargs),
            "row": self.row, "orders": orders, "timeline": told, "state": standing.in_a_word(self.row),
            "lines": standing.lines(self.row, "fr"), "is_free": parting.is_free_to_leave(self.row),
            "may_change": self.request.user.has_perm("store.change_order"), "deeds": self.deeds(),
        }  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("store.change_order"):
            return permission_denied(request)
        do = request.POST.get("do", "")
        asked = dict(self.deeds()).get(do)
        if asked is None:
            messages.warning(request, _("That cannot be done any more: look at how it stands."))
            return redirect("owner:subscription", self.row.pk)
        if "confirmed" not in request.POST:
            return self.render_to_response({**self.get_context_data(), "do": do, "asked": asked})
        self.act(do)
        return redirect("owner:subscription", self.row.pk)

    def deeds(self) -> list[tuple[str, str]]:
        """(deed, its words) that can be done today."""
        row = self.row
        if not row.is_alive:
            return []
        day = {"day": standing.day(row.period_end)}
        found = [("resume", _("Let it go on after all"))] if row.cancel_at_period_end else [
            ("end", _("End it on %(day)s, when what is paid is over") % day)
        ]  # fmt: skip
        unused, whole = parting.unused(row), parting.whole(row)
        if 0 < unused < whole:
            words = _("End it now and give back %(sum)s for the days that are left")
            found.append(("stop_unused", words % {"sum": self.sum(unused)}))
        if whole:
            words = _("End it now and give back the whole last payment, %(sum)s")
            found.append(("stop_whole", words % {"sum": self.sum(whole)}))
        return [*found, ("stop", _("End it now and give nothing back"))]

    def sum(self, amount: int) -> str:
        return money.text(amount, self.row.offer.currency)

    @transaction.atomic
    def _do(self, do: str) -> bool:
        row, by = self.row, self.request.user
        amounts: dict[str, Callable[[Subscription], int]] = {"stop_unused": parting.unused, "stop_whole": parting.whole}
        if do == "end":
            done = subscriptions.cancel(row, by=by)
        elif do == "resume":
            done = subscriptions.resume(row, by=by)
        else:
            done = row.is_alive
            parting.part(row, amounts[do](row) if do in amounts else 0, reason=_("Subscription ended"), by=by)
        if done:
            subscriptions.notify(row)
        return done

    def act(self, do: str) -> None:
        """Done, written down, taken to Stripe at once where money goes back."""
        line = parting.running_line(self.row)
        try:
            done = self._do(do)
        except refunds.TooMuch as error:
            messages.error(self.request, _("Only %(sum)s is left to give back.") % {"sum": self.sum(error.left)})
            return
        if done:
            note_down(self.request, self.row, "subscription", do=do)
            messages.success(self.request, _("Done. They are told by mail."))
        if line and do.startswith("stop_"):
            ask_stripe(self.request, line.order)
