"""What goes out by mail about seats and the waiting list, each once: under a claim, with its row or mark written after."""

from typing import Any

from django.utils import translation

from core import mail
from core.mail import Attachment
from events import afterwards, calendar, cards, links, waiting
from events.models import Seat, WaitingEntry
from members import mailing
from store import claims
from store import mail as letters

ENDED = {"given_up", "cancelled", "called_off", "handed_on"}
OF_SEATS = {"received", "other_date", "moved", "place", "reminder", "after", *ENDED}
OPTIONAL = {"reminder": mailing.Kind.REMINDERS, "after": mailing.Kind.AFTERWARDS}
OF_WAITING = {"joined", "offered", "lapsed", "left", "called_off"}


def to_guest(seat_id: int, kind: str) -> bool:
    """Send the guest one mail about their seat ("reminder", "moved:2"), once; whether it went out now.

    What no longer holds is not sent: a reminder of a seat that was given up meanwhile. Raises claims.BeingSent.
    """
    seat = (
        Seat.objects.select_related("event__shop", "ticket__offer", "line__order__shop", "user")
        .filter(pk=seat_id)
        .first()
    )
    name, _colon, number = kind.partition(":")
    if seat is None or not seat.email or name not in OF_SEATS:
        return False
    if (name not in ENDED) != seat.is_valid or (
        number and name in {"moved", "place"} and int(number) != seat.event.sequence
    ):
        return False
    order, key = seat.line.order, f"seat:{seat.pk}:{kind}"
    optional = OPTIONAL.get(name)
    if letters.was_sent(order, key) or (optional and not mailing.wants(seat.email, optional)):
        return False
    message = mail.build(f"events/emails/{name}", to=seat.email, locale=seat.locale, context=_context(seat, name))
    for file in _files(seat, name):
        message.attach(file.name, file.content, file.mimetype)
    return letters.post(order, key, message)


def _context(seat: Seat, name: str) -> dict[str, Any]:
    with translation.override(seat.locale):
        found = {**about(seat), **(afterwards.about(seat) if name == "after" else {})}
    if name in OPTIONAL:
        found["unsubscribe_url"] = mailing.url(seat.email, OPTIONAL[name], seat.locale)
    return found


def about(seat: Seat) -> dict[str, Any]:
    """What every mail about a seat is given, in the guest's words."""
    event, order = seat.event, seat.line.order
    mine = Seat.objects.filter(line__order=order, event=event, email__iexact=seat.email).select_related("line__order")
    with translation.override(seat.locale):
        return {
            "shop": order.shop,
            "seller": order.seller,
            "seat": seat,
            "seats": [told(row) for row in mine if row.is_valid] or [told(seat)],
            "event": event,
            "page": links.page_of(event, seat.locale),
            "title": links.title(event, seat.locale),
            "when": cards.when(event),
            "where": calendar.place(event),
            "refunded": bool(seat.line.unit_amount and seat.line.refunded_quantity),
            **letters.legal_urls(seat.locale),
        }


def told(seat: Seat) -> dict[str, Any]:
    """One seat with the addresses of its pages."""
    return {
        "seat": seat, "reference": seat.reference, "holder": seat.holder, "url": links.seat(seat), "leave_url": links.leave(seat),
        "calendar_url": links.calendar(seat), "hand_on_url": links.hand_on(seat),
    }  # fmt: skip


def to_waiting(entry_id: int, kind: str) -> bool:
    """Send who waits one mail of that kind, once; whether it went out now. Raises claims.BeingSent."""
    entry = WaitingEntry.objects.select_related("event__shop", "ticket").filter(pk=entry_id).first()
    if entry is None or not entry.email or kind not in OF_WAITING or kind in entry.told:
        return False
    if kind == "offered" and entry.state != WaitingEntry.State.OFFERED:
        return False
    message = mail.build(
        f"events/emails/wait_{kind}", to=entry.email, locale=entry.locale, context=_about_waiting(entry)
    )
    reference = f"waiting.{kind}.{entry.token}"
    message.extra_headers["Message-ID"] = letters.message_id(reference)
    mine = WaitingEntry.objects.filter(pk=entry.pk)
    return claims.once(
        reference,
        was_sent=lambda: kind in mine.values_list("told", flat=True).get(),
        send=lambda: _hand_over(message),
        record=lambda: mine.update(told=[*mine.values_list("told", flat=True).get(), kind]),
    )


def _hand_over(message: Any) -> None:
    message.send()


def _about_waiting(entry: WaitingEntry) -> dict[str, Any]:
    event = entry.event
    with translation.override(entry.locale):
        return {
            "shop": event.shop,
            "seller": event.shop.snapshot(),
            "entry": entry,
            "title": links.title(event, entry.locale),
            "when": cards.when(event),
            "place": waiting.place(entry),
            "until": entry.offer_until.astimezone(event.zone) if entry.offer_until else None,
            "waiting_url": links.waiting(entry),
            "claim_url": links.claim(entry),
            **letters.legal_urls(entry.locale),
        }


def _files(seat: Seat, name: str) -> list[Attachment]:
    """The calendar's entry; who took another date, and has no seat left at the first, loses the entry of that one."""
    if name == "after":
        return []
    old = seat.replaces if name == "other_date" else None
    stays = old and Seat.objects.taken().filter(event=old.event_id, email__iexact=old.email).exists()
    shown = [seat, *([old] if old and not stays else [])]
    return [calendar.of_seat(row, is_mail=True) for row in shown]
