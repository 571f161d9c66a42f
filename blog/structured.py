"""JSON-LD of the journal: an article that sells stays a BlogPosting and mentions the products."""

from typing import TYPE_CHECKING, Any

from core import head as heads
from store import structured as goods

if TYPE_CHECKING:
    from blog.models import ArticlePage
    from store.offers import OfferGroup


def article(
    head: heads.Head,
    page: "ArticlePage",
    groups: "list[OfferGroup]",
    crumbs: list[dict[str, str]],
    tags: list[str],
) -> None:
    """Fill the head of an article. A full offer stands in it only if it sells exactly one product."""
    head.kind = "article"
    head.meta = _meta(page, tags)
    url = head.canonical
    sold = [group for group in groups if group.url]
    posting: dict[str, Any] = {
        "@type": "BlogPosting",
        "@id": f"{url}#article",
        "headline": page.title,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": page.locale.language_code,
        "datePublished": page.date.isoformat(),
        "dateModified": (page.last_published_at or page.date).isoformat(),
        "publisher": {"@id": goods.shop_id()},
    }
    if head.description:
        posting["description"] = head.description
    if head.card:
        posting["image"] = head.card.src
    if sold:
        named = [goods.product_id(group) if group.kind == "goods" else group.schema_id for group in sold]
        posting["mentions"] = [{"@id": key} for key in named if key]
    head.graph = [posting, heads.crumbs([*crumbs, {"title": page.title, "url": url}], url)]
    if len(sold) == 1 and sold[0].kind == "goods":
        head.graph.append(goods.of_group(sold[0]))


def signed(head: heads.Head, name: str, url: str) -> None:
    """Name the writer of the article, with the page of all that she wrote."""
    address = heads.absolute(url)
    head.graph[0]["author"] = {"@type": "Person", "@id": f"{address}#author", "name": name, "url": address}


def kept(head: heads.Head) -> None:
    """Say that not all of the article is for everybody: the rest comes where the gate stands."""
    rest = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".gate"}
    head.graph[0] |= {"isAccessibleForFree": False, "hasPart": rest}


def _meta(page: "ArticlePage", tags: list[str]) -> list[tuple[str, str]]:
    rows = [
        ("article:published_time", page.date.isoformat()),
        ("article:modified_time", (page.last_published_at or page.date).isoformat()),
    ]
    if page.section:
        rows.append(("article:section", page.section.name))
    return rows + [("article:tag", tag) for tag in tags]
