"""The picture of a shared link, always of the same size: an operation for Wagtail's filters, `card-1200x630`."""

from typing import Any

from PIL import Image, ImageOps
from wagtail.images.image_operations import FilterOperation
from willow.plugins.pillow import PillowImage

PAPER = (244, 246, 243)
MARGIN = 0.08  # of the height, around a drawing


class CardOperation(FilterOperation):
    """A drawing stands whole on paper; a photograph fills the card, enlarged where it is too small."""

    def construct(self, size: str) -> None:
        width, height = size.split("x")
        self.size = int(width), int(height)

    def run(self, willow: Any, image: Any, env: dict[str, Any]) -> PillowImage:
        picture = willow.get_pillow_image()
        profile = picture.info.get("icc_profile")
        shown = self._whole(picture.convert("RGBA")) if image.is_drawing else self._filling(picture.convert("RGBA"))
        card = Image.new("RGB", self.size, PAPER)
        card.paste(shown, ((card.width - shown.width) // 2, (card.height - shown.height) // 2), shown)
        if profile:
            card.info["icc_profile"] = profile
        return PillowImage(card)

    def _whole(self, picture: Image.Image) -> Image.Image:
        edge = round(2 * MARGIN * self.size[1])
        return ImageOps.contain(picture, (self.size[0] - edge, self.size[1] - edge))

    def _filling(self, picture: Image.Image) -> Image.Image:
        return ImageOps.fit(picture, self.size)
