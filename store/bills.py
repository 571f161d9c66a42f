"""What an order or a draft costs, row by row, as recap, order page and mail show it. Amounts in minor units."""

from collections.abc import Iterable
from typing import Any

from babel import Locale
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import dates, money
from store import audiences, delivery, pricing, promises
from store.checkout import Draft
from store.models import DeliveryMethod, LegalType, Order, OrderLine
from store.models.order import language
from store.models.product import NO_WITHDRAWAL
from store.rights import NOTICE_URL, begins_early, notice, withdrawal
from store.wants import Wish

NAMED = 3
UNION = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}  # fmt: skip


def for_draft(draft: Draft) -> dict[str, Any]:
    """The rows of what would be ordered; nothing is summed where there is nothing to pay and nothing is sent."""
    locale = (get_language() or "fr").split("-")[0]
    lines = [
        {
            "title": wish.offer.sellable.title(locale) if wish.offer.sellable else "",
            "label": "",
            "note": " ".join(
                filter(None, [_whose(quote), _unit(quote.unit, wish.quantity, draft.currency), _essence(wish, locale)])
            ),
            "details": wish.offer.sellable.recap(wish.details, locale) if wish.offer.sellable else [],
            "begins": wish.offer.sellable.told_at(wish.details) if wish.offer.sellable else None,
            "quantity": wish.quantity,
            "amount": quote.amount,
        }
        for wish, quote in draft.lines
    ]
    rows = []
    if draft.way:
        rows.append(_delivery(draft.way.method.label(locale), draft.shipping))
    total = _total(draft.total, draft.tax, draft.shop.is_franchise, draft.currency)
    short = [
        (_("Your order"), _names(lines)),
        (total["label"], f"{money.text(draft.total, draft.currency)}, {total['note']}"),
    ]
    totals = [*rows, total] if draft.total or draft.needs_shipping else []
    return {"lines": lines, "totals": totals, "currency": draft.currency, "short": short}


def _names(lines: list[dict[str, Any]]) -> str:
    """What is bought, once more just above the button."""
    return ", ".join(f"{row['title']} ({row['quantity']})" if row["quantity"] > 1 else row["title"] for row in lines)


def for_order(order: Order, *, to_owner: bool = False) -> dict[str, Any]:
    """The rows of an order as it was accepted; `to_owner`: titles and delivery in her language."""
    locale = language() if to_owner else order.locale
    details = details_of(order.lines.all(), locale)
    lines = [
        {
            "title": line.shown_title if to_owner else line.title,
            "label": "",
            "note": _unit(line.unit_amount, line.quantity, order.currency),
            "details": details.get(line.pk, []),
            "quantity": line.quantity,
            "amount": line.amount,
        }
        for line in order.lines.all()
    ]
    rows = []
    if order.delivery_label:
        label = order.shown_delivery if to_owner else order.delivery_label
        rows.append(_delivery(label, order.shipping_amount))
    tax = sum(line.tax for line in order.lines.all()) + order.shipping_tax
    if order.total or order.needs_shipping:
        rows.append(_total(order.total, tax, order.is_franchise, order.currency))
    if order.refunded:
        rows.append({"label": _("Refunded"), "note": "", "amount": order.refunded, "is_total": False})
    return {"lines": lines, "totals": rows, "currency": order.currency}


def details_of(lines: Iterable[OrderLine], locale: str) -> dict[int, list[str]]:
    """{line pk: its details in words}; queries only where a line has details."""
    told = [line for line in lines if line.details]
    return {line.pk: sellable.lines_of(line.details, locale) for line, sellable in promises.behind(told)}


def _essence(wish: Wish, locale: str) -> str:
    """What it is, in its page's one sentence, in another language rather than not at all (C. conso L221-14)."""
    return wish.offer.sellable.essence(locale) if wish.offer.sellable else ""


def _whose(quote: pricing.Quote) -> str:
    """Whose price it is, where it is not everybody's."""
    named = audiences.known().get(quote.audience) if quote.audience else None
    return _("%(who)s price.") % {"who": named.label} if named else ""


def _unit(unit: int, quantity: int, currency: str) -> str:
    return _("%(price)s each") % {"price": money.text(unit, currency)} if unit and quantity > 1 else ""


def _delivery(label: str, amount: int) -> dict[str, Any]:
    return {"label": label, "note": "" if amount else _("free"), "amount": amount, "is_total": False}


def _total(total: int, tax: int, is_franchise: bool, currency: str) -> dict[str, Any]:
    """In franchise no VAT word but the legal mention (CGI art. 293 B)."""
    note = _("VAT not applicable, art. 293 B of the CGI") if is_franchise else _("including %(tax)s of VAT") % {
        "tax": money.text(tax, currency)
    }  # fmt: skip
    return {"label": _("Total"), "note": note, "amount": total, "is_total": True}


def facts(draft: Draft, *, is_fast: bool) -> list[tuple[str, str]]:
    """How it comes, when, where to, and how it is paid: stated before the button (C. conso L221-14, L111-1)."""
    payment = (_("Payment"), _("by card or wallet in the next step, in Stripe's own form"))
    asked_later = _asked_later(draft) if is_fast else []
    return [*asked_later, *_delivery_facts(draft), *([payment] if draft.total else [])]


def _asked_later(draft: Draft) -> list[tuple[str, str]]:
    """For whom, in the fast lane."""
    if draft.is_sent:
        return [(_("For"), _("Your e-mail and address are asked with the payment; a wallet fills them in."))]
    return [(_("For"), _("Your e-mail and name are asked with the payment; a wallet fills them in."))]


def _delivery_facts(draft: Draft) -> list[tuple[str, str]]:
    way = draft.way
    if way is None:
        return []
    locale = (get_language() or "fr").split("-")[0]
    day = dates.words(way.arrives_on, "l j F")
    if way.method.kind == DeliveryMethod.Kind.PICKUP:
        ready = _("Ready from %(day)s") % {"day": day}
        lines = [part for part in (way.method.pickup_address, way.method.hours(locale), ready) if part]
        return [(_("Pick-up"), "\n".join(lines))]
    where = (_("We deliver to"), _places(delivery.countries(draft.shop), locale))
    if len(draft.ways) > 1:
        return [where]  # each way stands below, with its price and its day
    words = _("%(method)s, with you by %(day)s") % {"method": way.method.label(locale), "day": day}
    return [(_("Delivery"), words), where]


def _places(codes: list[str], locale: str) -> str:
    """Up to three countries by name; of more the first, and how many: the form lists them all."""
    names = Locale.parse(locale).territories
    first, *others = (names.get(code, code) for code in codes)
    if len(others) < NAMED:
        return ", ".join([first, *others])
    given = {"country": first, "n": len(others)}
    if UNION.issuperset(codes):
        return _("%(country)s and %(n)s countries of the European Union") % given
    return _("%(country)s and %(n)s other countries") % given


def rights(draft: Draft) -> dict[str, Any]:
    """Who sells, what the law guarantees, what can be sent back and what cannot, who mediates (L221-5, L111-1)."""
    locale = (get_language() or "fr").split("-")[0]
    sold = [wish.offer.sellable for wish, _quote in draft.lines if wish.offer.sellable]
    bound = [one.title(locale) for one in sold if one.legal_type in NO_WITHDRAWAL]
    made = [one.title(locale) for one in sold if one.legal_type in NO_WITHDRAWAL - {LegalType.DATED}]
    said: dict[str, list[str]] = {}
    for one in sold:
        said.setdefault(withdrawal(one.legal_type), []).append(one.title(locale))
    return {
        "seller": draft.shop,
        "address": ", ".join(draft.shop.address.splitlines()),
        "notice_src": notice(locale),
        "notice_url": NOTICE_URL,
        "is_goods": any(one.needs_shipping for one in sold),
        "may_withdraw": len(bound) < len(sold),
        "bound": ", ".join(dict.fromkeys(made)),
        "special": [(words, ", ".join(dict.fromkeys(titles))) for words, titles in said.items() if words],
        "is_free": not draft.total and not draft.needs_shipping,
        "needs_account": any(one.needs_account for one in sold),
    }


def early(draft: Draft) -> list[str]:
    """What is paid for and begins before the days to withdraw are over, so that the buyer must ask for it."""
    locale, now = language(), timezone.now()
    return [
        wish.offer.sellable.title(locale)
        for wish, quote in draft.lines
        if wish.offer.sellable and quote.amount and begins_early(wish.offer.sellable, wish.details, now)
    ]
