"""What goes out by mail when an appointment moved, is cancelled or is near, each once, with the file that changes the calendar."""

from django.utils import translation

from core import mail
from events import appointments, links
from events.models import Booking
from members import mailing
from store import mail as letters

REMINDERS = mailing.Kind.REMINDERS


def to_customer(booking_id: int, kind: str) -> bool:
    """Send one mail about the appointment as it stands, once for each change; whether it went out now.

    What no longer holds is not sent: a second move came meanwhile. Raises claims.BeingSent.
    """
    rows = Booking.objects.select_related("service__calendar__shop", "line__order__shop")
    booking = rows.filter(pk=booking_id).first()
    if booking is None or not booking.email or kind not in _true_of(booking):
        return False
    order, key = booking.line.order, f"booking:{booking.pk}:{kind}"
    is_reminder = kind.startswith("reminder")
    if letters.was_sent(order, key) or (is_reminder and not mailing.wants(booking.email, REMINDERS)):
        return False
    with translation.override(booking.locale):
        about = {
            "shop": order.shop, "seller": order.seller, "booking": booking, "url": links.booking(booking),
            "title": booking.service.title(booking.locale), "when": appointments.when(booking.service, booking.starts_at), "service": booking.service,
            "where": booking.service.where(booking.locale), **letters.legal_urls(booking.locale),
        }  # fmt: skip
    if is_reminder:
        about["unsubscribe_url"] = mailing.url(booking.email, REMINDERS, booking.locale)
    name = "appointment_soon" if is_reminder else "appointment"
    message = mail.build(f"events/emails/{name}", to=booking.email, locale=booking.locale, context=about)
    file = appointments.of_booking(booking)
    message.attach(file.name, file.content, file.mimetype)
    return letters.post(order, key, message)


def _true_of(booking: Booking) -> set[str]:
    """What may be said of it as it stands."""
    said = {f"{booking.state}:{booking.sequence}"}
    return said | {f"reminder:{booking.sequence}"} if booking.is_live else said
