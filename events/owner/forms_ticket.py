"""What the owner types about a kind of ticket: for whom, from when to when, what each guest is asked."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from events.models import Event, Ticket
from events.owner.forms import Local
from members.models import MEMBER, Tier
from store.models import Offer
from store.owner.order_forms import MoneyField

NEEDED = "*"
"""At the end of a question: nobody gets a seat without an answer."""


class PriceForm(forms.Form):
    """Another price."""

    price = MoneyField(label=_("price"))


class TicketForm(forms.Form):
    """A kind of ticket with its window; price and pool are settled when it is made, and have verbs of their own then."""

    name = forms.CharField(label=_("name"), max_length=80)
    name_en = forms.CharField(label=_("name in English"), max_length=80, required=False)
    price = MoneyField(label=_("price"), required=False, help_text=_("Empty or 0: free."))
    max_per_order = forms.IntegerField(label=_("at most per order"), min_value=1, max_value=50, initial=10)
    own = forms.IntegerField(
        label=_("at most in all"), min_value=0, required=False, help_text=_("Empty: as many as the room holds.")
    )
    sale_from = Local(label=_("on sale from"), required=False, help_text=_("Empty: from now on."))
    sale_until = Local(label=_("on sale until"), required=False, help_text=_("Empty: until it begins."))
    audience = forms.ChoiceField(label=_("for whom"), required=False)
    asked = forms.CharField(
        label=_("questions for each seat"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line; a * at its end: an answer is needed."),
    )  # fmt: skip
    asked_en = forms.CharField(
        label=_("the same in English"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Line by line."),
    )  # fmt: skip
    is_on_sale = forms.BooleanField(label=_("on sale"), required=False)

    def __init__(self, *args: Any, event: Event, ticket: Ticket | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": told(event, ticket) if ticket else None, **kwargs})
        self.event, self.ticket = event, ticket
        self.fields["audience"].choices = audiences(event, ticket)  # type: ignore[attr-defined]
        for name in ("price", "own") if ticket else ("is_on_sale",):
            del self.fields[name]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Ticket.objects.filter(event=self.event, name=name)
        if (others.exclude(pk=self.ticket.pk) if self.ticket else others).exists():
            raise forms.ValidationError(now("There is one of that name."))
        return name

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        begins, ends = said.get("sale_from"), said.get("sale_until")
        if begins and ends and ends <= begins:
            self.add_error("sale_until", now("It ends after it begins."))
        return said

    def fields_given(self) -> dict[str, Any]:
        """Those of the ticket."""
        said = self.cleaned_data
        asked = questions(said["asked"], said["asked_en"])
        return {**{name: said[name] for name in ("name", "name_en", "audience")}, "questions": asked}

    def offer_given(self) -> dict[str, Any]:
        """Those of its offer: the window on the clock of the place, in UTC."""
        said = self.cleaned_data
        found = {
            "max_per_order": said["max_per_order"],
            "sale_from": self._at("sale_from"),
            "sale_until": self._at("sale_until") or self.event.starts_at,
        }
        if self.ticket:
            found["state"] = Offer.State.LIVE if said["is_on_sale"] else Offer.State.ARCHIVED
        return found

    def _at(self, name: str) -> datetime | None:
        local: datetime | None = self.cleaned_data[name]
        return local.replace(tzinfo=self.event.zone) if local else None


def audiences(event: Event, ticket: Ticket | None) -> list[tuple[str, Any]]:
    """Everybody, the club, each tier, and what stands there already."""
    tiers = [(tier.audience, tier.name) for tier in Tier.objects.filter(shop=event.shop_id)]
    found = {"": _("everybody"), MEMBER: _("the club"), **dict(tiers)}
    if ticket:
        found.setdefault(ticket.audience, ticket.audience)
    return list(found.items())


def told(event: Event, ticket: Ticket) -> dict[str, Any]:
    """How a ticket reads in the form."""
    offer, rows = ticket.offer, ticket.questions
    ends = offer.sale_until if offer.sale_until != event.starts_at else None
    return {
        "name": ticket.name, "name_en": ticket.name_en, "audience": ticket.audience, "max_per_order": offer.max_per_order,
        "sale_from": offer.sale_from and offer.sale_from.astimezone(event.zone).replace(tzinfo=None),
        "sale_until": ends and ends.astimezone(event.zone).replace(tzinfo=None),
        "asked": "\n".join(f"{row['fr']} {NEEDED}" if row.get("needed") else row["fr"] for row in rows),
        "asked_en": "\n".join(row.get("en", "") for row in rows).rstrip(),
        "is_on_sale": offer.state == Offer.State.LIVE,
    }  # fmt: skip


def questions(asked: str, asked_en: str) -> list[dict[str, Any]]:
    """The lines as a ticket keeps them; a question that stays as it was keeps its key, and so its answers."""
    english = asked_en.splitlines()
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(row.strip() for row in asked.splitlines()):
        words = line.removesuffix(NEEDED).strip()
        if words:
            row = {"fr": words, "en": english[number].removesuffix(NEEDED).strip() if number < len(english) else ""}
            key = slugify(words)[:40] or f"q{number}"
            found.setdefault(key, {"key": key, **row, "needed": line.endswith(NEEDED)})
    return list(found.values())
