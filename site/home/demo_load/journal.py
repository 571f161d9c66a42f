"""Sections, the author and the articles with what is sold in them."""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.utils.text import slugify
from wagtail.models import ReferenceIndex

from blog.models import ArticlePage, Author, Section
from core.models import Photo
from home.demo_load import house
from home.demo_load.book import Book
from home.demo_load.goods import stream
from home.demo_load.texts import LOCALES, Table, ago, table, tables

OFFER = re.compile(r'<offer product="([^"]+)">(.*?)</offer>', re.DOTALL)


def headings(book: Book) -> None:
    """The sections, and the owner as an author, in both languages."""
    data = table("shop")
    for row in data["sections"]:
        key = uuid.uuid4()
        for code in LOCALES:
            slug = row["slug"] if code == "fr" else slugify(row["name"][code])
            book.sections[row["slug"], code] = Section.objects.create(
                name=row["name"][code], slug=slug, words=row["description"][code], locale=book.locales[code],
                translation_key=key,
            )  # fmt: skip
    who, key = data["owner"], uuid.uuid4()
    for code in LOCALES:
        book.authors[who["slug"], code] = Author.objects.create(
            name=who["name"], slug=who["slug"], portrait=portrait(book), role=who["role"][code],
            words=plain(who["about"][code]), locale=book.locales[code], translation_key=key,
        )  # fmt: skip


def portrait(book: Book) -> Photo:
    """The owner as she draws herself."""
    return book.photos[f"drawings/{table('shop')['owner']['portrait']}"]


def plain(source: str) -> str:
    """Paragraphs of HTML as plain ones with an empty line between."""
    return "\n\n".join(re.findall(r"<p>(.*?)</p>", source, re.DOTALL))


def write(book: Book) -> None:
    """All articles, the French ones first: translations share their key."""
    rows = sorted(tables("articles"), key=lambda row: ("translation_of" in row, -row["days_ago"]))
    for row in rows:
        slug: str = row.get("translation_of") or row["slug"]
        book.articles[slug, row["locale"]] = _article(book, row)


def _article(book: Book, row: Table) -> ArticlePage:
    code = row["locale"]
    page = ArticlePage(
        title=row["title"], slug=row["slug"], locale=book.locales[code], summary=row["summary"],
        search_description=row["description"], cover=book.photos[f"covers/{row['cover']}"], cover_alt=row["cover_alt"],
        author=book.authors[row["author"], code], section=book.sections[row["section"], code],
        date=ago(row["days_ago"], "08:30"), body=stream(_body(book, row)),
    )  # fmt: skip
    page.tags.add(*row["tags"])
    original = book.articles.get((row.get("translation_of", ""), "fr"))
    house.add(book.pages["journal", code], page, days=row["days_ago"], original=original, owner=book.owner)
    return page


def go_on(page: ArticlePage, rows: list[tuple[str, Any]], *, days: int) -> None:
    """Add blocks below an article, so many days ago: what they speak of came to the shop after it."""
    page.body = json.dumps([*page.body.raw_data, *json.loads(stream(rows))])
    page.last_published_at = ago(days)
    page.save()
    ReferenceIndex.create_or_update_for_object(page)


def _body(book: Book, row: Table) -> list[tuple[str, Any]]:
    return [BLOCKS[block["type"]](book, block, row["locale"]) for block in row["body"]]


def _text(book: Book, block: Table, locale: str) -> tuple[str, Any]:
    """Running text; offers in it are links to product pages."""

    def link(found: re.Match[str]) -> str:
        return f'<a linktype="offer" id="{book.product_page(found[1], locale).pk}">{found[2]}</a>'

    return "text", OFFER.sub(link, block["html"].strip())


def _picture(book: Book, block: Table) -> dict[str, Any]:
    photo = book.photos[block["image"]]
    return {"image": photo.pk, "alt_text": block.get("alt", ""), "decorative": block.get("decorative", False)}


def _image(book: Book, block: Table, _locale: str) -> tuple[str, Any]:
    value = {"image": _picture(book, block), "caption": block.get("caption", ""), "wide": block.get("wide", False)}
    return "image", value


def _gallery(book: Book, block: Table, _locale: str) -> tuple[str, Any]:
    rows = block["images"]
    caption = " ".join(row["caption"] for row in rows if row.get("caption"))
    return "gallery", {"images": _listed([_picture(book, row) for row in rows]), "caption": caption}


def _shelf(book: Book, block: Table, locale: str) -> tuple[str, Any]:
    keys = [book.product_page(code, locale).pk for code in block["products"]]
    return "shelf", {"title": block["title"], "products": _listed(keys)}


def _offer(book: Book, block: Table, locale: str) -> tuple[str, Any]:
    return "produit", {"product": book.product_page(block["product"], locale).pk, "note": block.get("note", "")}


def _listed(values: list[Any]) -> list[dict[str, Any]]:
    return [{"type": "item", "value": value, "id": str(uuid.uuid4())} for value in values]


BLOCKS: dict[str, Callable[[Book, Table, str], tuple[str, Any]]] = {
    "heading": lambda _book, block, _locale: ("heading", block["text"]),
    "text": _text,
    "image": _image,
    "gallery": _gallery,
    "quote": lambda _book, block, _locale: (
        "quote",
        {"text": block["text"], "attribution": block.get("attribution", "")},
    ),
    "callout": lambda _book, block, _locale: ("callout", {"text": block["html"].strip()}),
    "embed": lambda _book, block, _locale: ("embed", {"url": block["url"], "title": block["title"]}),
    "offer": _offer,
    "shelf": _shelf,
    "service": lambda book, block, _locale: ("service", {"service": str(book.services[block["service"]].pk)}),
}
