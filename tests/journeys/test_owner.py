"""The owner's whole day: a product made inside the chooser, published, seen sold, sent and refunded."""

import io
import re
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import Page, expect

from blog.models import ArticlePage
from core import mentions
from store.models import Order, Parcel, Product, Refund
from tests import factories
from tests.journeys.reader import Reader
from tests.journeys.shop import LiveShop, until

DESK = {"viewport": {"width": 1280, "height": 900}}
# Wagtail's own pages speak while they are built; what they say is not ours.
WAGTAILS = ("/cms/", "/static/wagtailadmin")


def write_with_a_new_product(page: Page, title: str) -> None:
    """An article whose product does not exist yet: made in the chooser, without leaving the text."""
    page.locator("[name=title]").fill(title)
    page.locator("[data-contentpath=body] .c-sf-add-button").first.click()
    page.get_by_role("option", name="Produit", exact=True).click()
    page.locator("[data-contentpath=body] [data-chooser-action-choose]").first.click()
    modal = page.locator(".modal")
    modal.locator("[role=tab]").nth(1).click()
    told = {"name": "Seau en zinc", "summary": "Un seau qui ne fuit pas.", "price": "46,90", "units": "3"}
    for name, text in told.items():
        modal.locator(f"[data-chooser-modal-creation-form] [name$={name}]").fill(text)
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), (180, 120, 60)).save(picture, "JPEG")
    modal.locator("[data-chooser-modal-creation-form] [name$=upload]").set_input_files(
        {"name": "seau.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    modal.locator("[data-chooser-modal-creation-form] button[type=submit]").click()
    expect(page.locator("[data-contentpath=body]")).to_contain_text("Seau en zinc")
    expect(modal).to_have_count(0)


def publish(page: Page) -> None:
    page.locator(".footer .w-dropdown__toggle, footer .w-dropdown__toggle").first.click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_url("**/publier/**")


def test_from_an_empty_page_to_a_refund(house: LiveShop, visitor: Callable[..., Reader]) -> None:
    owner, buyer = visitor(**DESK), visitor()
    owner.expect(*WAGTAILS)
    person = factories.person(is_staff=True, is_superuser=True)
    factories.shop_page()
    title = f"Un seau pour la pluie, {person.pk}"
    page = owner.page
    owner.sign_in(person.email)
    owner.open(f"/cms/pages/add/blog/articlepage/{factories.journal().pk}/")
    write_with_a_new_product(page, title)
    publish(page)
    address = page.url

    product = Product.objects.filter(name="Seau en zinc").latest("pk")
    owner.open(f"/cms/produits/{product.pk}/fiche/")
    page.locator("[name$=i_am_maker]").check()
    page.locator("main form button[type=submit]").first.click()
    page.goto(address)
    expect(page.locator("[name=product]")).to_be_checked()
    page.locator("[name=together]").click()
    article = until(lambda: ArticlePage.objects.filter(title=title, live=True).first(), "the published article")
    told = product.pages.get()
    until(lambda: mentions.mentions(article, [told]), "the article in the index of references")

    buyer.open(article.url)
    buyer.buy()
    buyer.fill()
    buyer.order()
    buyer.card()
    buyer.pay()
    buyer.done()
    order = Order.objects.get(lines__source_title=title)
    until(order.parcels.exists, "its parcel")

    owner.open(f"/cms/shop/orders/{order.pk}/")
    expect(page.locator("main")).to_contain_text(title)
    page.locator("[name$=carrier]").first.fill("Colissimo")
    page.locator("[name$=tracking]").first.fill("6A12345678901")
    page.locator("form[action*=ship] button[type=submit]").click()
    until(lambda: Parcel.objects.get(order=order).shipped_at, "the parcel that left")
    buyer.counter.locator("a[href*='/commande/']").first.click()
    expect(buyer.page.locator("main")).to_contain_text("6A12345678901")

    owner.open(f"/cms/shop/orders/{order.pk}/refund/?all=1")
    page.locator("main form button[type=submit]").first.click()
    page.locator("[name=confirmed]").click()
    refund = until(lambda: Refund.objects.filter(order=order, state="succeeded").first(), "the refund")
    assert refund.amount == order.total == 5190
    order.refresh_from_db()
    assert order.state == Order.State.REFUNDED
    owner.open("/cms/shop/sales/")
    expect(page.locator("main")).to_contain_text(re.compile(re.escape(title)))
