"""Facts that stop a sale, in the buyer's words."""

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import limits, money
from store import offers, wants
from store.checkout import Draft
from store.exceptions import CannotBeSold, NoDelivery, OutOfStock, PriceChanged, ShopClosed, StripeRefused, TooLittle

# The button's words as the law has them (C. conso L221-14, directive 2011/83 art. 8): no translator may change them.
PLEDGE = {"fr": "Commander avec obligation de paiement", "en": "Order with obligation to pay"}


def cannot_be_sold(error: CannotBeSold) -> str:
    """Why it cannot be bought, and what can be done."""
    if error.said:
        return error.said
    title = str(error.offer) if error.offer else ""
    texts = {
        "too_many": _("That is more than one order can hold of this."),
        "scheduled": _("Not yet on sale: %(when)s.")
        % {"when": offers.moment(error.offer.sale_from) if error.offer else ""},
        "archived": _("%(title)s is no longer sold.") % {"title": title},
        "one_recurring": _("One order holds one subscription. Order this one, then the other."),
        "many_lines": _("With a subscription, one order holds %(n)s other things at most. Order the rest afterwards.")
        % {"n": wants.ONE_TIME_LINES - 1},
        "other_rhythm": _("A subscription by the month cannot become one by the year, nor the other way round."),
        "empty": _("Your basket is empty."),
        "one_each": _("%(title)s: one for each person, and you have yours.") % {"title": title},
        "audience": _("%(title)s is for members of the club for now.") % {"title": title},
    }
    return texts.get(error.reason, _("%(title)s cannot be bought now.") % {"title": title})


def out_of_stock(error: OutOfStock) -> str:
    """Sold out, held by others, or fewer than asked for."""
    title = str(error.offer)
    if error.free == 0 and error.retry_at:
        when = time_format(localtime(error.retry_at))
        return _("%(title)s: others are paying for the last ones. Try again at %(when)s.") % {
            "title": title,
            "when": when,
        }
    if error.free == 0:
        return _("%(title)s is sold out.") % {"title": title}
    text = ngettext("Only %(n)s left of %(title)s.", "Only %(n)s left of %(title)s.", error.free)
    return text % {"n": error.free, "title": title}


def too_little(error: TooLittle) -> str:
    """Both amounts, and what can be done."""
    return _(
        "A payment by card begins at %(least)s and this comes to %(total)s. Add something, then order it together."
    ) % {
        "least": money.text(error.least, error.currency),
        "total": money.text(error.total, error.currency),
    }


def explain(error: Exception) -> str:
    """What stopped an order; nothing was charged."""
    if isinstance(error, CannotBeSold):
        return cannot_be_sold(error)
    if isinstance(error, OutOfStock):
        return out_of_stock(error)
    if isinstance(error, TooLittle):
        return too_little(error)
    if isinstance(error, StripeRefused) and error.code == "amount_too_small":
        return _(
            "That is too little for a payment by card. Nothing was charged; add something, then order it together."
        )
    texts: dict[type[Exception], str] = {
        PriceChanged: _("The price changed since you opened this page. Please look at the new total before you order."),
        NoDelivery: _("We cannot deliver there. Nothing was ordered."),
        ShopClosed: _("The shop takes no orders at the moment. Nothing was ordered."),
        limits.TooMany: _("Too many attempts. Please try again in a few minutes."),
    }
    return texts.get(type(error), _("The payment service does not answer. Nothing was charged; try again in a moment."))


def pledge(locale: str, found: Draft | None = None) -> str:
    """What the button says by which the buyer is bound to pay; where nothing is to be paid, what is done."""
    if found and not found.total:
        said = {wish.offer.sellable.consent() for wish, _quote in found.lines if wish.offer.sellable}
        return said.pop() if len(said) == 1 and not found.needs_shipping else _("Confirm")
    return PLEDGE.get(locale, PLEDGE["en"])
