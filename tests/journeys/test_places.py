"""Where else a thing can be bought: a shelf in an article, its own page, with variants and quantities."""

import re

from playwright.sync_api import expect

from store import stock
from store.models import Goods, Offer, StockMove
from tests import factories
from tests.factories.pages import block
from tests.journeys.reader import Reader
from tests.journeys.shop import until
from tests.journeys.stall import Stall

TWICE = """() => [...document.querySelectorAll("[id]")].map((one) => one.id)
  .filter((id, place, all) => all.indexOf(id) !== place)"""


def test_shelf_in_an_article(reader: Reader) -> None:
    """One drawer for the shelf: another thing takes its place, and frees what the first one held."""
    one, two = Stall(), Stall()
    shelf = block("shelf", {"title": "Sur le comptoir", "products": [row.product_page.pk for row in (one, two)]})
    article = factories.article(body=[block("text", "<p>Bonjour.</p>"), shelf])
    reader.open(article.url)
    reader.buy(one.product.name)
    reader.fill()
    reader.order()
    assert one.free == 4
    expect(reader.buy(two.product.name)).to_contain_text(two.product.name)
    until(lambda: one.free == 5, "the first thing's units free again")
    reader.order()
    reader.card()
    reader.pay()
    reader.done()

    two.article = article
    two.check_sold()


def test_same_product_in_a_card_and_on_a_shelf(reader: Reader) -> None:
    """One drawer at a time, and no id twice in any state: each label and each error has one field."""
    stall, other = Stall(), Stall()
    page = stall.product_page
    shelf = block("shelf", {"title": "", "products": [page.pk, other.product_page.pk]})
    stall.article = factories.article(body=[factories.speak_of(page), shelf])
    reader.expect("422")
    card, place = ".offer [data-buy]", f".shelf__place:has-text('{stall.product.name}') [data-buy]"
    reader.open(stall.article.url)
    for button in (card, place, card, place):
        reader.tap(reader.page.locator(button))
        drawer = ".offer" if button == card else ".shelf"
        expect(reader.page.locator(f"{drawer} > [data-counter] [data-step=recap]")).to_be_visible()
        expect(reader.counter).to_have_count(1)
        reader.counter.locator("[data-order]").click()
        expect(reader.counter.locator("[name=email]")).to_be_focused()
        assert reader.page.evaluate(TWICE) == []
    reader.fill()
    reader.order()
    assert reader.page.evaluate(TWICE) == []
    reader.card()
    reader.pay()
    reader.done()

    stall.check_sold()


def test_product_page(reader: Reader) -> None:
    stall = Stall()
    reader.open(stall.product_page.url)
    reader.buy()
    reader.fill()
    reader.order()
    reader.card()
    reader.pay()
    reader.done()

    stall.article = stall.product_page
    stall.check_sold()


def test_variant_and_quantity_stand_on_the_block(reader: Reader) -> None:
    """Choosing a variant shows its price; no more can be typed than there are."""
    stall = Stall(price=1000, units=5)
    Goods.objects.filter(offer=stall.offer).update(options=["Petit"])
    large = factories.goods(stall.product, price=2500, units=3, options=["Grand"])
    reader.open(stall.path)
    reader.page.wait_for_load_state("networkidle")
    reader.page.locator(".choice", has_text="Grand").click()
    expect(reader.page.locator(".ticket__price")).to_contain_text("25,00")
    quantity = reader.page.locator("[data-offer-form] [name=quantity]")
    expect(quantity).to_have_attribute("max", "3")
    quantity.fill("2")
    recap = reader.buy()
    expect(recap).to_contain_text("Grand")
    expect(recap.locator("tfoot")).to_contain_text("55,00")
    reader.fill()
    reader.order()
    reader.card()
    reader.pay()
    reader.done()

    stall.offer = large.offer
    assert stall.check_sold(units=2).total == 5500


def test_sold_out_variant_leaves_the_others(reader: Reader) -> None:
    stall = Stall(units=5)
    Goods.objects.filter(offer=stall.offer).update(options=["Petit"])
    factories.goods(stall.product, price=2500, units=3, options=["Grand"])
    reader.open(stall.path)
    stock.adjust(factories.stocked(stall.offer), -5, StockMove.Reason.LOST)
    reader.page.reload()
    expect(reader.page.locator(".choice", has_text="Petit").locator("input")).to_be_disabled()
    expect(reader.page.locator(".choice", has_text="Grand").locator("input")).to_be_checked()

    expect(reader.buy()).to_contain_text("Grand")


def test_more_than_there_are_is_told(reader: Reader) -> None:
    reader.expect("409")
    stall = Stall(units=2)
    reader.open(stall.path)
    reader.page.locator("[data-offer-form]").evaluate("form => { form.noValidate = true; form.quantity.value = 3; }")
    reader.buy()

    expect(reader.counter.locator("[role=alert]")).to_contain_text(re.compile(r"\b2\b"))
    expect(reader.counter.locator("[data-order]")).to_have_count(0)


def test_shop_closed_while_reading(reader: Reader) -> None:
    """Reading goes on; who is in the middle of ordering is told, and nothing is ordered."""
    reader.expect("409")
    stall = Stall()
    reader.open(stall.path)
    reader.buy()
    reader.fill()
    shop = stall.offer.shop
    type(shop).objects.filter(pk=shop.pk).update(is_closed=True)
    try:
        reader.counter.locator("[data-order]").click()
        expect(reader.counter.locator("[role=alert]")).to_be_visible()
        expect(reader.counter.locator("[name=line1]")).to_have_value(re.compile(r"\w"))
    finally:
        type(shop).objects.filter(pk=shop.pk).update(is_closed=False)
    assert Offer.objects.get(pk=stall.offer.pk).order_lines.count() == 0


def test_another_way_of_delivery(reader: Reader) -> None:
    """Choosing it counts anew in place: the focus stays, nothing typed is lost, that amount is paid."""
    stall = Stall(price=4690)
    slow = factories.delivery_method(stall.offer.shop, amount=900, name="Transporteur")
    try:
        reader.open(stall.path)
        reader.buy()
        reader.fill()
        reader.counter.locator("label", has_text="Transporteur").click()
        expect(reader.counter.locator("tfoot")).to_contain_text("55,90")
        chosen = reader.counter.locator(f"[name=method][value='{slow.pk}']")
        expect(chosen).to_be_checked()
        expect(chosen).to_be_focused()
        expect(reader.counter.locator("[name=city]")).to_have_value("Montreuil")
        reader.order()
        reader.card()
        reader.pay()
        reader.done()
    finally:
        type(slow).objects.filter(pk=slow.pk).update(is_active=False)

    assert stall.check_sold().total == 5590
