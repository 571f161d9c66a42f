"""The past orders before they are written: who, what, when, for how much; paid at the stand-in where it answers."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from home.demo_load.book import Book
from home.demo_load.texts import Table, ago, later, table
from store import checkout, gateway, refunds, selling, wants
from store.exceptions import StripeUnavailable
from store.models import Offer

OPEN = {"awaiting_payment", "pending"}
WHOLE = {"refunded", "cancelled"}
PAID_AFTER = timedelta(minutes=2)


@dataclass
class Back:
    """Money that was given back for some lines. Amounts in minor units."""

    at: datetime
    reason: str
    units: dict[str, int]
    shipping: int
    amount: int
    restock: bool
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    refund_id: str | None = None


@dataclass
class Past:
    """One order of the past. `intent` is None where Stripe was not there to be paid."""

    number: int
    row: Table
    buyer: checkout.Buyer
    draft: checkout.Draft
    placed_at: datetime
    paid_at: datetime
    backs: list[Back] = field(default_factory=list)
    token: uuid.UUID = field(default_factory=uuid.uuid4)
    attempt: uuid.UUID = field(default_factory=uuid.uuid4)
    intent: str | None = None

    @property
    def is_paid(self) -> bool:
        return self.row["state"] != "expired"


def read(book: Book) -> Iterator[Past]:
    """All orders of the file but those that still wait for their payment, oldest first."""
    people = table("customers")["customers"]
    shop = selling.fresh(book.shop.pk)
    found = Offer.objects.filter(pk__in=[goods.offer_id for goods in book.goods.values()]).select_related("shop")
    offers = {offer.sellable.sku(): offer for offer in found.with_sellables() if offer.sellable}
    for number, row in enumerate(table("orders")["orders"], start=1):
        if row["state"] not in OPEN:
            placed_at = moment(row)
            who = buyer(book, row, people[row["customer"] - 1])
            wanted = [
                wants.Wish(offers[line["sku"]], line["quantity"], source=source(book, line, row["locale"]))
                for line in row["lines"]
            ]
            draft = checkout.draft(shop, wanted, country=who.country, method_id=who.method_id, at=placed_at)
            paid_at = ago(row["paid_days_ago"], "09:12") if "paid_days_ago" in row else placed_at + PAID_AFTER
            backs = [_back(row, part, draft, paid_at) for part in row.get("refunds", [])]
            yield Past(number, row, who, draft, placed_at, paid_at, backs)


def moment(row: Table) -> datetime:
    """When it was placed."""
    if "minutes_ago" in row:
        return timezone.now() - timedelta(minutes=row["minutes_ago"])
    return ago(row["days_ago"], row["at"])


def buyer(book: Book, row: Table, person: Table) -> checkout.Buyer:
    """Nothing is asked of a pick-up that it does not need."""
    sent = {"country": person["country"]}
    if row["delivery"] != "boutique":
        sent |= {
            "line1": person["street"], "line2": person["complement"], "postcode": person["postcode"],
            "city": person["city"], "phone": person["phone"],
        }  # fmt: skip
    return checkout.Buyer(
        email=person["email"], name=person["name"], note=row.get("buyer_note", ""), locale=row["locale"],
        method_id=book.deliveries[row["delivery"]].pk, user=book.people.get(row["customer"]), **sent,
    )  # fmt: skip


def source(book: Book, line: Table, locale: str) -> dict[str, Any]:
    """Which page sold it, in the reader's language where it speaks it."""
    name = line["source"]
    if not name:
        return {}
    page: Any
    if name == "product":
        code = book.goods[line["sku"]].product.code.upper()
        page, spoken = book.product_page(code, locale), (code, locale) in book.product_pages
    else:
        page, spoken = book.articles.get((name, locale)) or book.articles[name, "fr"], (name, locale) in book.articles
    return {
        "source_page_id": page.pk, "source_key": page.translation_key, "source_title": page.title,
        "source_locale": locale if spoken else "fr",
    }  # fmt: skip


def _back(row: Table, part: Table, draft: checkout.Draft, paid_at: datetime) -> Back:
    """Delivery goes back too where all goes back."""
    unit = next(
        quote.unit for wish, quote in draft.lines if wish.offer.sellable and wish.offer.sellable.sku() == part["sku"]
    )
    shipping = draft.shipping if row["state"] in WHOLE else 0
    days = None if part["days_ago"] == row["days_ago"] else part["days_ago"]
    units = {part["sku"]: part["quantity"]}
    amount = unit * part["quantity"] + shipping
    return Back(later(paid_at, days, "10:10"), part["reason"], units, shipping, amount, part.get("restock", False))


def pay(pasts: list[Past], say: Callable[[str], None]) -> None:
    """Pay and refund at the stand-in, so that the owner can refund more; without it the orders stay without a payment there."""
    if not settings.STRIPE_API_BASE:
        say("No stand-in of Stripe is set: the past orders cannot be refunded there.")
        return
    try:
        for past in pasts:
            if past.is_paid:
                _pay_one(past)
    except StripeUnavailable:
        say("The stand-in of Stripe does not answer: the past orders cannot be refunded there.")
        for past in pasts:
            past.intent = None


def _pay_one(past: Past) -> None:
    metadata = {"order": str(past.token), "attempt": str(past.attempt)}
    past.intent = gateway.pay_directly(past.draft.total, past.draft.currency, metadata)
    for back in past.backs:
        said = gateway.create_refund(past.intent, back.amount, str(back.key), {"order": str(past.token)})
        if refunds.STATES.get(said.status) != "succeeded":
            raise RuntimeError(f"refund of order {past.number}: {said.status}")
        back.refund_id = said.refund_id
