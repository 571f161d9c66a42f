"""The house's own template tags: money, days, typography, pictures, structured data, the stylesheet."""

import json
from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import dates, typography
from core import money as money_module
from core import photo as photo_module

register = template.Library()


@register.filter
def money(amount: int | None, currency: str = "EUR") -> str:
    """{{ order.total|money:order.currency }} -> 46,90 €"""
    return "" if amount is None else money_module.text(amount, currency)


@register.filter
def day(value: date | None, shape: str) -> str:
    """{{ order.paid_at|day:"j F Y" }} -> 1er décembre 2026"""
    return dates.words(value, shape) if value else ""


@register.filter
def typo(value: Any) -> SafeString:
    """French typography on text or safe HTML, in French only."""
    html = str(conditional_escape(value))
    if (get_language() or "fr").startswith("fr"):
        html = typography.french_html(html.replace("&#x27;", "'").replace("&#39;", "'"))
    return mark_safe(html)  # noqa: S308 - escaped above


@register.filter
def moment(value: datetime) -> str:
    """For <time datetime>: local time to the second, as HTML asks for; it takes no microseconds."""
    return localtime(value).isoformat(timespec="seconds")


@register.simple_tag
def clock(value: datetime | None) -> SafeString:
    """<time {% clock at %}>: `at` on the clock of its place, and the words for a reader whose clock says another hour.

    A public page is the same for everybody: static/js/clock.js puts the reader's hour in the place of "{}".
    """
    if value is None:
        return mark_safe("")
    said = value.isoformat(timespec="seconds")
    return format_html('datetime="{}" data-here="{}"', said, _("{} where you are"))


@register.simple_tag
def json_ld(graph: list[dict[str, Any]]) -> SafeString:
    """One graph as a data block; nothing in it can end the element or open another."""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


@register.simple_tag
def stylesheet() -> SafeString:
    """The one stylesheet, put together from static/css/order.txt."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/site.css"))


@register.inclusion_tag("components/photo.html")
def photo(image: Any, alt: str = "", sizes: str = "100vw", css: str = "", lazy: bool = True) -> dict[str, Any]:
    """<picture> of the widths that exist; nothing at all while the picture has none."""
    sample = getattr(image, "sample_src", "")
    drawn = photo_module.drawn(image) if image and not sample else None
    dark_image = getattr(image, "dark", None) if image else None
    dark = photo_module.drawn(dark_image) if dark_image and not sample else None
    return {
        "image": image,
        "drawn": drawn,
        "dark": dark,
        "sample": sample,
        "alt": alt,
        "sizes": sizes,
        "css": css,
        "lazy": lazy,
    }


@register.simple_tag
def photo_plain(image: Any, alt: str | None = "") -> SafeString:
    """One <img> of the fallback, for feeds; nothing while the picture has none."""
    drawn = photo_module.drawn(image) if image else None
    if drawn is None:
        return SafeString("")
    return format_html(
        '<p><img src="{}" width="{}" height="{}" alt="{}"></p>', drawn.src, drawn.width, drawn.height, alt or ""
    )


@register.filter
def minutes(value: int) -> str:
    """Reading time in words."""
    return _("%(n)s min read") % {"n": value}
