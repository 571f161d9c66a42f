"""What goes out by mail about orders: to their buyers and to the owner. The only writer of MailSent.

A row of MailSent is written right after the mail server took the mail, under a claim that one worker at a time holds
(store.claims): a second run sends nothing, two at once send one, and a crash doubles one mail at most; both copies
then carry the same Message-ID. Called from tasks only.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone, translation

from core import limits, mail
from core.mail import Attachment
from core.models import Shop
from store import bills, claims, desk, documents, fulfilment, links, promises, renewals, standing, telling, withdrawal
from store.models import MailSent, Order, Refund, Subscription, Withdrawal

log = logging.getLogger(__name__)
PARIS = ZoneInfo("Europe/Paris")
OWNER = "owner"
LATE = timedelta(minutes=30)
KEPT_TRYING = timedelta(days=3)
DIGEST_DAYS = timedelta(days=7)
NOTICES = 20
NOTICES_OF_AN_ORDER = 3
"""Mails to the owner about withdrawals in an hour: of strangers together, and of one order's own buyer."""


@dataclass(frozen=True)
class Letter:
    """What to send: a template's name, what it is given beside the order, and files."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()


def to_buyer(order_id: int, kind: str) -> None:
    """Send the buyer one mail of that kind ("receipt", "shipped:2", "refunded:<pk>"), once. Raises claims.BeingSent.

    What no longer holds (a payment on its way that has arrived) is not sent. An order unknown, or unpaid in the fast lane, has nobody to write to.
    """
    order = Order.objects.select_related("shop", "terms", "delivery_method").filter(pk=order_id).first()
    if order is None or not order.email or was_sent(order, kind):
        return
    name, _colon, detail = kind.partition(":")
    with translation.override(order.locale):
        letter = LETTERS[name](order, detail)
    if letter:
        context = {**about(order, order.locale), **letter.context}
        _post(order, kind, order.email, order.locale, Letter(letter.template, context, letter.attachments))


def was_sent(order: Order, key: str) -> bool:
    """Whether the mail server took that mail."""
    return order.mails.filter(key=key).exists()


def _post(order: Order, key: str, to: str, locale: str, letter: Letter) -> None:
    reference = f"{key}.{order.token}"
    claims.once(
        reference,
        was_sent=lambda: was_sent(order, key),
        send=lambda: _send(letter, to, locale, reference),
        record=lambda: MailSent.objects.get_or_create(order=order, key=key),
    )


def post(order: Order, key: str, message: EmailMultiAlternatives) -> bool:
    """Another app's mail about an order, once under that key. Whether it went out now. Raises claims.BeingSent."""
    reference = f"{key}.{order.token}"
    message.extra_headers["Message-ID"] = message_id(reference)
    return claims.once(
        reference,
        was_sent=lambda: was_sent(order, key),
        send=lambda: _hand_over(message),
        record=lambda: MailSent.objects.get_or_create(order=order, key=key),
    )


def _hand_over(message: EmailMultiAlternatives) -> None:
    message.send()


def message_id(reference: str) -> str:
    """The same for the same mail, if it must be handed over again."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{reference.replace(':', '.')}@{host}>"


def _send(letter: Letter, to: str, locale: str, reference: str) -> None:
    """Hand to the mail server, under a Message-ID that is the same if it must be handed over again."""
    message = mail.build(f"store/emails/{letter.template}", to=to, locale=locale, context=letter.context)
    message.extra_headers["Message-ID"] = message_id(reference)
    for attachment in letter.attachments:
        message.attach(attachment.name, attachment.content, attachment.mimetype)
    message.send()


def about(order: Order, locale: str) -> dict[str, Any]:
    """What every mail of an order is given, in words of that language."""
    with translation.override(locale):
        return {
            "shop": order.shop,
            "order": order,
            "seller": order.seller,
            "mediator": telling.mediator(order.seller),
            **bills.for_order(order),
            "promise": telling.promise(order),
            "right": withdrawal.deadline(order),
            "order_url": links.order_url(order),
            **legal_urls(locale),
        }


def legal_urls(locale: str) -> dict[str, str]:
    """The addresses at the foot of every mail."""
    names = {"withdraw_url": "store:withdraw", "terms_url": "store:terms", "legal_url": "store:legal"}
    return {name: links.absolute(route, locale=locale) for name, route in names.items()}


def _receipt(order: Order, _detail: str) -> Letter | None:
    """With what was given: a ticket is its mail, not a second one."""
    if not order.paid_at:
        return None
    if order.state == Order.State.PAID:
        fulfilment.fulfil(order.pk)
    rows = [(sellable, line) for line, sellable in promises.behind(order.lines.select_related("offer"))]
    given = [(sellable.mail_template, line) for sellable, line in rows if sellable.mail_template]
    files = [file for sellable, line in rows for file in sellable.files(line)]
    return Letter("receipt", {"terms": order.terms, "given": given}, [*files, *contract_files(order)])


def contract_files(order: Order) -> list[Attachment]:
    """What makes the contract durable (L221-13): the terms accepted, the notice and the model form.

    Nothing for a renewal, which is no new contract, and nothing where nothing was sold.
    """
    files: list[Attachment] = []
    if order.origin_id or not order.is_sale:
        return files
    if order.terms:
        name = translation.pgettext("file name", "terms-of-sale")
        files.append(Attachment(f"{name}.pdf", documents.terms(order.terms, order.locale), "application/pdf"))
    name = translation.pgettext("file name", "withdrawal-form")
    form = documents.withdrawal_form(order.seller, legal_urls(order.locale)["withdraw_url"], order.locale)
    return [*files, Attachment(f"{name}.pdf", form, "application/pdf")]


def _pending(order: Order, _detail: str) -> Letter | None:
    return Letter("pending") if order.state == Order.State.PENDING else None


def _failed(order: Order, _detail: str) -> Letter | None:
    return Letter("failed", {"home_url": home_url(order.locale)}) if order.state == Order.State.LAPSED else None


def _oversold(order: Order, _detail: str) -> Letter | None:
    return Letter("oversold") if order.concerns.filter(reason=Order.Attention.OVERSOLD).exists() else None


def _shipped(order: Order, detail: str) -> Letter | None:
    parcel = order.parcels.filter(number=detail, shipped_at__isnull=False).first()
    if parcel is None:
        return None
    rows = [(row.quantity, row.line.title) for row in parcel.lines.select_related("line")]
    sent = order.parcels.filter(shipped_at__isnull=False, number__lte=parcel.number).count()
    several = order.parcels.count() > 1
    hours = order.delivery_method.hours(order.locale) if order.delivery_method else ""
    found = {"parcel": parcel, "rows": rows, "nth": sent, "several": several, "pickup_hours": hours}
    return Letter("shipped", found)


def _refunded(order: Order, detail: str) -> Letter | None:
    refund = order.refunds.filter(pk=detail, state=Refund.State.SUCCEEDED).first()
    if refund is None:
        return None
    rows = [(row.quantity, row.line.title, row.amount) for row in refund.lines.select_related("line")]
    return Letter("refunded", {"refund": refund, "rows": rows, "is_all": order.refunded == order.total})


def _cancelled(order: Order, _detail: str) -> Letter | None:
    return Letter("cancelled") if order.state == Order.State.CANCELLED and order.paid_at else None


def _link(_order: Order, _detail: str) -> Letter:
    return Letter("link", {"days": links.VALID.days})


def _late(order: Order, _invoice: str) -> Letter | None:
    """A renewal was not paid; not sent once it is, or all is over."""
    row = Subscription.objects.alive().filter(line__order=order).select_related("line").first()
    until = row.open_until if row and row.status in {row.Status.PAST_DUE, row.Status.UNPAID} else None
    return Letter("late", {"line": row.line, "until": until}) if row and until else None


def _renewal(order: Order, day: str) -> Letter | None:
    """A yearly term renews itself (C. conso L215-1); not sent to who leaves, nor for a period that is over."""
    row = Subscription.objects.alive().filter(line__order=order, cancel_at_period_end=False).first()
    if row is None or f"{row.period_end:%Y-%m-%d}" != day:
        return None
    amount = renewals.coming(row)
    return Letter("renewal", {"subscription": row, "title": row.line.title, "amount": amount}) if amount else None


def _ended(order: Order, _detail: str) -> Letter | None:
    """It ended for want of payment."""
    row = Subscription.objects.filter(line__order=order).exclude(ended_at=None).select_related("line").first()
    return Letter("ended", {"line": row.line, "home_url": home_url(order.locale)}) if row else None


def _standing(order: Order, _turn: str) -> Letter | None:
    """What was asked of a subscription is noted: how it stands now, and where to undo it."""
    row = Subscription.objects.filter(line__order=order).select_related("line__order", "offer", "next_offer").first()
    if row is None:
        return None
    told = {"what": standing.title(row, order.locale), "lines": standing.lines(row, order.locale)}
    here = links.absolute("account", locale=order.locale) if row.user_id else links.order_url(order)
    return Letter("standing", {**told, "here": here})


LETTERS: dict[str, Callable[[Order, str], Letter | None]] = {
    "receipt": _receipt,
    "pending": _pending,
    "failed": _failed,
    "oversold": _oversold,
    "shipped": _shipped,
    "refunded": _refunded,
    "cancelled": _cancelled,
    "link": _link,
    "late": _late,
    "renewal": _renewal,
    "ended": _ended,
    "standing": _standing,
}


def home_url(locale: str) -> str:
    """The front page in that language."""
    return f"{settings.BASE_URL}/" if locale == settings.LANGUAGE_CODE else f"{settings.BASE_URL}/{locale}/"


def to_owner(order_id: int) -> None:
    """Tell the owner of a paid order, unless she reads a daily mail. Once."""
    order = Order.objects.select_related("shop").get(pk=order_id)
    if order.shop.notify == Shop.Notify.EACH and order.shop.email and not was_sent(order, OWNER):
        _post(order, OWNER, order.shop.email, settings.LANGUAGE_CODE, Letter("owner_order", _for_owner(order)))


def alarm(order_id: int) -> None:
    """Money is stuck: tell the owner at once, once for each thing that happened."""
    order = Order.objects.select_related("shop").get(pk=order_id)
    last = order.events.filter(kind="attention").order_by("-pk").first()
    key = f"alarm:{last.pk if last else order.attention}"
    if order.attention and order.shop.email and not was_sent(order, key):
        _post(order, key, order.shop.email, settings.LANGUAGE_CODE, Letter("owner_alarm", _for_owner(order)))


def _for_owner(order: Order) -> dict[str, Any]:
    legal = dict.fromkeys(legal_urls(settings.LANGUAGE_CODE), "")
    facts = about(order, settings.LANGUAGE_CODE)
    with translation.override(settings.LANGUAGE_CODE):
        facts |= bills.for_order(order, to_owner=True)
    return {**facts, **legal, "seller": order.shop.snapshot(), "desk_url": desk_url()}


def desk_url() -> str:
    """Where the owner works."""
    return f"{settings.BASE_URL}{reverse('wagtailadmin_home')}"


def digest() -> None:
    """The owner's daily mail, from the hour she chose, once a day. Safe to run at any time and twice.

    The day is taken first and given back if the mail server refuses: a crash between moves the news to the next
    day's mail, because an order counts as told by its row in MailSent only.
    """
    for shop in Shop.objects.filter(notify=Shop.Notify.DIGEST).exclude(email=""):
        now = timezone.now().astimezone(PARIS)
        if now.hour < shop.digest_hour or shop.digest_sent_on == now.date():
            continue
        mine = Shop.objects.filter(pk=shop.pk, digest_sent_on=shop.digest_sent_on)
        if mine.update(digest_sent_on=now.date()):
            try:
                _send_digest(shop)
            except BaseException:
                Shop.objects.filter(pk=shop.pk).update(digest_sent_on=shop.digest_sent_on)
                raise


def _send_digest(shop: Shop) -> None:
    """New orders, what calls for her, withdrawals to answer; nothing of all that: no mail."""
    told = MailSent.objects.filter(order=OuterRef("pk"), key=OWNER)
    ours = Order.objects.for_shop(shop)
    fresh = list(ours.filter(~Exists(told), paid_at__gt=timezone.now() - DIGEST_DAYS).order_by("paid_at"))
    stuck = list(ours.needing_attention().prefetch_related("concerns"))
    withdrawn = list(Withdrawal.objects.filter(shop=shop, answered_at=None).order_by("received_at"))
    if not (fresh or stuck or withdrawn):
        return
    locale = settings.LANGUAGE_CODE
    with translation.override(locale):
        orders = [(order, telling.what(order, to_owner=True)) for order in fresh]
    context = {
        "shop": shop, "seller": shop.snapshot(), "orders": orders, "stuck": stuck, "withdrawn": withdrawn,
        "to_pack": desk.to_send(shop).count(), "total": sum(order.total for order in fresh), "currency": shop.currency,
        "desk_url": desk_url(),
    }  # fmt: skip
    letter = Letter("owner_digest", context)
    _send(letter, shop.email, locale, f"digest.{shop.pk}.{timezone.localdate():%Y%m%d}")
    with transaction.atomic():
        for order in fresh:
            MailSent.objects.get_or_create(order=order, key=OWNER)


def receipt_of_withdrawal(row: Withdrawal) -> bool:
    """The receipt that the law wants: what was said, when (UTC and Paris), and its digest. Whether it went out now."""
    file = Attachment(f"{row.token}.txt", withdrawal.content(row).encode(), "text/plain")
    letter = Letter("withdrawal", _about_withdrawal(row), [file])
    reference = f"withdrawal.{row.token}"
    mine = Withdrawal.objects.filter(pk=row.pk)
    return claims.once(
        reference,
        was_sent=mine.exclude(receipt_sent_at=None).exists,
        send=lambda: _send(letter, row.email, row.locale, reference),
        record=lambda: mine.update(receipt_sent_at=timezone.now()),
    )


def withdrawal_to_owner(row: Withdrawal) -> None:
    """Tell the owner of a withdrawal; beyond so many an hour, or if this fails, it stands on her desk alone."""
    if row.shop.email and _may_tell(row):
        legal = dict.fromkeys(legal_urls(settings.LANGUAGE_CODE), "")
        context = {**_about_withdrawal(row), **legal, "desk_url": desk_url()}
        try:
            letter = Letter("owner_withdrawal", context)
            _send(letter, row.shop.email, settings.LANGUAGE_CODE, f"owner.{row.token}")
        except OSError:
            log.exception("withdrawal %s: the owner could not be told by mail", row.pk)


def _may_tell(row: Withdrawal) -> bool:
    """Whoever declares much does not fill her box; what concerns an order of its own address always reaches it."""
    if row.order and row.order.email.lower() == row.email.lower():
        keys, most = [f"order:{row.order_id}"], NOTICES_OF_AN_ORDER
    else:
        keys, most = [f"shop:{row.shop_id}"], NOTICES
    try:
        limits.spend("withdrawal-owner", keys, limit=most, seconds=3600)
    except limits.TooMany:
        return False
    return True


def _about_withdrawal(row: Withdrawal) -> dict[str, Any]:
    return {
        "shop": row.shop,
        "seller": row.shop.snapshot(),
        "withdrawal": row,
        "received_paris": row.received_at.astimezone(PARIS),
        "utc": f"{row.received_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        **legal_urls(row.locale),
    }


def catch_up() -> None:
    """Receipts that the mail server refused for longer than a task tries: sent as soon as it takes mail again."""
    now = timezone.now()
    sent = MailSent.objects.filter(order=OuterRef("pk"), key="receipt")
    late = Order.objects.filter(~Exists(sent), paid_at__lt=now - LATE, paid_at__gt=now - KEPT_TRYING)
    unsaid = Withdrawal.objects.filter(receipt_sent_at=None, received_at__lt=now - LATE).exclude(receipt_from__gt=now)
    claims.sweep()
    try:
        for pk in unsaid.values_list("pk", flat=True):
            _unless_in_hand(withdrawal.send_receipt, pk)
        for pk in late.values_list("pk", flat=True):
            _unless_in_hand(to_buyer, pk, "receipt")
    except OSError:
        log.exception("the mail server still refuses mail")


def _unless_in_hand(send: Callable[..., None], *about: Any) -> None:
    """What another worker is sending is left to it: this comes again."""
    with suppress(claims.BeingSent):
        send(*about)
