"""Finding products by words: names in every language and codes, whatever their case and accents, always fresh."""

import unicodedata

from core.models import Shop
from store.models import Goods, Product


def by_words(shop: Shop, words: str) -> list[int]:
    """Keys of the products in which every word occurs. Two queries; a shop has hundreds of products, not millions."""
    wanted = plain(words).split()
    told: dict[int, list[str]] = {}
    for pk, *texts in Product.objects.filter(shop=shop).values_list("pk", "name", "code", "pages__title"):
        told.setdefault(pk, []).extend(text or "" for text in texts)
    for pk, code in Goods.objects.filter(product__shop=shop).values_list("product", "code"):
        told[pk].append(code)
    texts_of = {pk: plain(" ".join(texts)) for pk, texts in told.items()}
    return [pk for pk, text in texts_of.items() if all(word in text for word in wanted)]


def plain(text: str) -> str:
    """Small letters without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))
