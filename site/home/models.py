"""The front page and plain pages; menus of the site."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Locale, Orderable

from blog.blocks import SellingBody
from core.models import BasePage, Shop
from home import front
from store.choosers import ProductChooserBlock


class HomePage(BasePage):
    """A magazine's front: a lead, pieces, a shelf, a word of the owner. Empty slots fill themselves."""

    lead = models.ForeignKey(
        "blog.ArticlePage", verbose_name=_("lead"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text=_("Empty: the newest article."),
    )  # fmt: skip
    shelf_title = models.CharField(_("title of the shelf"), max_length=120, blank=True)
    shelf = StreamField(
        blocks.StreamBlock([("product", ProductChooserBlock(label=_("Product")))], max_num=5),
        verbose_name=_("shelf"), blank=True, help_text=_("Empty: what was put on sale last."),
    )  # fmt: skip
    word = models.TextField(_("a word of yours"), blank=True)
    signature = models.CharField(_("signature"), max_length=60, blank=True)
    portrait = models.ForeignKey(
        "core.Photo", verbose_name=_("portrait"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    subpage_types: ClassVar[list[str]] = [
        "blog.JournalPage", "store.ShopPage", "events.EventIndexPage", "members.ClubPage", "home.StandardPage",
    ]  # fmt: skip
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    template = "home/home_page.html"
    shown_with = ("portrait", "social_image")

    content_panels = [
        *BasePage.content_panels,
        PageChooserPanel("lead", "blog.ArticlePage"),
        InlinePanel("pinned", heading=_("Pinned articles"), label=_("article"), max_num=4),
        MultiFieldPanel([FieldPanel("shelf_title"), FieldPanel("shelf")], heading=_("Shelf")),
        MultiFieldPanel([FieldPanel(name) for name in ("word", "signature", "portrait")], heading=_("Your word")),
    ]

    class Meta:
        verbose_name = _("front page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **front.context(self, request)}


class PinnedArticle(Orderable):
    """An article that the owner keeps on the front."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="pinned")
    article = models.ForeignKey(
        "blog.ArticlePage", verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("article", "blog.ArticlePage")]


class StandardPage(BasePage):
    """A plain page: about, contact, legal notice."""

    body = StreamField(SellingBody(), verbose_name=_("text"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["home.StandardPage"]
    template = "home/standard_page.html"

    content_panels = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **front.plain_context(self, request)}


class Menu(ClusterableModel):
    """What stands at the head and the foot of every page, in one language."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="menus")
    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.PROTECT, related_name="+")
    announcement = models.CharField(
        _("announcement"), max_length=160, blank=True, help_text=_("One line above everything; empty: none.")
    )
    announcement_link = models.CharField(_("where it leads"), max_length=200, blank=True)

    panels = [
        FieldPanel("locale"),
        MultiFieldPanel([FieldPanel("announcement"), FieldPanel("announcement_link")], heading=_("Announcement")),
        InlinePanel("entries", heading=_("Entries"), label=_("entry")),
    ]

    class Meta:
        verbose_name = _("menu")
        verbose_name_plural = _("menus")
        constraints = [models.UniqueConstraint(fields=["shop", "locale"], name="one_menu_a_language")]

    def __str__(self) -> str:
        return str(self.locale)


class MenuEntry(Orderable):
    """One link, at the head or at the foot."""

    class Place(models.TextChoices):
        HEAD = "head", _("head")
        FOOT = "foot", _("foot")

    menu = ParentalKey(Menu, on_delete=models.CASCADE, related_name="entries")
    place = models.CharField(_("where"), max_length=4, choices=Place.choices, default=Place.HEAD)
    label = models.CharField(_("words"), max_length=60, blank=True, help_text=_("Empty: the page's title."))
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    url = models.CharField(_("or an address"), max_length=200, blank=True)

    panels = [
        FieldRowPanel([FieldPanel("place"), FieldPanel("label")]),
        FieldRowPanel([FieldPanel("page"), FieldPanel("url")]),
    ]
