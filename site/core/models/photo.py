"""Pictures: one image model for the whole house, drawn to fixed widths (see core.photo)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Photo(AbstractImage):
    """A picture that the owner took or drew."""

    is_drawing = models.BooleanField(
        _("cut-out drawing"),
        default=False,
        help_text=_("A drawing or a cut-out with a transparent ground: it stands on the line without a frame."),
    )
    dark = models.ForeignKey(
        "self",
        verbose_name=_("version for dark screens"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Optional: the same drawing in inks that show on a dark ground."),
    )

    admin_form_fields = (*Image.admin_form_fields, "is_drawing", "dark")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose image")]


class PhotoRendition(AbstractRendition):
    """One fixed width of a picture."""

    image = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_once")
        ]
