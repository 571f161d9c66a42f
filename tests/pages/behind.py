"""The owner's screens, in French: those that we wrote, and Wagtail's own where ours stand in them."""

import html
import re
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from playwright.sync_api import expect

from blog.models import ArticlePage, JournalPage
from core.models import Shop, TermsVersion
from events.models import Event, Service
from home.demo_load import house
from store.models import DeliveryMethod, Offer, Order, Product, Stock, Withdrawal
from tests import factories
from tests.factories.pages import block, speak_of
from tests.pages import wares
from tests.pages.tour import Scene, Visit

PATIENCE = 15000


def enter(visit: Visit) -> None:
    owner = house.owner_account()
    assert owner
    visit.enter(owner)


def desk(visit: Visit) -> None:
    visit.see("desk", "/cms/")


def orders(visit: Visit) -> None:
    visit.see("orders", at("owner:orders"))
    visit.see("orders, none found", f"{at('owner:orders')}?q=nobody")
    visit.see("slips", at("owner:slips"))
    for state in Order.objects.order_by().values_list("state", flat=True).distinct():
        visit.see(f"owner's order, {state}", at("owner:order", wares.order_in(state).pk))
    visit.see("slip", at("owner:slip", wares.order_in("paid").pk))


def money(visit: Visit) -> None:
    """Forms that cost money, and the same once more before the deed."""
    paid = next(
        row
        for row in Order.objects.filter(state="paid", attention="", payments__isnull=False)
        if not row.parcels.filter(shipped_at__isnull=False)
    )
    visit.see("refund", f"{at('owner:refund', paid.pk)}?all=1")
    visit.send("main form:has([name=reason])")
    visit.look("refund to be confirmed")
    visit.see("cancel", at("owner:cancel", paid.pk))
    visit.send("main form:has([name=reason])")
    visit.look("cancel to be confirmed")
    stuck = Order.objects.exclude(attention="")[0]
    visit.see("owner's order, stuck", at("owner:order", stuck.pk))
    visit.see("decide", at("owner:decide", stuck.pk))


def subscriptions(visit: Visit) -> None:
    visit.see("subscriptions, none found", f"{at('owner:subscriptions')}?q=nobody")
    row = factories.renewing(to="loge", email="loge@example.org", name="Loge")
    visit.see("subscriptions", at("owner:subscriptions"))
    visit.see("owner's subscription", at("owner:subscription", row.pk))
    visit.page.locator("main button[value=end]").click()
    expect(visit.page.locator("main [name=confirmed]")).to_be_visible()
    visit.look("owner's subscription, to end")


def meetings(visit: Visit) -> None:
    event = Event.objects.filter(state="scheduled", waiting__isnull=False).distinct()[0]
    visit.see("owner's events", at("meetings:events"))
    visit.see("owner's appointments", at("meetings:appointments"))
    visit.see("owner's appointment", at("meetings:appointment", wares.appointment("fr").pk))
    visit.see("owner's services", at("meetings:services"))
    visit.see("owner's new service", at("meetings:new_service"))
    visit.see("owner's service", at("meetings:service", Service.objects.order_by("pk")[0].pk))
    visit.see("owner's new pack", at("meetings:new_pack", Service.objects.order_by("pk")[0].pk))
    visit.see("owner's pack", at("meetings:pack", wares.pack().pk))
    visit.see("owner's hours", at("meetings:hours"))
    visit.see("owner's new event", at("meetings:new"))
    visit.see("owner's ticket", at("meetings:ticket", event.pk, event.tickets.order_by("pk")[0].pk))
    for name in ("event", "edit", "move", "cancel", "roster", "waiting", "afterwards"):
        visit.see(f"owner's event: {name}", at(f"meetings:{name}", event.pk))


def withdrawals(visit: Visit) -> None:
    visit.see("withdrawals", at("owner:withdrawals"))
    row = Withdrawal.objects.order_by("pk")[0]
    visit.see("owner's withdrawal", at("owner:withdrawal", row.pk))
    visit.see("troubles", at("owner:troubles"))


def stock(visit: Visit) -> None:
    visit.see("stock", at("owner:stock"))
    visit.see("stock, none found", f"{at('owner:stock')}?q=nothing")
    visit.see("pool", at("owner:pool", Stock.objects.filter(low_at__gt=0)[0].pk))
    visit.see("pool that is held", at("owner:pool", wares.till("fr")[1].stocks.get().pk))
    visit.see("sales", at("owner:sales"))
    visit.see("sales, none yet", f"{at('owner:sales')}?since=2001-01-01&until=2001-01-02")


def settings(visit: Visit) -> None:
    visit.see("settings", at("owner:shop"))
    Shop.objects.update(siren="")
    visit.see("settings, something missing", f"{at('owner:shop')}?x")
    Shop.objects.update(siren="123456782")
    visit.see("VAT", at("owner:vat"))
    visit.see("terms of sale", at("owner:terms"))
    visit.see("new terms", at("owner:terms_new"))
    terms = TermsVersion.objects.get()
    draft = TermsVersion.objects.create(shop=terms.shop, title="Brouillon", text_fr="<p>Un</p>", text_en="<p>One</p>")
    visit.see("terms in force", at("owner:terms_version", terms.pk))
    visit.see("terms in draft", at("owner:terms_version", draft.pk))
    visit.see("terms to be edited", at("owner:terms_edit", draft.pk))
    draft.delete()
    visit.see("deliveries", at("owner:delivery"))
    visit.see("new delivery", at("owner:delivery_new"))
    visit.expect(422)
    visit.send("main form")
    visit.look("new delivery with errors")
    visit.see("delivery", at("owner:delivery_edit", DeliveryMethod.objects.order_by("pk")[0].pk))


def products(visit: Visit) -> None:
    several, draft = Product.objects.get(code="cafetiere"), factories.product(Shop.objects.current(), name="Pas prêt")
    visit.see("products", at("products:index"))
    visit.see("products, none found", f"{at('products:index')}?q=nothing")
    visit.see("new product", at("products:new"))
    visit.expect(422)
    visit.send("main form:has([name$=name])")
    visit.look("new product with errors")
    visit.see("product screen", at("products:screen", several.pk))
    visit.see("product screen, nothing there", at("products:screen", draft.pk))
    visit.see("product's facts", at("products:facts", several.pk))


def editor(visit: Visit) -> None:
    """Where our panels and questions stand in Wagtail's own screens."""
    goods = factories.goods(factories.product(Shop.objects.current(), name="À venir"), state=Offer.State.DRAFT)
    page = factories.product_page(goods.product)
    article = factories.article(body=[block("text", "<p>Bonjour.</p>"), speak_of(page)], live=False)
    visit.see("publish these too", f"{at('products:publish')}?{urlencode({'page': article.pk})}")
    told = wares.page_of("poele", "fr")
    visit.see("delete what is told of", at("wagtailadmin_pages:delete", told.pk))
    visit.see("product page in the editor", at("wagtailadmin_pages:edit", told.pk), inside=".product-standing")
    visit.see("menu in the editor", at("wagtailsnippets_home_menu:add"), inside="main form")


def writing(visit: Visit) -> None:
    """An article in the editor, and the chooser with its two tabs."""
    visit.reader.expect("400")  # Wagtail saves by itself what has no title yet
    visit.go(at("wagtailadmin_pages:add", "blog", "articlepage", wares.live(JournalPage, "fr").pk))
    page = visit.page
    page.locator("[data-contentpath=body] .c-sf-add-button").first.click()
    page.get_by_role("option", name="Produit", exact=True).click()
    page.locator("[data-contentpath=body] [data-chooser-action-choose]").first.click()
    expect(page.locator(".modal [role=tab]").first).to_be_visible(timeout=PATIENCE)
    visit.look("product chooser", inside=".modal .modal-body")
    page.locator(".modal [role=tab]").nth(1).click()
    visit.look("product chooser, a new one", inside=".modal .modal-body")
    assert visit.document
    known = re.search(r'"icon": "tag"[^{}]*?"blockDefId": "([^"]+)"', html.unescape(visit.document.text()))
    assert known
    visit.see("a block in the list of blocks", f"{at('wagtailadmin_block_preview')}?id={known[1]}")


def preview(visit: Visit) -> None:
    """A draft as its writer sees it."""
    article = wares.live(ArticlePage, "fr", slug="tout")
    article.save_revision()
    visit.reader.expect("axe.run results")  # Wagtail's own checker tells what it found
    visit.see("draft", at("wagtailadmin_pages:view_draft", article.pk))


def at(name: str, *args: Any) -> str:
    """The address of a screen."""
    return reverse(name, args=args)


SCENES: dict[str, tuple[str, Scene]] = {
    "enter": ("owner", enter),
    "desk": ("owner", desk),
    "orders": ("owner", orders),
    "money": ("owner", money),
    "subscriptions behind": ("owner", subscriptions),
    "meetings behind": ("owner", meetings),
    "withdrawals": ("owner", withdrawals),
    "stock": ("owner", stock),
    "settings": ("owner", settings),
    "products behind": ("owner", products),
    "editor": ("owner", editor),
    "writing": ("owner", writing),
    "preview": ("owner", preview),
}
