"""Another date that costs something: sold like anything else. Written by events.changing only."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from events.models.seat import Seat
from events.models.ticket import Ticket
from store.models import OrderLine, Sellable

if TYPE_CHECKING:
    from wagtail.models import Page

    from store.checkout import Buyer


class DateChange(Sellable):
    """One seat's way to one kind of ticket of another event; `line` and `made` are set once it was paid and done.

    Its offer is on that ticket's pools, so that the place there is held while it is paid.
    """

    excludes_delayed: ClassVar[bool] = True
    counts_itself: ClassVar[bool] = True
    line_template: ClassVar[str] = "events/lines/change.html"

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="changes")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="changes")
    line = models.OneToOneField(
        OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="change", help_text="That paid it."
    )
    made = models.OneToOneField(
        Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="came_by", help_text="The seat there."
    )

    class Meta:
        verbose_name = gettext_lazy("change of date")
        verbose_name_plural = gettext_lazy("changes of date")
        constraints = [
            models.UniqueConstraint(fields=["seat", "ticket"], name="one_change_a_seat_and_date"),
            models.CheckConstraint(
                condition=models.Q(line=None, made=None) | models.Q(line__isnull=False, made__isnull=False),
                name="changed_once_it_is_paid",
            ),
        ]

    def __str__(self) -> str:
        return self.title("fr")

    @classmethod
    def for_offers(cls, offer_ids: Iterable[int]) -> models.QuerySet[Any]:
        rows = cls._default_manager.filter(offer_id__in=list(offer_ids))
        return rows.select_related("seat__event", "ticket__event").prefetch_related("ticket__event__pages__locale")

    @property
    def legal_type(self) -> str:
        return self.ticket.event.legal_type

    def title(self, locale: str) -> str:
        with override(locale):
            return _("Change of date: %(event)s") % {"event": self.ticket.title(locale)}

    def action(self) -> str:
        return _("Take this date")

    def pages(self) -> "Iterable[Page]":
        return self.ticket.pages()

    def lines_of(self, details: Mapping[str, Any], locale: str) -> list[str]:
        from events import cards  # noqa: PLC0415

        with override(locale):
            old, new = cards.when(self.seat.event), cards.when(self.ticket.event)
            return [_("From %(old)s") % {"old": old}, _("to %(new)s") % {"new": new}]

    def begins_at(self, details: Mapping[str, Any]) -> datetime | None:
        return self.ticket.event.starts_at

    def check_line(self, quantity: int, details: Mapping[str, Any]) -> None:
        from events import changing  # noqa: PLC0415 - verbs know models, not the reverse, but for this door

        changing.check(self, quantity, details)

    def check_buyer(self, buyer: "Buyer", quantity: int, details: Mapping[str, Any]) -> None:
        from events import changing  # noqa: PLC0415

        changing.check_buyer(self, quantity, details)

    def release(self, line: OrderLine) -> None:
        from events import changing  # noqa: PLC0415

        changing.release(self)

    def fulfil(self, line: OrderLine) -> None:
        from events import changing  # noqa: PLC0415

        changing.carry_out(line)

    def revoke(self, line: OrderLine, quantity: int) -> None:
        from events import changing  # noqa: PLC0415

        changing.revoke(self, line, quantity)
