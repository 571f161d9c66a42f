"""What the head of a public page says of it: title, address, sharing picture, translations, structured data."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from core import photo

if TYPE_CHECKING:
    from core.models import BasePage, Photo

LANGUAGES = {"fr": "Français", "en": "English"}


@dataclass
class Card:
    """The picture of a shared link, 1200 x 630 once it has been drawn; `alt` is empty where nobody described it."""

    src: str
    width: int
    height: int
    alt: str


@dataclass
class Head:
    """One page's head. `alternates` holds only pages that exist; `graph` is one JSON-LD graph."""

    title: str
    description: str
    canonical: str
    kind: str = "website"
    card: Card | None = None
    noindex: bool = False
    alternates: list[dict[str, str]] = field(default_factory=list)
    meta: list[tuple[str, str]] = field(default_factory=list)
    graph: list[dict[str, Any]] = field(default_factory=list)


def of(
    page: "BasePage", request: HttpRequest, *, summary: str = "", picture: "Photo | None" = None, alt: str = ""
) -> Head:
    """The head of a page; what a page type adds to it is set by its own context. `alt` says what the picture shows."""
    path = page.get_url(request) or ""
    return Head(
        title=page.seo_title or page.title,
        description=page.search_description or summary,
        canonical=absolute(path),
        card=card(page.social_image) if page.social_image_id else card(picture, alt),
        noindex=page.noindex,
        alternates=alternates(page, request, path),
    )


def absolute(path: str) -> str:
    """A path of this site as an address for other programs."""
    return path if "://" in path else f"{settings.BASE_URL}{path}"


def card(picture: "Photo | None", alt: str = "") -> Card | None:
    """The social rendition if it has been made, else the fallback; never made here. Its own description stands in."""
    if picture is None:
        return None
    found = {row.filter_spec: row for row in picture.renditions.all()}
    row = found.get(photo.social_spec(picture)) or found.get(photo.fallback_spec(picture))
    return Card(absolute(row.url), row.width, row.height, alt or picture.description) if row else None


def alternates(page: Page, request: HttpRequest, path: str) -> list[dict[str, str]]:
    """This page and its live translations: [{lang, url, path, label}]; empty when it stands alone."""
    others = (
        Page.objects.live().filter(translation_key=page.translation_key).exclude(pk=page.pk).select_related("locale")
    )
    rows = [(page.locale.language_code, path)]
    rows += [(row.locale.language_code, row.get_url(request) or "") for row in others]
    found = [
        {"lang": lang, "path": where, "url": absolute(where), "label": LANGUAGES.get(lang, lang)}
        for lang, where in rows
        if where
    ]
    return sorted(found, key=lambda row: row["lang"] != settings.LANGUAGE_CODE) if len(found) > 1 else []


def switches(head: Head, language: str) -> list[dict[str, str]]:
    """Links to the other languages: this page's translation, else that language's front page."""
    known = {row["lang"]: row["path"] for row in head.alternates}
    return [
        {"lang": code, "label": LANGUAGES.get(code, code), "url": known.get(code) or home(code)}
        for code, _name in settings.LANGUAGES
        if code != language
    ]


def home(language: str) -> str:
    """Where a language begins."""
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def crumbs(rows: list[dict[str, str]], canonical: str) -> dict[str, Any]:
    """[{title, url}] from the front page to this one -> BreadcrumbList."""
    steps = [
        {"@type": "ListItem", "position": number, "name": row["title"], "item": absolute(row["url"])}
        for number, row in enumerate(rows, start=1)
    ]
    return {"@type": "BreadcrumbList", "@id": f"{canonical}#breadcrumb", "itemListElement": steps}
