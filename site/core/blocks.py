"""Editorial blocks: articles, products and events are written with these."""

from copy import copy
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from core import preload

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "superscript"]


class HeadingBlock(blocks.CharBlock):
    """A heading inside the text, one level below the title."""

    class Meta:
        label = _("Heading")
        icon = "title"
        template = "components/blocks/heading.html"
        group = _("Words")

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        return {**context, "anchor": anchor(value, context)}


def anchor(words: str, context: dict[str, Any]) -> str:
    """The heading's id: "h-" keeps it from the ids of the page's own parts, a number from a heading of the same words."""
    plain = found = f"h-{slugify(words)}"
    request, key = context.get("request"), getattr(context.get("page"), "pk", None)
    taken = request.__dict__.setdefault("_anchors", set()) if request else set()
    number = 1
    while (key, found) in taken:
        number += 1
        found = f"{plain}-{number}"
    taken.add((key, found))
    return found


class TextBlock(blocks.RichTextBlock):
    """Running text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(*args, **kwargs)

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "components/blocks/text.html"
        group = _("Words")


class ReadAlongChooser(blocks.PageChooserBlock):
    """A page, live or not, taken from what the page around it has already read; a deleted one becomes None."""

    def bulk_to_python(self, values: Any) -> Any:
        found = preload.find(self.model_class, values)
        return super().bulk_to_python(values) if found is None else found


class PhotoChooser(ImageChooserBlock):
    """Takes what the page has already read; each block gets a copy of its own, for its own words."""

    def bulk_to_python(self, values: Any) -> Any:
        found = preload.find(self.model_class, values)
        rows = super().bulk_to_python(values) if found is None else found
        return [copy(row) if row else None for row in rows]


class PhotoBlock(ImageBlock):
    """A picture with its words; to migrations it is Wagtail's own block."""

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        super().__init__(required=required, **kwargs)
        chooser = PhotoChooser(required=required)
        chooser.set_name("image")
        self.child_blocks["image"] = chooser


class PictureBlock(blocks.StructBlock):
    """A picture with its words; without words it must be said to be decorative."""

    image = PhotoBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=240)
    wide = blocks.BooleanBlock(label=_("As wide as the screen"), required=False)

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "components/blocks/picture.html"
        group = _("Pictures")


class GalleryBlock(blocks.StructBlock):
    """Several pictures side by side."""

    images = blocks.ListBlock(PhotoBlock(label=_("Picture")), label=_("Pictures"), min_num=2, max_num=12)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=240)

    class Meta:
        label = _("Gallery")
        icon = "image"
        template = "components/blocks/gallery.html"
        group = _("Pictures")


class QuoteBlock(blocks.StructBlock):
    """Somebody else's words."""

    text = blocks.TextBlock(label=_("Words"), rows=3)
    attribution = blocks.CharBlock(label=_("Who said it"), required=False, max_length=160)

    class Meta:
        label = _("Quote")
        icon = "openquote"
        template = "components/blocks/quote.html"
        group = _("Words")


class CalloutBlock(blocks.StructBlock):
    """A remark beside the story."""

    text = blocks.RichTextBlock(label=_("Words"), features=["bold", "italic", "link", "ul"])

    class Meta:
        label = _("Remark")
        icon = "info-circle"
        template = "components/blocks/callout.html"
        group = _("Words")


class EmbedBlock(blocks.StructBlock):
    """A video or a map of an allowed host, loaded only when the reader clicks."""

    url = blocks.URLBlock(label=_("Address"), help_text=_("The embed address of a video or a map."))
    title = blocks.CharBlock(label=_("What it shows"), max_length=160)

    class Meta:
        label = _("Video or map")
        icon = "media"
        template = "components/blocks/embed.html"
        group = _("Pictures")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        parts = urlsplit(cleaned.get("url") or "")
        if cleaned.get("url") and f"{parts.scheme}://{parts.netloc}" not in settings.EMBED_HOSTS:
            hosts = ", ".join(host.removeprefix("https://") for host in settings.EMBED_HOSTS)
            raise blocks.StructBlockValidationError(
                {"url": ValidationError(_("Only these hosts can be shown: %(hosts)s."), params={"hosts": hosts})}
            )
        return cleaned


class EditorialBlocks(blocks.StreamBlock):
    """What any page may be written with."""

    heading = HeadingBlock()
    text = TextBlock()
    image = PictureBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    callout = CalloutBlock()
    embed = EmbedBlock()
