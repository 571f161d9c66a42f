"""Pages: the journal, an article that speaks of products, the shop's front, a picture."""

import io
import itertools
import json
import re
import uuid
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image

from blog.models import ArticlePage, JournalPage
from core.models import Photo
from store.models import ProductPage, ShopPage
from tests.factories.house import home, locale

COUNT = itertools.count(1)
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def markup(answer: Any) -> dict[str, dict[str, Any]]:
    """{type: thing} of the only JSON-LD graph of an answer."""
    blocks = BLOCK.findall(answer.content.decode())
    assert len(blocks) == 1
    return {row["@type"]: row for row in json.loads(blocks[0])["@graph"]}


def journal(code: str = "fr") -> JournalPage:
    """The journal in that language."""
    found: JournalPage | None = JournalPage.objects.filter(locale__language_code=code).first()
    if found is None:
        found = home(code).add_child(instance=JournalPage(title="Journal", slug="journal", locale=locale(code)))
    return found


def shop_page(code: str = "fr") -> ShopPage:
    """The shop's front in that language."""
    found: ShopPage | None = ShopPage.objects.filter(locale__language_code=code).first()
    if found is None:
        words = {"fr": ("Boutique", "boutique"), "en": ("Shop", "shop")}[code]
        found = home(code).add_child(instance=ShopPage(title=words[0], slug=words[1], locale=locale(code)))
    return found


def article(*products: ProductPage, code: str = "fr", live: bool = True, **fields: Any) -> ArticlePage:
    """An article with one paragraph, and an offer block for each of these products."""
    number = next(COUNT)
    given = {
        "title": f"Article {number}",
        "slug": f"article-{number}",
        "summary": "Un résumé.",
        "locale": locale(code),
    }
    page = ArticlePage(**{**given, "live": live, **fields})
    if "body" not in fields:
        page.body = [block("text", "<p>Bonjour.</p>"), *(speak_of(product) for product in products)]
    journal(code).add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    return page


def block(kind: str, value: Any) -> dict[str, Any]:
    """A block of a stream field, as it is stored."""
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def speak_of(product: ProductPage, note: str = "") -> dict[str, Any]:
    """The offer block of one product."""
    return block("produit", {"product": product.pk, "note": note})


def photo(title: str = "Image", size: tuple[int, int] = (400, 300), **fields: Any) -> Photo:
    """A plain picture; its fallback is drawn at once, the rest by a task."""
    content = io.BytesIO()
    Image.new("RGB", size, (180, 120, 60)).save(content, "JPEG")
    content.seek(0)
    return Photo.objects.create(title=title, file=ImageFile(content, name=f"{uuid.uuid4().hex}.jpg"), **fields)
