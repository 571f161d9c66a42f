"""Portraits of members: small, square, drawn anew, never in a public folder."""

import io
from typing import Any

from PIL import Image, ImageOps

SIDE = 320


def small(upload: Any) -> bytes:
    """A JPEG of 320 by 320 pixels without anything but its pixels."""
    with Image.open(upload) as image:
        fitted = ImageOps.fit(ImageOps.exif_transpose(image).convert("RGB"), (SIDE, SIDE))
    content = io.BytesIO()
    fitted.save(content, "JPEG", quality=82)
    return content.getvalue()
