"""The agenda's pages: words and pictures only. Date, room and state are never in a page revision."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from core.blocks import EditorialBlocks
from core.models import BasePage
from events.models.event import Event


class EventIndexPage(RoutablePageMixin, BasePage):
    """All that takes place, the next first; by month, by kind, and what is over."""

    words = models.CharField(_("in one sentence"), max_length=240, blank=True)

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["events.EventPage", "events.ServicePage"]
    max_count_per_parent = 1
    template = "events/event_index_page.html"

    content_panels = [*BasePage.content_panels, FieldPanel("words")]

    class Meta:
        verbose_name = _("agenda")

    @path("")
    def coming(self, request: HttpRequest) -> HttpResponse:
        return self.listing(request, "coming")

    @path(_("archive/"), name="archive")
    def archive(self, request: HttpRequest) -> HttpResponse:
        return self.listing(request, "archive")

    @path("<int:year>/<int:month>/", name="month")
    def month(self, request: HttpRequest, year: int, month: int) -> HttpResponse:
        return self.listing(request, "month", f"{year}-{month}")

    def serve(self, request: HttpRequest, view: Any = None, args: Any = None, kwargs: Any = None) -> HttpResponse:
        """Its lists are as public as itself."""
        return self.marked(request, RoutablePageMixin.serve(self, request, view, args, kwargs))

    def listing(self, request: HttpRequest, by: str, value: str = "") -> HttpResponse:
        """A page of the list; 404 for a month that does not exist."""
        from events.agenda import context  # noqa: PLC0415 - verbs know models, not the reverse, but for this door

        return self.render(request, context_overrides=context(self, request, by, value))


class ToldPage(BasePage):
    """Abstract: what stands under the agenda and is told in words and a picture."""

    cover = models.ForeignKey(
        "core.Photo", verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cover_alt = models.CharField(
        _("what it shows"), max_length=200, blank=True, help_text=_("Read aloud to those who cannot see the picture.")
    )
    summary = models.CharField(_("in one sentence"), max_length=240, blank=True)
    hand_line = models.CharField(
        _("a line in your hand"),
        max_length=60,
        blank=True,
        help_text=_("Written on the ticket, at most 60 characters."),
    )
    body = StreamField(EditorialBlocks(), verbose_name=_("description"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["events.EventIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        abstract = True


class EventPage(ToldPage):
    """One event told in one language."""

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="pages")
    access = models.TextField(_("how to get there"), blank=True)
    bring = models.TextField(_("what to bring"), blank=True, help_text=_("Shown on the seat, on the day."))
    accessibility = models.TextField(
        _("accessibility"), blank=True, help_text=_("Steps, lift, toilets, noise, seats: plainly, as it is.")
    )
    after_words = models.TextField(_("the mail of the day after"), blank=True, help_text=_("Empty: none is sent."))
    after_page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("article that tells of it"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip

    template = "events/event_page.html"
    shown_with = ("social_image", "cover", "event__room")

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("event"),
        FieldPanel("summary"),
        FieldPanel("hand_line"),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Picture")),
        FieldPanel("body"),
        InlinePanel("agenda", heading=_("Course of the day"), label=_("moment")),
        MultiFieldPanel(
            [FieldPanel("access"), FieldPanel("bring"), FieldPanel("accessibility")], heading=_("For those who come")
        ),
        MultiFieldPanel([FieldPanel("after_words"), FieldPanel("after_page")], heading=_("Afterwards")),
    ]

    class Meta:
        verbose_name = _("event page")
        verbose_name_plural = _("event pages")

    def clean(self) -> None:
        """One page an event and language, for ever the same event's."""
        super().clean()
        if not self.event_id:
            return
        twin = EventPage.objects.filter(event=self.event_id, locale=self.locale_id).exclude(pk=self.pk).first()
        if twin:
            raise ValidationError(
                gettext("“%(page)s” already tells of this event in this language.") % {"page": twin.title}
            )
        if self.pk and not EventPage.objects.filter(pk=self.pk, event=self.event_id).exists():
            raise ValidationError(gettext("A page always speaks of the event that it was made for."))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from events.agenda import event_context  # noqa: PLC0415

        return {**super().get_context(request, *args, **kwargs), **event_context(self, request)}


class AgendaLine(Orderable):
    """A moment of the day: "14 h", "on ouvre les cartons"."""

    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="agenda")
    when = models.CharField(_("when"), max_length=20)
    words = models.CharField(_("what"), max_length=200)

    panels = [FieldPanel("when"), FieldPanel("words")]
