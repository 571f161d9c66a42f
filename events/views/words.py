"""Facts that stop a guest, in words."""

from django.utils.translation import gettext as _

from core import dates, money
from events import admission
from events.models import Seat


def too_late(reason: str, seat: Seat) -> str:
    """Why it cannot be done; empty for no reason."""
    said = {
        "ended": _("This seat is no longer valid."),
        "cancelled": _("The event is cancelled: there is nothing to give up, and what you paid comes back by itself."),
        "over": _("It has begun or taken place."),
        "never": _("By the rule of this event a seat cannot be cancelled; it can be handed on to somebody else."),
        "deadline": _("It is too late for that by the rule of this event. Please write or call."),
        "changed": _(
            "When the date was changed it was too late to cancel, and that stays so. The seat can be handed on to somebody else."
        ),
    }
    return said.get(reason, "")


def full() -> str:
    """The other date has no place, or was given away meanwhile."""
    return _("That date has no place left, or costs more. Your seat stays as it is.")


def rule(seat: Seat) -> str:
    """What giving it up means for the money."""
    event = seat.event
    if not seat.paid:
        return _("Your place goes to somebody else at once. Thank you for saying so.")
    if not admission.gives_back(seat):
        return _("Your place goes to somebody else; by the rule of this event the price is not given back.")
    until = dates.words(event.cancel_until, "l j F", event.zone)
    return _("The price is given back to the card you paid with. You may cancel until %(day)s.") % {"day": until}


def change_rule(seat: Seat) -> str:
    """Until when another date may be taken, and what it costs."""
    event = seat.event
    until = {"day": dates.words(event.transfer_until, "l j F, H:i", event.zone)}
    words = [_("You may take another date until %(day)s.") % until]
    if event.transfer_fee:
        fee = money.text(event.transfer_fee, seat.line.order.currency)
        words.append(_("The change costs %(fee)s, and what the other seat costs more.") % {"fee": fee})
    elif seat.paid:
        words.append(_("The change costs nothing but what the other seat costs more."))
    if seat.paid:
        words.append(_("If it costs less, the difference is not given back."))
    if event.transfer_fee or seat.paid:
        words.append(_("Your seat stays as it is until the other one is paid."))
    return " ".join(words)
