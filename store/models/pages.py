"""The shop's pages: words and pictures only. Price and stock are never in a page revision."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable

from core.blocks import EditorialBlocks
from core.models import BasePage
from store.editor.page_form import ProductPageForm
from store.editor.panels import StandingPanel
from store.models.product import Product


class ShopPage(BasePage):
    """The shop's front: categories and all products."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["store.CategoryPage", "store.ProductPage"]
    max_count_per_parent = 1
    template = "store/shop_page.html"

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("shop page")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from store import catalogue  # noqa: PLC0415

        return {**super().get_context(request, *args, **kwargs), **catalogue.shop_context(self, request)}


class CategoryPage(BasePage):
    """A few words and the products of one kind."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    parent_page_types: ClassVar[list[str]] = ["store.ShopPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "store/category_page.html"

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from store import catalogue  # noqa: PLC0415

        return {**super().get_context(request, *args, **kwargs), **catalogue.category_context(self, request)}


class ProductPage(BasePage):
    """One product told in one language."""

    base_form_class = ProductPageForm

    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="pages")
    summary = models.CharField(_("in one sentence"), max_length=240, blank=True)
    hand_line = models.CharField(
        _("a line in your hand"),
        max_length=60,
        blank=True,
        help_text=_("Written on the ticket, at most 60 characters."),
    )
    body = StreamField(EditorialBlocks(), verbose_name=_("description"), blank=True)
    warnings = models.TextField(
        _("safety warnings"), blank=True, help_text=_("In the language of this page; shown beside the product.")
    )
    categories = ParentalManyToManyField(
        CategoryPage, verbose_name=_("categories"), blank=True, related_name="products"
    )

    parent_page_types: ClassVar[list[str]] = ["store.ShopPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "store/product_page.html"

    content_panels = [
        *BasePage.content_panels,
        StandingPanel(heading=_("Price and stock")),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("hand_line")]),
        InlinePanel("gallery", heading=_("Pictures"), label=_("picture")),
        FieldPanel("body"),
        InlinePanel("facts", heading=_("Characteristics"), label=_("characteristic")),
        MultiFieldPanel([FieldPanel("categories"), FieldPanel("warnings")], heading=_("Where it stands, and safety")),
    ]

    class Meta:
        verbose_name = _("product page")
        verbose_name_plural = _("product pages")

    def missing_words(self) -> list[str]:
        """What the law wants told before it is sold and this page does not tell.

        Essential characteristics (C. conso L111-1), picture and warnings (Reg. 2023/988, art. 19).
        """
        wanted = [
            (self.summary.strip(), gettext("what it is, in one sentence (%(language)s)")),
            (self.gallery.all() or self.product.photo_id, gettext("a picture (%(language)s)")),
            (
                self.warnings.strip() or not self.product.needs_warnings,
                gettext("its safety warnings (%(language)s)"),
            ),
        ]
        language = self.locale.get_display_name()
        return [words % {"language": language} for is_there, words in wanted if not is_there]

    def clean(self) -> None:
        """One page a product and language, for ever the same product's: no version can bring another price."""
        super().clean()
        if not self.product_id:
            return
        twin = ProductPage.objects.filter(product=self.product_id, locale=self.locale_id).exclude(pk=self.pk).first()
        if twin:
            raise ValidationError(
                gettext("“%(page)s” already tells of this product in this language.") % {"page": twin.title}
            )
        if self.pk and not ProductPage.objects.filter(pk=self.pk, product=self.product_id).exists():
            raise ValidationError(gettext("A page always speaks of the product that it was made for."))

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from store import catalogue  # noqa: PLC0415

        return {**super().get_context(request, *args, **kwargs), **catalogue.product_context(self, request)}


class ProductPicture(Orderable):
    """A picture of the product's gallery; the first is the one shown everywhere."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="gallery")
    photo = models.ForeignKey("core.Photo", verbose_name=_("picture"), on_delete=models.CASCADE, related_name="+")
    alt = models.CharField(
        _("what it shows"), max_length=200, help_text=_("Read aloud to those who cannot see the picture.")
    )

    panels = [FieldPanel("photo"), FieldPanel("alt")]


class ProductFact(Orderable):
    """A characteristic: weight, material, made in…"""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="facts")
    label = models.CharField(_("name"), max_length=60)
    value = models.CharField(_("value"), max_length=200)

    panels = [FieldRowPanel([FieldPanel("label"), FieldPanel("value")])]


@receiver(post_delete, sender=ProductPage)
def archive_what_is_told_nowhere(instance: ProductPage, **_kwargs: Any) -> None:
    """Its last live page is gone: it cannot be bought any more."""
    from store.editor import states  # noqa: PLC0415 - verbs know models, not the reverse, but for this door

    product = Product.objects.filter(pk=instance.product_id).first()
    if product:
        states.archive_unseen(product)
