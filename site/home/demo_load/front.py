"""The front pages, the plain pages, the menus: what needs all the rest to be there."""

import re
from typing import Any

from wagtail.models import Page

from home.demo_load import house
from home.demo_load.book import Book
from home.demo_load.goods import stream
from home.demo_load.journal import plain, portrait
from home.demo_load.texts import LOCALES, Table, html, said, table
from home.models import HomePage, Menu, MenuEntry, PinnedArticle, StandardPage

PLAIN = ("about", "withdrawal")
LEGAL = ("withdrawal", "page:terms", "page:legal")
HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)">')


def plain_pages(book: Book) -> None:
    """Those that the shop does not make by itself from its settings."""
    for row in table("shop")["pages"]:
        for code in LOCALES:
            if row["kind"] in PLAIN:
                page = StandardPage(
                    title=row["title"][code], slug=row["slug"][code], locale=book.locales[code],
                    search_description=row["description"][code], body=stream(_body(book, html(row["file"], code), code)),
                )  # fmt: skip
                name = f"page:{row['kind']}"
                original = book.pages.get((name, "fr"))
                house.add(book.pages["home", code], page, days=house.AGE, original=original, owner=book.owner)
                book.pages[name, code] = page


def _body(book: Book, source: str, locale: str) -> list[tuple[str, Any]]:
    """Headings become blocks of their own; links that name a place become links to it."""

    def link(found: re.Match[str]) -> str:
        if ":" in found[1] and not found[1].startswith("page:"):
            return found[0]
        target = book.target(found[1], locale)
        return f'<a linktype="page" id="{target.pk}">' if isinstance(target, Page) else f'<a href="{target}">'

    parts = HEADING.split(LINK.sub(link, source))
    kinds = ["text", "heading"] * len(parts)
    return [(kind, part.strip()) for kind, part in zip(kinds, parts, strict=False) if part.strip()]


def fronts(book: Book) -> None:
    """Lead, pinned articles, shelf and the owner's word."""
    for code in LOCALES:
        row, who = table(f"home.{code}"), table("shop")["owner"]
        home = HomePage.objects.get(pk=book.pages["home", code].pk)
        home.seo_title, home.search_description = row["title"], row["description"]
        home.lead = book.articles[row["lead"]["article"], code]
        home.pinned = [
            PinnedArticle(sort_order=i, article=book.articles[slug, code])
            for i, slug in enumerate(row["pinned"]["articles"])
        ]
        home.shelf_title = row["shelf"]["title"]
        home.shelf = stream([("product", book.product_page(name, code).pk) for name in row["shelf"]["products"]])
        home.word, home.signature, home.portrait = (
            plain(who["word"][code]),
            said(who["signature"], code),
            portrait(book),
        )
        home.save()
        book.pages["home", code] = home


def menus(book: Book) -> None:
    """Head and foot of every page. The legal links stand there by themselves."""
    data = table("shop")
    for code in LOCALES:
        menu = Menu.objects.create(shop=book.shop, locale=book.locales[code], announcement=data["announcement"][code])
        rows = [(MenuEntry.Place.HEAD, row) for row in data["menu"]]
        rows += [(MenuEntry.Place.FOOT, link) for column in data["footer"] for link in column["links"]]
        shown = [(place, row) for place, row in rows if row["target"] not in LEGAL]
        MenuEntry.objects.bulk_create(
            MenuEntry(menu=menu, place=place, sort_order=i, label=row["label"][code], **_where(book, row, code))
            for i, (place, row) in enumerate(shown)
        )


def _where(book: Book, row: Table, locale: str) -> dict[str, Any]:
    target = book.target(row["target"], locale)
    return {"page": target} if isinstance(target, Page) else {"url": target}
