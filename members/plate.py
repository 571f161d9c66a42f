"""The card as a picture for a phone's photo roll: the enamel plate of the page, drawn with the house's own letters."""

import io
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from core import dates, qr
from members import card
from members.models import Membership, Tier

WIDTH, EDGE, ROOM = 1080, 90, 900
ENAMEL = {Tier.Colour.BLUE: "#17409a", Tier.Colour.RED: "#a3141d", Tier.Colour.GREEN: "#17603a"}
WHITE = "#ffffff"
LETTERS = settings.ROOT / "static" / "fonts" / "bricolage.woff2"
LEAST = 24

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=32)
def font(size: int) -> Font:
    """The face of titles; Pillow's own where it cannot be read."""
    try:
        return ImageFont.truetype(str(LETTERS), size)
    except OSError:
        return ImageFont.load_default(size)


def png(row: Membership, shop: str, locale: str) -> bytes:
    """The plate with shop, tier, name, number and code, 1080 pixels wide."""
    lines = [
        (shop, 40), (row.tier.title(locale), 92), (card.holder(row), 60), (_number(row), 40),
    ]  # fmt: skip
    height = EDGE + sum(size * 5 // 4 + 16 for _words, size in lines) + ROOM + 130 + EDGE
    picture, pen = enamel(WIDTH, height, ENAMEL[Tier.Colour(row.tier.colour)])
    top = EDGE
    for words, size in lines:
        _write(pen, (EDGE, top), words, size)
        top += size * 5 // 4 + 16
    picture.paste(_code(card.word(row)), (EDGE, top + 16))
    until = _("Good until %(day)s; then take the card anew from your account.") % {
        "day": dates.words(card.until(row), "j F Y")
    }
    _write(pen, (EDGE, top + ROOM + 40), until, 34)
    return _bytes(picture)


def enamel(width: int, height: int, colour: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A field with its double keyline."""
    picture = Image.new("RGB", (width, height), colour)
    pen = ImageDraw.Draw(picture)
    unit = max(width // 100, 2)
    for inset, line in ((unit, unit * 2 // 3), (unit * 5 // 2, max(unit // 3, 1))):
        box = (inset, inset, width - inset - 1, height - inset - 1)
        pen.rounded_rectangle(box, radius=unit // 2, outline=WHITE, width=line)
    return picture, pen


def monogram(name: str, colour: str, side: int = 320) -> bytes:
    """Initials on a small plate: a portrait for who has none."""
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    picture, pen = enamel(side, side, colour)
    pen.text((side / 2, side / 2), initials, font=font(side * 2 // 5), fill=WHITE, anchor="mm")
    return _bytes(picture, "JPEG")


def _number(row: Membership) -> str:
    ends = row.ends_at if row.ends_at and not row.renews else None
    return f"{row.number} · {dates.words(ends, 'j F Y')}" if ends else row.number


def _write(pen: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int) -> None:
    """As large as asked, or as fits; what is too long all the same is cut."""
    while pen.textlength(words, font=font(size)) > ROOM and size > LEAST:
        size -= 2
    while pen.textlength(words, font=font(size)) > ROOM:
        words = f"{words[:-2]}…"
    pen.text(at, words, font=font(size), fill=WHITE)


def _code(text: str) -> Image.Image:
    """The code, each module a whole number of pixels, on white."""
    rows = qr.matrix(text)
    small = Image.new("1", (len(rows), len(rows)))
    small.putdata([not is_dark for row in rows for is_dark in row])
    whole = len(rows) * (ROOM // len(rows))
    field = Image.new("RGB", (ROOM, ROOM), WHITE)
    field.paste(small.resize((whole, whole), Image.Resampling.NEAREST), ((ROOM - whole) // 2,) * 2)
    return field


def _bytes(picture: Image.Image, kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, optimize=True)
    return content.getvalue()
