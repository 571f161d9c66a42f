"""The right to withdraw (C. conso L221-18 to 28) and the function for it (L221-21, D221-5): the only writer of Withdrawal.

A statement is stored before anything is looked up, whoever makes it and whatever it is about; matching comes after.
"""

import hashlib
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.holidays import is_holiday
from core.models import Shop
from store import tasks
from store.models import Order, OrderLine, ParcelLine, Withdrawal
from store.models.product import NO_WITHDRAWAL

PARIS = ZoneInfo("Europe/Paris")
DAYS = 14
SATURDAY = 5
NUMBER = re.compile(r"\b[A-HJ-NP-Z2-9]{8}\b")
RECENT = timedelta(days=90)


@dataclass(frozen=True)
class Right:
    """What an order may still be withdrawn from. `last_day` (Paris) is None while the period has not begun."""

    exists: bool
    last_day: date | None = None

    def is_open(self, at: datetime | None = None) -> bool:
        """Until the last second of the last day, Paris time."""
        day = (at or timezone.now()).astimezone(PARIS).date()
        return self.exists and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Statement:
    """What somebody typed."""

    name: str
    email: str
    contract: str
    words: str = ""
    locale: str = "fr"


def deadline(order: Order) -> Right:
    """Fourteen days from the delivery of the last thing (L221-18), extended to a working day (L221-19).

    Sent goods without proof of delivery keep the period from beginning. What is not sent counts from the contract.
    Lines whose legal type excludes the right (L221-28), and units given back, do not count. A renewal is no new
    contract: the right belongs to the first one.
    """
    if order.origin_id:
        return Right(exists=False)
    lines = [line for line in order.lines.all() if line.legal_type not in NO_WITHDRAWAL and left(line)]
    if not lines:
        return Right(exists=False)
    starts = []
    for line in lines:
        start = _received(line) if line.needs_shipping else (order.paid_at or order.placed_at)
        if start is None:
            return Right(exists=True)
        starts.append(start)
    return Right(exists=True, last_day=last_day(max(starts)))


def left(line: OrderLine) -> int:
    """Units of the line that were not given back."""
    return line.quantity - line.refunded_quantity


def _received(line: OrderLine) -> datetime | None:
    """When the last unit of the line arrived; None while one is on its way or its arrival is not proven."""
    rows: Iterable[ParcelLine] = line.parcel_lines.all()
    arrived = [row for row in rows if row.parcel.delivered_at]
    if sum(row.quantity for row in arrived) < left(line):
        return None
    return max((row.parcel.delivered_at for row in arrived if row.parcel.delivered_at), default=None)


def last_day(start: datetime) -> date:
    """The day of `start` does not count; a Saturday, Sunday or holiday at the end moves it to the next working day."""
    day = start.astimezone(PARIS).date() + timedelta(days=DAYS)
    while day.weekday() >= SATURDAY or is_holiday(day):
        day += timedelta(days=1)
    return day


def closes_at(day: date) -> datetime:
    """The first moment after the last day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=PARIS).astimezone(UTC)


def declare(shop: Shop, said: Statement, token: uuid.UUID, *, receipt_from: datetime | None = None) -> Withdrawal:
    """Store the statement with its moment and digest, and have the receipt sent. The same token twice: one row.

    `receipt_from` (UTC): not before that moment.
    A token that was used for other words gets a row of its own: nothing that is said is lost, nothing stored is shown.
    """
    known = Withdrawal.objects.filter(token=token).first()
    if known:
        return known if _says(known) == said else declare(shop, said, uuid.uuid4(), receipt_from=receipt_from)
    row = Withdrawal(
        shop=shop, token=token, name=said.name, email=said.email, contract=said.contract, words=said.words,
        locale=said.locale, received_at=timezone.now(), receipt_from=receipt_from,
    )  # fmt: skip
    row.digest = digest(row)
    try:
        with transaction.atomic():
            row.save()
            tasks.receipt_of_withdrawal.using(run_after=receipt_from).enqueue(row.pk)
    except IntegrityError:
        return declare(shop, said, token, receipt_from=receipt_from)
    return row


def _says(row: Withdrawal) -> Statement:
    return Statement(row.name, row.email, row.contract, row.words, row.locale)


def content(row: Withdrawal) -> str:
    """The statement word for word, with its moment: what the digest is taken of and what the receipt carries."""
    moment = row.received_at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [
        ("received", moment), ("name", row.name), ("contract", row.contract), ("email", row.email), ("words", row.words),
    ]  # fmt: skip
    return "".join(f"{name}: {value}\n" for name, value in fields)


def digest(row: Withdrawal) -> str:
    """SHA-256 of `content` in UTF-8."""
    return hashlib.sha256(content(row).encode()).hexdigest()


@transaction.atomic
def match(row: Withdrawal) -> Order | None:
    """Find the order that is meant and note it in its timeline; the owner sees both. May run twice."""
    if row.order_id:
        return row.order
    numbers = NUMBER.findall(f"{row.contract} {row.words}".upper())
    placed = Order.objects.for_shop(row.shop).with_money()
    found = list(placed.filter(number__in=numbers)) or list(
        placed.filter(email__iexact=row.email, placed_at__gt=row.received_at - RECENT)
    )
    if len(found) != 1:
        return None
    order = Order.objects.locked().get(pk=found[0].pk)
    if Withdrawal.objects.filter(pk=row.pk, order=None).update(order=order):
        order.record("withdrawal", withdrawal=row.pk, same_email=order.email.lower() == row.email.lower())
        row.order = order
    return order


def send_receipt(withdrawal_id: int) -> None:
    """Match, then send the receipt on a durable medium, once. May run twice. Raises claims.BeingSent."""
    from store import mail  # noqa: PLC0415 - mail asks here for deadlines

    row = Withdrawal.objects.select_related("shop", "order").get(pk=withdrawal_id)
    match(row)
    if row.receipt_sent_at is None and mail.receipt_of_withdrawal(row):
        mail.withdrawal_to_owner(row)
