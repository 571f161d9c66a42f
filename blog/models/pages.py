"""The journal: its front, its articles, who writes them and under which headings."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import TranslatableMixin
from wagtail.search import index

from blog import listing, reading, reserved
from blog.blocks import ArticleBody, AudienceSelect
from core.models import BasePage
from members.models import MEMBER, Tier


class Author(TranslatableMixin, index.Indexed, models.Model):
    """A person who writes here."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80)
    portrait = models.ForeignKey(
        "core.Photo", verbose_name=_("portrait"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    role = models.CharField(_("what you do"), max_length=120, blank=True)
    words = models.TextField(_("a few words"), blank=True)

    panels = [FieldPanel(name) for name in ("name", "slug", "role", "portrait", "words")]
    search_fields = [index.AutocompleteField("name")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        unique_together = [("translation_key", "locale"), ("slug", "locale")]

    def __str__(self) -> str:
        return self.name


class Section(TranslatableMixin, models.Model):
    """A heading under which articles stand."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80)
    words = models.CharField(_("in one sentence"), max_length=200, blank=True)

    panels = [FieldPanel(name) for name in ("name", "slug", "words")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        unique_together = [("translation_key", "locale"), ("slug", "locale")]

    def __str__(self) -> str:
        return self.name


class JournalPage(RoutablePageMixin, BasePage):
    """All articles, newest first; by section, tag, author and year."""

    words = models.CharField(_("in one sentence"), max_length=240, blank=True)

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["blog.ArticlePage"]
    max_count_per_parent = 1
    template = "blog/journal_page.html"

    content_panels = [*BasePage.content_panels, FieldPanel("words")]

    class Meta:
        verbose_name = _("journal")

    @path("")
    def all_articles(self, request: HttpRequest) -> HttpResponse:
        return self.listing(request, "all", "")

    @path(_("section/<slug:slug>/"), name="section")
    def by_section(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.listing(request, "section", slug)

    @path(_("tag/<str:slug>/"), name="tag")
    def by_tag(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.listing(request, "tag", slug)

    @path(_("author/<slug:slug>/"), name="author")
    def by_author(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.listing(request, "author", slug)

    @path("<int:year>/", name="year")
    def by_year(self, request: HttpRequest, year: int) -> HttpResponse:
        return self.listing(request, "year", str(year))

    def serve(self, request: HttpRequest, view: Any = None, args: Any = None, kwargs: Any = None) -> HttpResponse:
        """Its lists are as public as itself."""
        return self.marked(request, RoutablePageMixin.serve(self, request, view, args, kwargs))

    def listing(self, request: HttpRequest, by: str, value: str) -> HttpResponse:
        """A page of the list; 404 for a heading or a page that does not exist."""
        return self.render(request, context_overrides=listing.context(self, request, by, value))


class ArticleTag(TaggedItemBase):
    """A tag on an article."""

    content_object = ParentalKey("blog.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items")


class ArticlePage(BasePage):
    """A piece of writing, in which things can be had."""

    cover = models.ForeignKey(
        "core.Photo", verbose_name=_("cover"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cover_alt = models.CharField(
        _("what the cover shows"), max_length=200, blank=True, help_text=_("Empty: it is only decoration.")
    )
    summary = models.CharField(_("summary"), max_length=280, blank=True)
    author = models.ForeignKey(
        Author, verbose_name=_("author"), null=True, blank=True, on_delete=models.SET_NULL, related_name="articles"
    )
    section = models.ForeignKey(
        Section, verbose_name=_("section"), null=True, blank=True, on_delete=models.SET_NULL, related_name="articles"
    )
    date = models.DateTimeField(_("date"), default=timezone.now)
    tags = ClusterTaggableManager(through=ArticleTag, blank=True, verbose_name=_("tags"))
    body = StreamField(ArticleBody(), verbose_name=_("text"), blank=True)
    audience = models.CharField(
        _("kept for"), max_length=64, blank=True, default="",
        help_text=_("Empty: for everybody. Otherwise all of it, or what stands below “kept for the club” in the text."),
    )  # fmt: skip
    minutes = models.PositiveSmallIntegerField(default=1, editable=False)

    parent_page_types: ClassVar[list[str]] = ["blog.JournalPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "blog/article_page.html"
    shown_with = ("author__portrait", "section", "cover", "social_image")

    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.SearchField("public_words")]
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Cover")),
        FieldPanel("body"),
        FieldPanel("audience", widget=AudienceSelect),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("author"), FieldPanel("section")]), FieldPanel("tags"), FieldPanel("date")],
            heading=_("Where it stands"),
        ),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [models.Index(fields=["-date"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.minutes = reading.minutes(self.body)
        super().save(*args, **kwargs)

    def public_words(self) -> list[str]:
        """What may be searched: nothing of what is kept for some."""
        found: list[str] = self.body.stream_block.get_searchable_content(reserved.public(self))
        return found

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """As everybody sees it, as any member, and as somebody of each tier."""
        tiers = [(tier.audience, _("As “%(tier)s” sees it") % {"tier": tier.name}) for tier in Tier.objects.all()]
        return [("", _("As everybody sees it")), (MEMBER, _("As the club sees it")), *tiers]

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The kept part stands below the rest, where it is theirs."""
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        if mode_name and reserved.audience(self) in {MEMBER, mode_name}:
            context["kept_blocks"] = reading.kept_context(self, request)["blocks"]
        return context

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {**context, **reading.article_context(self, request)}
