"""The fifteen products: variants, prices and stock in their tables, words on their pages."""

import json
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator

from home.demo_load import house
from home.demo_load.book import Book
from home.demo_load.texts import LOCALES, Table, ago, said, table, tables
from store import pricing
from store.models import (
    CategoryPage,
    GoneAddress,
    Goods,
    Offer,
    Product,
    ProductFact,
    ProductPage,
    ProductPicture,
    Stock,
)

PRICED = 180
NOTES = {
    "weight": {"fr": "Poids", "en": "Weight"},
    "maker": {"fr": "Maison", "en": "Maker"},
    "town": {"fr": "Ville", "en": "Town"},
}


def categories(book: Book) -> None:
    """The shelves of the shop, in both languages."""
    for row in table("shop")["categories"]:
        for code in LOCALES:
            page = CategoryPage(
                title=row["name"][code], slug=row["slug"][code], locale=book.locales[code],
                introduction=f"<p>{row['text'][code]}</p>", search_description=row["text"][code],
            )  # fmt: skip
            name = f"category:{row['code']}"
            house.add(
                book.pages["shop", code], page, days=PRICED, original=book.pages.get((name, "fr")), owner=book.owner
            )
            book.pages[name, code] = page


def shelve(book: Book) -> None:
    """All products, every one on sale: what is archived or scheduled becomes so after the orders (`close`)."""
    for row in tables("products"):
        product = book.products[row["code"]] = _product(book, row)
        for position, variant in enumerate(row["variants"]):
            book.goods[variant["sku"]] = _goods(book, product, row, variant, position)
        for code in LOCALES:
            if code in row["description"]:
                book.product_pages[row["code"], code] = _page(book, product, row, code)


def _product(book: Book, row: Table) -> Product:
    maker, responsible = row["maker"], row.get("responsible")
    parts = [responsible[name] for name in ("name", "address", "email")] if responsible else []
    return Product.objects.create(
        shop=book.shop, code=row["code"].lower(), name=row["name"]["fr"], legal_type=row["legal_type"],
        tax_code=row["tax_code"], axes=[axis["label"]["fr"] for axis in row.get("axes", [])],
        photo=book.photos[f"drawings/{row['drawing']}"], height_cm=row["height_cm"], maker_name=maker["name"],
        maker_address=maker["address"], maker_contact=maker["email"], maker_country=maker["country"],
        eu_responsible="\n".join(parts), identifier=row["identifier"], needs_warnings=bool(row["warnings"]["fr"]),
    )  # fmt: skip


def _goods(book: Book, product: Product, row: Table, variant: Table, position: int) -> Goods:
    offer = Offer.objects.create(
        shop=book.shop, kind=Goods.kind(), currency=book.shop.currency, tax_code=row["tax_code"], state=Offer.State.LIVE
    )
    goods = Goods.objects.create(
        product=product, offer=offer, code=variant["sku"], weight=variant["weight_g"], position=position,
        options=_options(row, variant, "fr"), options_en=_options(row, variant, "en"),
    )  # fmt: skip
    pricing.set_price(offer, variant["price"], by=book.owner, at=ago(PRICED))
    label = goods.label("fr")
    pool = Stock.objects.create(
        shop=book.shop, name=f"{product.name} ({label})" if label else product.name, low_at=variant.get("low_at", 0),
        back_on=timezone.localdate() + timedelta(days=row["back_days"]) if "back_days" in row else None,
    )  # fmt: skip
    offer.stocks.add(pool)
    return goods


def _options(row: Table, variant: Table, locale: str) -> list[str]:
    found = []
    for axis, chosen in zip(row.get("axes", []), variant["options"], strict=True):
        value = next(value for value in axis["values"] if value["code"] == chosen)
        found.append(said(value["label"], locale))
    return found


def _page(book: Book, product: Product, row: Table, locale: str) -> ProductPage:
    page = ProductPage(
        title=row["name"][locale], slug=row["slug"][locale], locale=book.locales[locale], product=product,
        summary=row["summary"][locale], hand_line=row["hand"][locale], warnings=row["warnings"][locale],
        search_description=Truncator(row["summary"][locale]).chars(155),
        body=stream([("text", row["description"][locale].strip())]),
    )  # fmt: skip
    page.facts = [
        ProductFact(sort_order=i, label=label, value=value) for i, (label, value) in enumerate(_facts(row, locale))
    ]
    photo = book.photos[f"drawings/{row['drawing']}"]
    page.gallery = [ProductPicture(photo=photo, alt=row["drawing_alt"][locale])]
    page.categories = [book.pages[f"category:{row['category']}", locale]]
    first = book.product_pages.get((row["code"], "fr"))
    house.add(book.pages["shop", locale], page, days=PRICED - 20, original=first, owner=book.owner)
    return page


def _facts(row: Table, locale: str) -> list[tuple[str, str]]:
    """The margin notes first, then the characteristics."""
    notes = [(words[locale], row["facts"][name]) for name, words in NOTES.items() if locale == "fr" or name != "weight"]
    return notes + [(fact["label"][locale], fact["value"][locale]) for fact in row["characteristics"]]


def close(book: Book) -> None:
    """What is no longer sold, and what is not sold yet."""
    for row in tables("products"):
        offers = Offer.objects.filter(goods__product=book.products[row["code"]])
        if row["state"] == "archived":
            offers.update(state=Offer.State.ARCHIVED)
            heir = book.products.get(row.get("successor", ""))
            Product.objects.filter(pk=book.products[row["code"]].pk).update(successor=heir)
        elif row["state"] == "scheduled":
            offers.update(sale_from=ago(-row["days_ahead"]))


def leave_words(book: Book) -> None:
    """Addresses of the shop where something once stood, and what took its place."""
    for row in table("shop")["gone"]:
        for code in LOCALES:
            path = f"{book.pages['shop', code].url}{row['slug'][code]}/"
            heir = book.product_page(row["successor"], code)
            GoneAddress.objects.create(path=path, title=row["title"][code], next_page=heir)


def stream(blocks: list[tuple[str, Any]]) -> str:
    """Blocks as a stream field keeps them."""
    return json.dumps([{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in blocks])
