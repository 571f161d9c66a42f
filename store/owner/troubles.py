"""What the machine could not finish: failed tasks, notices that wait, payments without an answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_ox import actions
from django_ox.models import OxTask
from wagtail.admin import messages

from store import desk, reconciling, webhooks
from store.exceptions import StripeRefused, StripeUnavailable
from store.models import Attempt, Order, Refund, StripeEvent, Withdrawal
from store.owner.pages import OwnerPage

FAILED = (OxTask.Status.FAILED, OxTask.Status.LOST)
TASKS: dict[str, Any] = {
    "store.tasks.mail": gettext_lazy("Mail to the buyer"),
    "store.tasks.tell_owner": gettext_lazy("Mail to you about a new order"),
    "store.tasks.alarm": gettext_lazy("Mail to you about stuck money"),
    "store.tasks.digest": gettext_lazy("Your daily mail"),
    "store.tasks.fulfil": gettext_lazy("Making the parcel"),
    "store.tasks.refund": gettext_lazy("Refund at Stripe"),
    "store.tasks.ask": gettext_lazy("Asking Stripe about a payment"),
    "store.tasks.handle_event": gettext_lazy("Notice from Stripe"),
    "store.tasks.reconcile": gettext_lazy("Comparing with Stripe"),
    "store.tasks.receipt_of_withdrawal": gettext_lazy("Receipt of a withdrawal"),
    "home.tasks.publish_scheduled": gettext_lazy("Publishing what is due"),
    "home.tasks.prune": gettext_lazy("Tidying up"),
}
OF_ORDER = {"store.tasks.mail", "store.tasks.tell_owner", "store.tasks.alarm", "store.tasks.fulfil"}


def failed_tasks() -> list[dict[str, Any]]:
    """Newest first, with the order that each is about."""
    rows = list(OxTask.objects.filter(status__in=FAILED).order_by("-finished_at", "-enqueued_at")[:100])
    orders = _orders(rows)
    return [
        {
            "pk": row.pk,
            "title": TASKS.get(row.task_path, row.task_path),
            "kind": row.args[1] if row.task_path == "store.tasks.mail" and len(row.args) > 1 else "",
            "order": orders.get(row.pk),
            "why": row.errors[-1]["exception_class_path"].rsplit(".", 1)[-1] if row.errors else "",
            "at": row.finished_at or row.last_attempted_at or row.enqueued_at,
            "attempts": row.attempts,
        }
        for row in rows
    ]


def _orders(rows: list[OxTask]) -> dict[Any, Order]:
    """{task pk: order}, in one query for each kind of id."""
    ids = {row.pk: row.args[0] for row in rows if row.args}
    direct = {row.pk: ids[row.pk] for row in rows if row.task_path in OF_ORDER and row.pk in ids}
    found = Order.objects.in_bulk(set(direct.values()))
    result = {task: found[pk] for task, pk in direct.items() if pk in found}
    for path, model in (
        ("store.tasks.refund", Refund),
        ("store.tasks.ask", Attempt),
        ("store.tasks.receipt_of_withdrawal", Withdrawal),
    ):
        wanted = {row.pk: ids[row.pk] for row in rows if row.task_path == path and row.pk in ids}
        if wanted:
            linked: dict[int, Any] = model.objects.select_related("order").in_bulk(set(wanted.values()))
            result.update({task: linked[pk].order for task, pk in wanted.items() if pk in linked and linked[pk].order})
    return result


class TroublesPage(OwnerPage):
    """The list, and a button for each thing."""

    template_name = "store/owner/troubles.html"
    page_title = gettext_lazy("What got stuck")
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        events = StripeEvent.objects.filter(handled_at=None, received_at__lt=now - desk.EVENT_PATIENCE)
        return {
            **super().get_context_data(**kwargs),
            "tasks": failed_tasks(),
            "events": events.order_by("received_at")[:100],
            "attempts": desk.unsettled_for_long(now).select_related("order").order_by("expires_at")[:100],
            "may_change": self.request.user.has_perm("store.change_order"),
        }


class Act(OwnerPage):
    """POST: try again, let go, or ask Stripe."""

    permission = "store.change_order"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind, pk = request.POST.get("kind", ""), request.POST.get("pk", "")
        deeds = {"retry": _retry, "discard": _discard, "event": _event, "attempt": _attempt}
        if kind in deeds:
            try:
                messages.success(request, deeds[kind](pk))
            except StripeUnavailable:
                messages.warning(request, _("Stripe does not answer now. It is asked again by itself."))
            except StripeRefused as error:
                messages.error(request, _("Stripe refused: %(why)s") % {"why": error})
        return redirect("owner:troubles")


def _retry(pk: str) -> str:
    return _("It is tried again.") if actions.retry(pk) else _("It was taken care of already.")


def _discard(pk: str) -> str:
    return _("Let go.") if actions.discard(pk) else _("It was taken care of already.")


def _event(pk: str) -> str:
    if pk.isdigit() and StripeEvent.objects.filter(pk=pk, handled_at=None).exists():
        webhooks.handle(int(pk))
    return _("Handled.")


def _attempt(pk: str) -> str:
    if pk.isdigit() and Attempt.objects.filter(pk=pk).exists() and reconciling.attempt(int(pk), by="owner"):
        return _("Stripe answered: the order is up to date.")
    return _("Stripe answered: nothing changed.")
