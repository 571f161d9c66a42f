"""An order's events in the owner's words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import money
from store.models import Order, OrderEvent, Subscription

Words = Callable[[Mapping[str, Any], "Order"], tuple[str, str]]
FOUND_BY = {"reconcile", "clock"}


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    title: str
    detail: str
    who: str
    is_trouble: bool


def of(order: Order) -> list[Moment]:
    """Newest first; `events` with their authors should be prefetched."""
    events = sorted(order.events.all(), key=lambda event: (event.at, event.pk), reverse=True)
    return [moment_of(event, order) for event in events]


def moment_of(event: OrderEvent, order: Order | None = None) -> Moment:
    """One event in words; `order`: its own, where it is at hand."""
    order = order or event.order
    data: Mapping[str, Any] = event.data or {}
    words = WORDS.get(event.kind)
    title, detail = words(data, order) if words else (event.kind, "")
    if data.get("found_by") in FOUND_BY:
        found_out = _("Found out by asking Stripe.")
        detail = f"{detail} {found_out}".strip()
    who = str(event.by) if event.by else ""
    return Moment(event.at, title, detail, who, event.kind in {"attention", "refund_failed", "other_mode"})


def _money(data: Mapping[str, Any], order: Order, key: str = "amount") -> str:
    amount = data.get(key)
    return money.text(int(amount), order.currency) if amount is not None else ""


def _attention(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
    detail = ""
    if "asked" in data and "got" in data:
        detail = _("Asked %(asked)s, received %(got)s.") % {
            "asked": _money(data, order, "asked"), "got": _money(data, order, "got"),
        }  # fmt: skip
    return _("Look at it: %(reason)s") % {"reason": attention(str(data.get("reason", "")))}, detail


def _resolved(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
    detail = _("To be sent all the same.") if data.get("honour") else ""
    return _("Settled: %(reason)s") % {"reason": attention(str(data.get("was", "")))}, detail


def attention(value: str) -> str:
    """What is wrong, in words."""
    return str(dict(Order.Attention.choices).get(value, value))


def _lapsed(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
    reasons = {
        "expired": _("The time to pay ran out."),
        "payment_failed": _("The bank refused in the end."),
        "refused": _("Stripe refused to open the payment."),
    }
    return _("Not paid"), reasons.get(str(data.get("reason")), "")


def _cancelled(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
    reasons = {"replaced": _("The basket changed."), "abandoned": _("The buyer closed the counter.")}
    reason = str(data.get("reason", ""))
    return _("Cancelled"), reasons.get(reason, reason)


def _parcel(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
    detail = " ".join(str(data.get(key, "")) for key in ("carrier", "tracking")).strip()
    if data.get("withdrawn"):
        detail = f"{detail} {_('Sent though the buyer withdraws.')}".strip()
    return _("Parcel %(n)s left") % {"n": data.get("parcel", "")}, detail


def _dispute_closed(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
    if data.get("status") == "lost":
        return _("The dispute is lost"), _("The bank gave the money back to the buyer.")
    return _("The dispute is over"), _("The payment stands.")


def _corrected(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
    words = {name: str(label) for name, label in Order.person_labels().items()}
    return _("The buyer's details were put right"), ", ".join(words.get(name, name) for name in data.get("fields", []))


def _refund(text: Any) -> Words:
    def words(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
        return str(text) % {"amount": _money(data, order)}, str(data.get("reason", ""))

    return words


def _plain(text: Any, key: str = "") -> Words:
    def words(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
        return str(text), str(data.get(key, "")) if key else ""

    return words


def _subscription(data: Mapping[str, Any], order: Order) -> tuple[str, str]:
    """What was asked of it, or how Stripe says it stands."""
    asked = {
        "cancel": _("To end with the period that is paid"),
        "resume": _("To go on after all"),
        "end": _("Ended now"),
    }
    until = _("Paid until %(day)s.") % {"day": str(data["until"])[:10]} if data.get("until") else ""
    if "wish" in data:
        return asked.get(str(data["wish"]), str(data["wish"])), until
    if "offer" in data:
        return _("Another plan from the next period on"), until
    if "paused" in data:
        return (_("A pause was asked for") if data["paused"] else _("The pause is taken back")), until
    state = dict(Subscription.Status.choices).get(str(data.get("status")), data.get("status", ""))
    return _("Subscription: %(state)s") % {"state": state}, until


WORDS: dict[str, Words] = {
    "subscription": _subscription,
    "placed": _plain(gettext_lazy("Ordered")),
    "pending": _plain(gettext_lazy("Payment on its way")),
    "paid": _plain(gettext_lazy("Paid")),
    "shipped": _plain(gettext_lazy("All sent")),
    "delivered": _plain(gettext_lazy("With the buyer")),
    "refunded": _plain(gettext_lazy("All given back")),
    "cancelled": _cancelled,
    "lapsed": _lapsed,
    "attention": _attention,
    "resolved": _resolved,
    "parcel": _parcel,
    "split": _plain(gettext_lazy("Split into two parcels")),
    "refund_asked": _refund(gettext_lazy("Refund of %(amount)s asked for")),
    "refund_again": _refund(gettext_lazy("Refund of %(amount)s asked for again")),
    "refund_pending": _refund(gettext_lazy("Refund of %(amount)s on its way")),
    "refund_succeeded": _refund(gettext_lazy("Refund of %(amount)s done")),
    "refund_failed": _refund(gettext_lazy("Refund of %(amount)s failed")),
    "other_mode": _plain(gettext_lazy("A payment in Stripe's other mode was ignored")),
    "note": _plain(gettext_lazy("Note"), "text"),
    "note_read": _plain(gettext_lazy("The buyer's word was read")),
    "dispute_closed": _dispute_closed,
    "corrected": _corrected,
    "receipt_again": _plain(gettext_lazy("Receipt sent again"), "to"),
    "withdrawal": _plain(gettext_lazy("The buyer withdraws from the contract")),
    "withdrawal_answered": _plain(gettext_lazy("The withdrawal was answered")),
}
