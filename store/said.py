"""What Stripe says, in neutral shapes: values that `gateway` hands out and verbs act on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class SubscriptionState:
    """What Stripe says of one subscription. Moments in UTC; `reference`: our attempt's, from its metadata."""

    stripe_id: str
    status: str
    customer: str
    item_id: str
    reference: str
    period_start: datetime
    period_end: datetime
    cancel_at_period_end: bool
    livemode: bool
    is_paused: bool = False
    paused_until: datetime | None = None
    ended_at: datetime | None = None
    is_unpaid: bool = False
    """The running period's invoice was dropped: nothing was paid for it."""
    offer_id: int | None = None
    """Our offer of a changed plan, from its metadata, and the first period that is billed for it."""
    offer_from: datetime | None = None


@dataclass(frozen=True)
class InvoiceState:
    """What Stripe says of one invoice. Amount in minor units of `currency`; `intent_id`: what paid it."""

    invoice_id: str
    stripe_id: str
    """Of its subscription; empty where it has none."""
    status: str
    is_first: bool
    amount: int
    currency: str
    livemode: bool
    made_at: datetime
    intent_id: str | None = None
    offer_id: int | None = None
    """Our offer of a changed plan, if it was billed for that; from its subscription's metadata of then."""
    is_stuck: bool = False
    """Stripe could not finish it: nothing will be taken before somebody puts it right there."""


@dataclass(frozen=True)
class Settlement:
    """What Stripe says of one Checkout Session, in either mode. Amount in minor units of `currency`."""

    session_id: str
    status: str
    payment_status: str
    amount: int
    currency: str
    livemode: bool
    reference: str
    intent_id: str | None
    intent_status: str
    customer: str | None
    url: str | None
    client_secret: str | None
    person: Mapping[str, str] = field(default_factory=dict)
    """What the buyer told Stripe's form: email, name, and line1, line2, postcode, city, country where it asked."""
    subscription: SubscriptionState | None = None
    invoice_id: str | None = None

    @property
    def is_paid(self) -> bool:
        return self.status == "complete" and self.payment_status in {"paid", "no_payment_required"}

    @property
    def is_failed(self) -> bool:
        """A delayed method that came back empty."""
        return self.status == "complete" and not self.is_paid and self.intent_status in {
            "requires_payment_method", "canceled",
        }  # fmt: skip


@dataclass(frozen=True)
class RefundState:
    """What Stripe says of one refund."""

    refund_id: str
    key: str
    amount: int
    status: str
    failure: str


@dataclass(frozen=True)
class DisputeState:
    """What Stripe says of one dispute."""

    intent_id: str | None
    status: str

    @property
    def is_lost(self) -> bool:
        return self.status == "lost"

    @property
    def is_over(self) -> bool:
        """Decided for the shop, or withdrawn by the bank before money moved."""
        return self.status in {"won", "warning_closed", "prevented"}


@dataclass(frozen=True)
class Notice:
    """A verified event."""

    event_id: str
    type: str
    object_id: str
    livemode: bool
    body: dict[str, Any]
