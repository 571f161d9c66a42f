"""Documents of a contract as PDF: the terms that were accepted, the notice and model form of withdrawal.

The same input gives the same bytes. Words come from templates and the owner; none of them is trusted as markup
beyond the few tags of TAGS.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from fpdf import FPDF
from fpdf.fonts import FontFace, TextStyle
from wagtail.whitelist import Whitelister, attribute_rule, check_url

from core import typography
from core.models import TermsVersion
from store import telling

TAGS = (
    "p",
    "br",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "b",
    "strong",
    "i",
    "em",
    "div",
    "table",
    "tr",
    "th",
    "td",
)
UNSEEN = ("script", "style", "template", "iframe", "object")
FONTS = {"title": "bricolage", "": "spectral", "B": "spectral-bold", "I": "spectral-italic"}
TITLE_WEIGHT = 800
FORM_DATE = datetime(2026, 6, 19, tzinfo=UTC)  # the notice's wording is of that day
INK, QUIET, ZINC, BLUE = (21, 25, 28), (82, 93, 97), (93, 104, 107), (23, 64, 154)
MARGIN = 22
NEW_PAGE = "<!-- page -->"
PARTS = re.compile(r"(<!-- page -->|<aside.*?</aside>)", re.DOTALL)
ASIDE = re.compile(r"</?aside[^>]*>")
BETWEEN_BLOCKS = re.compile(r"(</(?:p|h2|h3|h4|ul|ol|li|div|aside|table|tr)>|<(?:ul|ol|aside|div|table|tr)>)\s+")


class _OwnersWords(Whitelister):
    """Terms as the owner typed them: structure and links, no pictures, styles or scripts."""

    element_rules = {
        "[document]": attribute_rule({}),
        **dict.fromkeys(TAGS, attribute_rule({})),
        "aside": lambda tag: tag.attrs.clear() or tag.attrs.update({"role": "note"}),
        "a": attribute_rule({"href": check_url}),
    }

    def clean_tag_node(self, doc: Any, tag: Any) -> None:
        """What no reader is meant to see goes with its contents; other unknown elements leave their words."""
        if tag.name in UNSEEN:
            tag.decompose()
        else:
            super().clean_tag_node(doc, tag)


def clean(html: str) -> str:
    """The owner's HTML with only what is harmless, for pages and PDFs alike."""
    return str(_OwnersWords().clean(html))


def terms(version: TermsVersion, locale: str) -> bytes:
    """One version of the terms of sale, with its date and its digest on every page."""
    day = localtime(version.published_at).strftime("%Y-%m-%d") if version.published_at else ""
    foot = f"{version.title} · {day} · SHA-256 {version.digest}"
    html = clean(version.text(locale)).replace('href="/', f'href="{settings.BASE_URL}/')
    return _lay(version.title, foot, html, locale, version.published_at or FORM_DATE)


def withdrawal_form(seller: Mapping[str, Any], url: str, locale: str) -> bytes:
    """The notice (R221-3) and the model form (R221-1) with the seller's name; `url`: the function online."""
    name = f"store/legal/withdrawal_form.{'en' if locale == 'en' else 'fr'}.html"
    with translation.override(locale):
        title = _("Right of withdrawal")
        html = render_to_string(name, {"who": telling.who(seller), "url": url})
    return _lay(title, str(seller.get("seller") or seller.get("name", "")), html, locale, FORM_DATE)


@lru_cache(maxsize=32)
def _lay(title: str, foot: str, html: str, locale: str, made_at: datetime) -> bytes:
    """Set a document; kept, because one version goes out with many receipts."""
    with translation.override(locale):
        sheet = _Sheet(title, foot, locale, made_at)
        for part in PARTS.split(html):
            if part == NEW_PAGE:
                sheet.add_page()
            elif part.startswith("<aside"):
                sheet.frame(part)
            elif part.strip():
                sheet.lay(part)
        return bytes(sheet.output())


class _Sheet(FPDF):
    """A4 in the house's type: title on the counter's edge, text, a line at the foot."""

    page: int

    def __init__(self, title: str, foot: str, locale: str, made_at: datetime) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.set_title(title)
        self.set_lang(locale)
        self.set_creator("Comptoir")
        self.set_creation_date(made_at)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, 26)
        for style, name in FONTS.items():
            family, face = ("title", "") if style == "title" else ("text", style)
            self.add_font(family, face, ttf(name))
        self.add_page()
        self.set_font("title", size=26)
        self.set_text_color(*INK)
        self.multi_cell(0, 10, self.words(title), new_x="LMARGIN", new_y="NEXT")
        self.counter_line(self.get_y() + 2)

    def words(self, text: str) -> str:
        return typography.french(text) if (translation.get_language() or "fr").startswith("fr") else text

    def counter_line(self, top: float) -> None:
        """The edge: ink above zinc."""
        self.set_fill_color(*INK)
        self.rect(self.l_margin, top, self.epw, 0.6, style="F")
        self.set_fill_color(*ZINC)
        self.rect(self.l_margin, top + 0.6, self.epw, 1.6, style="F")
        self.set_y(top + 8)

    def lay(self, html: str) -> None:
        """Lay out harmless HTML."""
        if (translation.get_language() or "fr").startswith("fr"):
            html = typography.french_html(html)
        title = {"font_family": "title", "font_style": "", "color": INK}
        self.set_font("text", size=10.5)
        self.write_html(
            BETWEEN_BLOCKS.sub(r"\1", html.strip()),
            font_family="text",
            tag_styles={
                "h2": TextStyle(**title, font_size_pt=14, t_margin=4, b_margin=0.25),
                "h3": TextStyle(**title, font_size_pt=12, t_margin=3, b_margin=0.25),
                "a": FontFace(color=BLUE),
                "p": TextStyle(t_margin=0, b_margin=2.2),
            },
            li_prefix_color=INK,
        )

    def frame(self, html: str) -> None:
        """A text that the law wants in a frame (D211-2): a line around it on each page that it fills."""
        first, top = self.page, self.get_y() + 2
        self.set_y(top + 3)
        self.lay(ASIDE.sub("", html))
        last, end = self.page, self.get_y() + 1
        for number in range(first, last + 1):
            self.page = number
            above = top if number == first else self.t_margin - 3
            below = end if number == last else self.page_break_trigger + 3
            self.rect(self.l_margin - 4, above, self.epw + 8, below - above)
        self.set_y(end + 4)

    def footer(self) -> None:
        self.set_y(-18)
        self.set_font("text", size=8)
        self.set_text_color(*QUIET)
        number = f"{self.page_no()}"
        self.cell(self.epw - 10, 5, self.foot[:140])
        self.cell(10, 5, number, align="R")
        self.set_text_color(*INK)


@cache
def ttf(name: str) -> Path:
    """One of the site's fonts as a file that fpdf reads; made from its woff2 at the first use."""
    source = Path(settings.STATICFILES_DIRS[0]) / "fonts" / f"{name}.woff2"
    target = Path(settings.VAR) / "fonts" / f"{name}-{int(source.stat().st_mtime)}.ttf"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        font = TTFont(source)
        font.flavor = None
        if "fvar" in font:
            font = instancer.instantiateVariableFont(font, {"wght": TITLE_WEIGHT})
        handle, half = tempfile.mkstemp(dir=target.parent)
        os.close(handle)
        font.save(half)
        Path(half).replace(target)
    return target
