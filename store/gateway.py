"""The only module that speaks to Stripe. Neutral shapes go out; two errors come out.

API version and endpoints: settings. Outcome unknown -> StripeUnavailable, a refusal -> StripeRefused.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import stripe
from django.conf import settings

from store.exceptions import StripeRefused, StripeUnavailable
from store.said import DisputeState, InvoiceState, Notice, RefundState, Settlement, SubscriptionState

__all__ = ["DisputeState", "InvoiceState", "Notice", "RefundState", "Settlement", "SubscriptionState"]

UNKNOWN = (stripe.APIConnectionError, stripe.APIError, stripe.RateLimitError, stripe.IdempotencyError)
EVENTS = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.finalization_failed",
    "radar.early_fraud_warning.created",
]

ADDRESS = {"line1": "line1", "line2": "line2", "postcode": "postal_code", "city": "city", "country": "country"}


class BadSignature(Exception):
    """The notice is not from Stripe, too old, or damaged."""


@functools.cache
def client() -> stripe.StripeClient:
    """One client a process; it tries twice more with the same idempotency key."""
    base = settings.STRIPE_API_BASE
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY or "sk_test_none",
        max_network_retries=2,
        stripe_version=settings.STRIPE_API_VERSION,
        base_addresses=cast("Any", dict.fromkeys(("api", "connect", "files", "meter_events"), base) if base else None),
        http_client=stripe.RequestsClient(timeout=(3.05, 20)),
    )


def _ask[T](call: Callable[[], T]) -> T:
    try:
        return call()
    except UNKNOWN as error:
        raise StripeUnavailable(type(error).__name__) from error
    except stripe.StripeError as error:
        code, param = str(error.code or ""), str(getattr(error, "param", "") or "")
        raise StripeRefused(str(error.user_message or type(error).__name__), code, param) from error


def open_session(params: dict[str, Any], idempotency_key: str) -> Settlement:
    """Ask for a Checkout Session; the same key and params give the same session for 24 hours."""
    options = {"idempotency_key": idempotency_key}
    return _settlement(_ask(lambda: client().v1.checkout.sessions.create(cast("Any", params), cast("Any", options))))


def read_session(session_id: str) -> Settlement:
    """The session as it is now, with its payment; that of a subscription stands behind its first invoice."""
    params: Any = {"expand": ["payment_intent", "subscription.latest_invoice"]}
    session = _ask(lambda: client().v1.checkout.sessions.retrieve(session_id, params))
    found = _settlement(session)
    if not found.invoice_id:
        return found
    intent_id = _intent_of(found.invoice_id)
    intent = _ask(lambda: client().v1.payment_intents.retrieve(intent_id)) if intent_id and not found.is_paid else None
    return replace(found, intent_id=intent_id, intent_status=intent.status or "" if intent else "")


def expire_session(session_id: str) -> Settlement:
    """End an open session. One that is complete or expired already is read instead."""
    with suppress(StripeRefused):
        _ask(lambda: client().v1.checkout.sessions.expire(session_id))
    return read_session(session_id)


def find_session(reference: str, made_at: datetime) -> Settlement | None:
    """Look for the session of an attempt whose answer was lost, by its reference, around the time it was made."""
    start = int(made_at.timestamp())
    params: Any = {"created": {"gte": start - 300, "lte": start + 3600}, "limit": 100}
    pages = _ask(lambda: client().v1.checkout.sessions.list(params))
    for session in _ask(lambda: list(pages.auto_paging_iter())):
        if session.client_reference_id == reference:
            return read_session(session.id)
    return None


def _settlement(session: Any) -> Settlement:
    intent = getattr(session, "payment_intent", None)
    customer = getattr(session, "customer", None)
    bought = getattr(session, "subscription", None)
    return Settlement(
        session_id=session.id,
        status=session.status or "",
        payment_status=session.payment_status,
        amount=session.amount_total or 0,
        currency=(session.currency or "").upper(),
        livemode=bool(session.livemode),
        reference=session.client_reference_id or "",
        intent_id=intent if isinstance(intent, str) or intent is None else intent.id,
        intent_status="" if isinstance(intent, str) or intent is None else intent.status or "",
        customer=customer if isinstance(customer, str) or customer is None else customer.id,
        url=getattr(session, "url", None),
        client_secret=getattr(session, "client_secret", None),
        person=_person(session),
        subscription=_subscription(bought) if bought and not isinstance(bought, str) else None,
        invoice_id=getattr(session, "invoice", None),
    )


def _person(session: Any) -> dict[str, str]:
    """Who bought, as told to Stripe's form; where it goes to counts more than who pays."""
    details, collected = session.customer_details, session.collected_information
    shipping = collected.shipping_details if collected else None
    address = shipping.address if shipping else None
    said = {
        "email": details.email if details else None,
        "name": shipping.name if shipping else details and (details.individual_name or details.name),
        **{ours: getattr(address, theirs, None) for ours, theirs in ADDRESS.items() if address},
    }
    return {name: str(value) for name, value in said.items() if value}


def read_subscription(stripe_id: str) -> SubscriptionState:
    """The subscription as it is now."""
    params: Any = {"expand": ["latest_invoice"]}
    return _subscription(_ask(lambda: client().v1.subscriptions.retrieve(stripe_id, params)))


def change_subscription(stripe_id: str, values: dict[str, Any]) -> None:
    """Change a living subscription; the same values twice change nothing."""
    _ask(lambda: client().v1.subscriptions.update(stripe_id, cast("Any", values)))


def end_subscription(stripe_id: str) -> None:
    """End it now: no further charge. One that has ended already is left alone."""
    try:
        _ask(lambda: client().v1.subscriptions.cancel(stripe_id))
    except StripeRefused:
        if read_subscription(stripe_id).ended_at is None:
            raise


def forget_customer(customer: str) -> None:
    """Delete it with its saved cards; payments stay. One that is gone already is left alone."""
    try:
        _ask(lambda: client().v1.customers.delete(customer))
    except StripeRefused as refusal:
        if refusal.code != "resource_missing":
            raise


def make_product(name: str, sku: str, key: str) -> str:
    """A product at Stripe for a changed plan, and its id; the same key gives the same one."""
    params: Any = {"name": name[:250], "metadata": {"sku": sku or "-"}}
    return _ask(lambda: client().v1.products.create(params, {"idempotency_key": key})).id


def portal(customer: str, return_url: str) -> str:
    """The address of Stripe's own page where a card is put right: short-lived, for the customer's eyes only."""
    params: Any = {"customer": customer, "return_url": return_url}
    return _ask(lambda: client().v1.billing_portal.sessions.create(params)).url


def read_invoice(invoice_id: str) -> InvoiceState:
    """The invoice as it is now, with what paid it."""
    return _invoice(_ask(lambda: client().v1.invoices.retrieve(invoice_id)))


def paid_invoices(stripe_id: str) -> list[InvoiceState]:
    """All paid invoices of a subscription."""
    params: Any = {"subscription": stripe_id, "status": "paid", "limit": 100}
    found = _ask(lambda: list(client().v1.invoices.list(params).auto_paging_iter()))
    return [_invoice(row) for row in found]


def _intent_of(invoice_id: str) -> str | None:
    params: Any = {"invoice": invoice_id, "limit": 10}
    rows = _ask(lambda: list(client().v1.invoice_payments.list(params).data))
    found = [str(row.payment.payment_intent) for row in rows if getattr(row.payment, "payment_intent", None)]
    paid = [str(row.payment.payment_intent) for row in rows if row.status == "paid"]
    return next(iter([*paid, *found]), None)


def _invoice(invoice: Any) -> InvoiceState:
    parent = getattr(invoice, "parent", None)
    details = getattr(parent, "subscription_details", None) if parent else None
    made_at = _moment(invoice.created)
    offer_id, offer_from = _plan(details.metadata if details else None)
    return InvoiceState(
        invoice_id=invoice.id,
        stripe_id=str(details.subscription) if details else "",
        status=invoice.status or "",
        is_first=invoice.billing_reason == "subscription_create",
        amount=invoice.amount_paid,
        currency=invoice.currency.upper(),
        livemode=bool(invoice.livemode),
        made_at=made_at,
        intent_id=_intent_of(invoice.id) if invoice.status == "paid" else None,
        offer_id=offer_id if offer_from and offer_from <= made_at else None,
        is_stuck=invoice.status == "draft" and getattr(invoice, "last_finalization_error", None) is not None,
    )


def _subscription(found: Any) -> SubscriptionState:
    item = found["items"].data[0]
    pause, metadata = found.pause_collection, found.metadata
    latest: Any = getattr(found, "latest_invoice", None)
    dropped = getattr(latest, "status", "") in {"void", "uncollectible"}
    offer_id, offer_from = _plan(metadata)
    return SubscriptionState(
        stripe_id=found.id,
        status=found.status,
        customer=found.customer if isinstance(found.customer, str) else found.customer.id,
        item_id=item.id,
        reference=str(metadata["attempt"]) if metadata and "attempt" in metadata else "",
        period_start=_moment(item.current_period_start),
        period_end=_moment(item.current_period_end),
        cancel_at_period_end=bool(found.cancel_at_period_end),
        livemode=bool(found.livemode),
        is_paused=bool(pause),
        paused_until=_moment(pause.resumes_at) if pause and getattr(pause, "resumes_at", None) else None,
        ended_at=_moment(found.ended_at) if found.ended_at else None,
        is_unpaid=dropped,
        offer_id=offer_id,
        offer_from=offer_from,
    )


def _plan(metadata: Any) -> tuple[int | None, datetime | None]:
    """(our offer, since when it is billed), as `subscriptions` wrote it there; (None, None) before any change."""
    told = {name: str(metadata[name]) for name in ("offer", "offer_from") if metadata and name in metadata}
    if len(told) < 2 or not all(value.isdecimal() for value in told.values()):
        return None, None
    return int(told["offer"]), _moment(int(told["offer_from"]))


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def pay_directly(amount: int, currency: str, metadata: dict[str, str]) -> str:
    """Pay `amount` minor units at once with Stripe's own test card and return the payment's id: test mode only."""
    params: Any = {
        "amount": amount,
        "currency": currency.lower(),
        "confirm": True,
        "payment_method": "pm_card_visa",
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "metadata": metadata,
    }
    return _ask(lambda: client().v1.payment_intents.create(params)).id


def create_refund(intent_id: str, amount: int, key: str, metadata: dict[str, str]) -> RefundState:
    """Give back `amount` minor units of a payment; the same key gives the same refund."""
    params: Any = {"payment_intent": intent_id, "amount": amount, "metadata": {**metadata, "key": key}}
    options: Any = {"idempotency_key": f"refund:{key}"}
    return _refund(_ask(lambda: client().v1.refunds.create(params, options)))


def read_refunds(intent_id: str) -> list[RefundState]:
    """All refunds of a payment, ours and those made in Stripe's dashboard."""
    params: Any = {"payment_intent": intent_id, "limit": 100}
    found = _ask(lambda: list(client().v1.refunds.list(params).auto_paging_iter()))
    return [_refund(refund) for refund in found]


def read_refund_intent(refund_id: str) -> str | None:
    """Which payment a refund belongs to."""
    refund = _ask(lambda: client().v1.refunds.retrieve(refund_id))
    return cast("str | None", refund.payment_intent)


def read_charge_intent(charge_id: str) -> str | None:
    """Which payment a charge belongs to."""
    charge = _ask(lambda: client().v1.charges.retrieve(charge_id))
    return cast("str | None", charge.payment_intent)


def read_dispute(dispute_id: str) -> DisputeState:
    """Which payment a dispute is about, and how it stands."""
    dispute = _ask(lambda: client().v1.disputes.retrieve(dispute_id))
    return DisputeState(cast("str | None", dispute.payment_intent), dispute.status)


def read_warning(warning_id: str) -> str | None:
    """Which payment the card's bank suspects; None: there is nothing to be done about it any more."""
    found = _ask(lambda: client().v1.radar.early_fraud_warnings.retrieve(warning_id))
    return cast("str | None", found.payment_intent) if found.actionable else None


def amount_refunded(intent_id: str) -> int:
    """Minor units given back in all, as the charge says."""
    params: Any = {"expand": ["latest_charge"]}
    intent = _ask(lambda: client().v1.payment_intents.retrieve(intent_id, params))
    charge: Any = intent.latest_charge
    return int(charge.amount_refunded) if charge and not isinstance(charge, str) else 0


def _refund(refund: Any) -> RefundState:
    metadata = refund.metadata
    key = metadata["key"] if metadata and "key" in metadata else ""
    failure = getattr(refund, "failure_reason", None) or ""
    return RefundState(refund.id, key, refund.amount, refund.status or "pending", failure)


def read_event(body: bytes, signature: str) -> Notice:
    """Check a webhook's signature against each secret (two during rotation); raises BadSignature."""
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            event: Any = client().construct_event(body, signature, secret)
        except (stripe.SignatureVerificationError, ValueError, KeyError, UnicodeDecodeError):
            continue
        raw = event.to_dict()
        subject = raw["data"]["object"]
        return Notice(event.id, event.type, str(subject.get("id", "")), bool(event.livemode), raw)
    raise BadSignature


def account() -> dict[str, Any]:
    """The account behind the key."""
    return _ask(client().v1.accounts.retrieve_current).to_dict()


def endpoints() -> Iterator[dict[str, Any]]:
    """The webhook endpoints that exist."""
    params: Any = {"limit": 100}
    for endpoint in _ask(lambda: list(client().v1.webhook_endpoints.list(params).auto_paging_iter())):
        yield endpoint.to_dict()


def make_endpoint(url: str) -> dict[str, Any]:
    """A webhook endpoint pinned to our API version; the secret is in the answer, this once."""
    params: Any = {"url": url, "enabled_events": EVENTS, "api_version": settings.STRIPE_API_VERSION}
    return _ask(lambda: client().v1.webhook_endpoints.create(params)).to_dict()


def register_domain(domain: str) -> None:
    """Wallets such as Apple Pay ask for this once per domain."""
    params: Any = {"domain_name": domain}
    _ask(lambda: client().v1.payment_method_domains.create(params))
