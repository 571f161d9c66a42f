"""A kind of ticket: what a guest takes for one seat. Its price, window and pools stand in its Offer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models.event import Event
from store.models import Sellable

if TYPE_CHECKING:
    from django.forms import Form
    from wagtail.models import Page

    from core.mail import Attachment
    from core.models import Photo
    from store.checkout import Buyer
    from store.models import OrderLine


class Ticket(Sellable):
    """One kind of seat at one event: "Plein tarif", "Gratuit pour le club"."""

    excludes_delayed: ClassVar[bool] = True
    kept_details: ClassVar[frozenset[str]] = frozenset({"waiting"})
    counts_itself: ClassVar[bool] = True
    says_its_state: ClassVar[bool] = True
    mail_template: ClassVar[str] = "events/emails/parts/seats"
    line_template: ClassVar[str] = "events/lines/ticket.html"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="tickets")
    name = models.CharField(gettext_lazy("name"), max_length=80)
    name_en = models.CharField(gettext_lazy("name in English"), max_length=80, blank=True)
    audience = models.CharField(
        gettext_lazy("for whom"), max_length=64, blank=True, default="", help_text=gettext_lazy("Empty: for everybody.")
    )
    questions = models.JSONField(
        gettext_lazy("questions for each seat"), default=list, blank=True,
        help_text='[{"key": "menu", "fr": "…", "en": "…", "needed": false}]',
    )  # fmt: skip
    is_free = models.BooleanField(
        default=False, editable=False, help_text="Its public price is 0: says the button's words."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = gettext_lazy("kind of ticket")
        verbose_name_plural = gettext_lazy("kinds of tickets")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="ticket_name_once_an_event")]

    def __str__(self) -> str:
        return self.title("fr")

    @classmethod
    def for_offers(cls, offer_ids: Iterable[int]) -> models.QuerySet[Any]:
        from events.models.seat import WaitingEntry  # noqa: PLC0415 - it knows tickets

        waits = WaitingEntry.objects.filter(event=models.OuterRef("event"), state=WaitingEntry.State.WAITING)
        return (
            cls._default_manager.filter(offer_id__in=list(offer_ids))
            .select_related("event")
            .annotate(someone_waits=models.Exists(waits))
            .prefetch_related("event__pages__locale")
        )

    @property
    def legal_type(self) -> str:
        return self.event.legal_type

    def label(self, locale: str) -> str:
        """What tells it from its sisters."""
        return self.name_en if locale == "en" and self.name_en else self.name

    def title(self, locale: str) -> str:
        page = self.page_in(locale)
        name = page.title if page and page.locale.language_code == locale else self.event.name
        return f"{name} ({self.label(locale)})"

    def action(self) -> str:
        return _("I'm coming") if self.is_free else _("Book")

    def pages(self) -> "Iterable[Page]":
        return self.event.pages.all()

    def picture(self) -> "Photo | None":
        return None

    def recap(self, details: Mapping[str, Any], locale: str) -> list[str]:
        """When and where first: what is bought is that evening."""
        from events import calendar, cards  # noqa: PLC0415 - verbs know models, not the reverse, but for these doors

        found = ", ".join(filter(None, [cards.when(self.event), calendar.place(self.event)]))
        return [found, *self.lines_of(details, locale)]

    def restate(self, found: tuple[str, str, int], at: datetime) -> tuple[str, str, int]:
        """A meeting that is cancelled, has begun, or for which others wait has nothing to sell, whatever its pools say."""
        if self.event.is_cancelled or self.event.starts_at <= at:
            return "archived", _("Cancelled") if self.event.is_cancelled else _("It has taken place"), 0
        if found[0] == "sold_out" or (getattr(self, "someone_waits", False) and found[2]):
            return "sold_out", _("Full"), 0
        return found

    def files(self, line: "OrderLine") -> "list[Attachment]":
        from events import calendar  # noqa: PLC0415

        return calendar.files_of(line)

    def begins_at(self, details: Mapping[str, Any]) -> datetime | None:
        return self.event.starts_at

    def told_at(self, details: Mapping[str, Any]) -> datetime | None:
        return self.event.local_start

    def lines_of(self, details: Mapping[str, Any], locale: str) -> list[str]:
        from events import asking  # noqa: PLC0415 - verbs know models, not the reverse, but for this door

        return asking.lines_of(self, details, locale)

    @property
    def details_form(self) -> "type[Form]":  # type: ignore[override]
        from events.forms import SeatsForm  # noqa: PLC0415

        return SeatsForm

    def check_line(self, quantity: int, details: Mapping[str, Any]) -> None:
        from events import admission  # noqa: PLC0415

        admission.check_line(self)

    def check_buyer(self, buyer: "Buyer", quantity: int, details: Mapping[str, Any]) -> None:
        from events import admission  # noqa: PLC0415

        admission.check_buyer(self, buyer, quantity, details)

    def release(self, line: "OrderLine") -> None:
        from events import admission  # noqa: PLC0415

        admission.release(line)

    def fulfil(self, line: "OrderLine") -> None:
        from events import admission  # noqa: PLC0415

        admission.admit(line)

    def revoke(self, line: "OrderLine", quantity: int) -> None:
        from events import admission  # noqa: PLC0415

        admission.revoke(line, quantity)
