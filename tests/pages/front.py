"""What readers, buyers and members see, state by state; each scene runs in both languages."""

import urllib.parse

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import signing
from django.utils import timezone, translation
from playwright.sync_api import expect

from blog.models import ArticlePage, Author, JournalPage, Section
from core.models import Shop, TermsVersion
from events import waiting
from events.models import EventIndexPage, EventPage, ServicePage
from home import demo_letters
from home.demo_load import house
from home.models import HomePage, StandardPage
from store import links, pricing
from store.models import CategoryPage, GoneAddress, Order, ShopPage
from tests import factories
from tests.factories.people import PASSWORD
from tests.journeys.reader import PERSON
from tests.journeys.shop import until
from tests.pages import wares
from tests.pages.tour import Scene, Visit

PATIENCE = 15000


# --- The journal and the shop ------------------------------------------------------------------------


def fronts(visit: Visit) -> None:
    code = visit.language
    visit.see("home", wares.live(HomePage, code).url)
    visit.see("standard page", wares.live(StandardPage, code).url)
    visit.see("shop page", wares.live(ShopPage, code).url)
    visit.see("category", wares.live(CategoryPage, code).url)
    visit.see("category without products", wares.live(CategoryPage, code, slug="rien").url)


def lists(visit: Visit) -> None:
    code = visit.language
    journal = wares.live(JournalPage, code)
    article = wares.live(ArticlePage, code, slug="tout")
    found = {
        "section": (wares.first(Section, code).slug,),
        "author": (wares.first(Author, code).slug,),
        "tag": ("atelier",),
        "year": (article.date.year,),
    }
    visit.see("journal", journal.url)
    visit.see("journal, page two", f"{journal.url}?page=2")
    with translation.override(code):
        ways = {name: journal.url + journal.reverse_subpage(name, args=args) for name, args in found.items()}
        nothing = journal.url + journal.reverse_subpage("section", args=("rien",))
    for name, url in ways.items():
        visit.see(f"journal by {name}", url)
    visit.see("journal, empty section", nothing)


def articles(visit: Visit) -> None:
    code = visit.language
    journal = wares.live(JournalPage, code)
    slug = {"fr": "culotter-une-poele", "en": "seasoning-a-steel-pan"}[code]
    visit.see("article", f"{journal.url}{slug}/")
    visit.see("article with every block", f"{journal.url}tout/")
    visit.see("article without offers", wares.live(ArticlePage, code, slug__startswith="article-").url)


def products(visit: Visit) -> None:
    for name, product in {
        "product with variants": "poele", "product": "tierspoint", "product sold out": "balayette",
        "product scheduled": "lanterne", "product archived": "moulin",
    }.items():  # fmt: skip
        visit.see(name, wares.page_of(product, visit.language).url)


def gone(visit: Visit) -> None:
    prefix = "/en/" if visit.language == "en" else "/"
    path = GoneAddress.objects.filter(path__startswith=wares.live(ShopPage, visit.language).url)[0].path
    visit.see("gone, with its successor", path, 410)
    GoneAddress.objects.create(path=f"{prefix}parti/", title="Parti")
    visit.see("gone, without one", f"{prefix}parti/", 410)
    visit.see("not found", f"{prefix}nulle-part/", 404)
    visit.see("broken", f"{prefix}_broken/", 500)


def forbidden(visit: Visit) -> None:
    """A form from an old page."""
    visit.go(visit.url("store:find-order"))
    visit.page.locator("[name=csrfmiddlewaretoken]").evaluate_all("all => all.forEach((one) => (one.value = 'x'))")
    visit.expect(403)
    visit.send("main form", number="X", email="a@example.org")
    visit.look("form from an old page")


def closed(visit: Visit) -> None:
    """Reading goes on."""
    Shop.objects.update(is_closed=True)
    try:
        visit.see("product while the shop is closed", wares.page_of("poele", visit.language).url)
        visit.see("article while the shop is closed", f"{wares.live(JournalPage, visit.language).url}tout/")
        visit.see("home while the shop is closed", wares.live(HomePage, visit.language).url)
    finally:
        Shop.objects.update(is_closed=False)


def legal(visit: Visit) -> None:
    for name in ("terms", "legal", "privacy"):
        visit.see(name, visit.url(f"store:{name}"))
    visit.see("a version of the terms", visit.url("store:terms-version", TermsVersion.objects.get().pk))


def house_pages(visit: Visit) -> None:
    """The style guide, the demo's mailbox and strip."""
    visit.see("style guide", f"/_style/?lang={visit.language}")
    visit.see("strip", visit.url("demo-strip"))
    visit.go(wares.live(HomePage, visit.language).url)
    visit.page.locator("[data-demo] summary, .demo summary").first.click()
    expect(visit.page.locator("button[name=role]").first).to_be_visible(timeout=PATIENCE)
    visit.look("home with the strip unfolded")


def other_type(visit: Visit) -> None:
    """In a browser that has not seen the first one: a shop has one type, and Chromium shares what it parsed."""
    visit.see("style guide in the other type", f"/_style/?lang={visit.language}&type=nappe")


# --- Buying ------------------------------------------------------------------------------------------


def basket(visit: Visit) -> None:
    page, _offer = wares.till(visit.language)
    visit.see("basket, empty", visit.url("store:cart"))
    visit.go(page.url)
    visit.page.locator("[data-add]").first.click()
    expect(visit.page.locator("[data-word]")).to_be_visible(timeout=PATIENCE)
    visit.look("put into the basket")
    visit.see("basket", visit.url("store:cart"))
    visit.see("recap of the basket", visit.url("store:checkout"))
    visit.go(visit.url("store:cart"))
    visit.page.locator(
        "[data-basket] button[name=remove], [data-basket] button:has-text('Ôter'), [data-basket] button:has-text('Remove')"
    ).first.click()
    visit.page.wait_for_load_state("networkidle")
    visit.look("basket, a line taken out")


def without_script(visit: Visit) -> None:
    """The pages that stand for the drawer."""
    _page, offer = wares.till(visit.language)
    query = urllib.parse.urlencode({"offer": offer.pk, "quantity": 1})
    visit.see("add, as a page", f"{visit.url('store:add')}?{query}")
    visit.see("recap, as a page", f"{visit.url('store:buy')}?{query}")
    visit.expect(422)
    visit.send("[data-counter-form]", email="nobody")
    visit.look("recap with errors, as a page")
    visit.see("what cannot be bought, as a page", f"{visit.url('store:buy')}?offer=0", 410)
    visit.see("back from an unknown payment", f"{visit.url('store:return')}?session_id=cs_x", 404)


def kinds(visit: Visit) -> None:
    """What must be chosen first, what a line is asked, what begins soon, and what costs nothing."""
    hour, seat = wares.hour(visit.language), wares.free(visit.language)
    buy = f"{visit.url('store:buy')}?{urllib.parse.urlencode({'offer': hour.pk, 'quantity': 2})}"
    visit.see("choose, as a page", buy)
    visit.expect(422)
    visit.send("[data-offer-form]", slot="ten")
    visit.look("choose with errors, as a page")
    visit.page.locator("[name=slot]").fill("10:00")
    visit.page.locator("[data-buy]").click()
    expect(visit.page.locator("[data-step=recap]")).to_be_visible(timeout=PATIENCE)
    visit.look("recap in the place of the choice")
    visit.see("add with a choice, as a page", f"{visit.url('store:add')}?offer={hour.pk}")
    visit.see("recap of an hour that begins soon", f"{buy}&slot=10:00")
    visit.expect(422)
    visit.send("[data-counter-form]")
    visit.look("recap of an hour with errors")
    visit.see("recap of a free seat", f"{visit.url('store:buy')}?offer={seat.pk}")
    visit.send("[data-counter-form]", email="zoe@example.org", name="Zoé")
    visit.look("free seat, confirmed")


def drawer(visit: Visit) -> None:
    """From the offer in an article to the paid order, in the drawer."""
    _page, offer = wares.till(visit.language)
    reader = visit.reader
    visit.go(wares.live(ArticlePage, visit.language, slug="tiroir").url)
    reader.buy()
    visit.look("drawer: recap")
    visit.expect(422)
    reader.counter.locator("[data-order]").click()
    expect(reader.counter.locator("[aria-invalid=true]").first).to_be_visible(timeout=PATIENCE)
    visit.look("drawer: errors")
    reader.fill(**person(visit))
    visit.expect(409)
    quote = pricing.quote(offer)
    assert quote
    pricing.set_price(offer, quote.unit + 100)
    reader.counter.locator("[data-order]").click()
    expect(reader.counter.locator(".question")).to_be_visible(timeout=PATIENCE)
    visit.look("drawer: the price changed")
    reader.order()
    visit.look("drawer: pay")
    visit.page.reload()
    reader.step("waiting")
    visit.look("drawer: waiting")
    order = Order.objects.latest("pk")
    visit.see("thanks, the bank is asked", visit.url("store:thanks", order.token))
    visit.see("order to be taken up again", visit.url("store:resume", order.token))
    visit.send("main form")
    visit.page.wait_for_url(f"{visit.shop.standin.origin}/**")
    visit.look("the stand-in's page")
    visit.reader.pay_on_stripes_page()
    visit.look("thanks, as a page")
    visit.see("resume, paid meanwhile", visit.url("store:resume", order.token))


def paid_in_place(visit: Visit) -> None:
    order = paying(visit)
    visit.reader.card()
    visit.reader.pay()
    visit.reader.done()
    visit.look("drawer: done")
    until(order.parcels.exists, "the parcel")


def slow_bank(visit: Visit) -> None:
    """A payment that takes days, and then fails."""
    visit.go(wares.till(visit.language)[0].url)
    visit.reader.buy()
    visit.look("drawer: recap of a known buyer")
    order = paying(visit)
    session = order.attempts.latest("pk").session_id
    for outcome, words in (("async_pending", "on its way"), ("async_fail", "ended")):
        visit.shop.standin.outcome(session, outcome)
        visit.see(f"thanks, the payment {words}", visit.url("store:thanks", order.token))
        visit.see(f"resume, the payment {words}", visit.url("store:resume", order.token))


def paying(visit: Visit) -> Order:
    """Ordered in the drawer, and not paid yet."""
    visit.go(wares.till(visit.language)[0].url)
    visit.reader.buy()
    visit.reader.counter.locator(".known summary.folded").click()
    visit.reader.fill(**person(visit))
    visit.reader.order()
    return Order.objects.latest("pk")


def person(visit: Visit) -> dict[str, str | None]:
    """Somebody new in each language."""
    return {**PERSON, "email": f"claire.{visit.language}@example.org"}


def tracking(visit: Visit) -> None:
    """The order's page by its signed link, in each state, and the ways to a lost one."""
    for state in Order.objects.order_by().values_list("state", flat=True).distinct():
        order = wares.order_in(state)
        visit.see(f"order, {state}", visit.url("store:order", links.sign(order)))
    order = wares.order_in("delivered")
    old = signing.TimestampSigner(salt=links.SALT, sep=".")
    old.timestamp = lambda: signing.b62_encode(1_500_000_000)  # type: ignore[method-assign]
    visit.see("order, expired link", visit.url("store:order", old.sign(order.number)), 410)
    visit.see("order, false link", visit.url("store:order", "X.y.z"), 404)
    visit.see("find an order", visit.url("store:find-order"))
    visit.send(number=order.number, email=order.email)
    visit.look("link on its way")


def withdrawal(visit: Visit) -> None:
    visit.see("withdrawal", visit.url("store:withdraw"))
    visit.expect(422)
    visit.send()
    visit.look("withdrawal with errors")
    visit.go(visit.url("store:withdraw"))
    visit.send(name="Claire Morin", contract="TP-1", email=f"claire.{visit.language}@example.org")
    visit.look("withdrawal to be confirmed")
    visit.press("main [name=confirm]")
    visit.look("withdrawal received")


def letters(visit: Visit) -> None:
    until(demo_letters.all_letters, "a letter")
    letter = demo_letters.all_letters()[0]
    visit.see("mailbox", "/_demo/mailbox/")
    visit.see("a letter", f"/_demo/mailbox/{letter.key}/")


# --- The account -------------------------------------------------------------------------------------


def doors(visit: Visit) -> None:
    """What stands before signing in."""
    someone = factories.person(locale=visit.language)
    visit.see("sign in", visit.url("account_login"))
    visit.send(login=someone.email, password="wrong-password")
    visit.look("sign in with errors")
    visit.see("sign up", visit.url("account_signup"))
    visit.send(email=f"neuve.{visit.language}@example.org", password1=PASSWORD)
    visit.look("code to confirm the address")
    visit.page.context.clear_cookies()
    visit.see("ask for a code", visit.url("account_request_login_code"))
    visit.send(email=someone.email)
    visit.look("type the code")
    visit.page.context.clear_cookies()
    visit.see("forgotten password", visit.url("account_reset_password"))
    visit.send(email=someone.email)
    visit.look("forgotten password, mail sent")
    key = default_token_generator.make_token(someone)
    uid = user_pk_to_url_str(someone)
    visit.go(visit.url("account_reset_password_from_key", uid, key), moves=True)
    visit.look("new password")
    visit.see("new password, old link", visit.url("account_reset_password_from_key", uid, "old-key"))
    visit.see("new password kept", visit.url("account_reset_password_from_key_done"))
    visit.see("account shut", visit.url("account_inactive"))


def too_often(visit: Visit) -> None:
    """The same address asked about again and again."""
    visit.expect(429)
    for _time in range(10):
        visit.go(visit.url("account_reset_password"))
        visit.send(email=f"again.{visit.language}@example.org")
        if visit.document and visit.document.status == 429:
            break
    visit.look("too many tries")


def second_factor(visit: Visit) -> None:
    """Signing in by password when there is a second factor."""
    someone = factories.owner(locale=visit.language, is_staff=False, is_superuser=False)
    visit.go(visit.url("account_login"))
    visit.send(login=someone.email, password=PASSWORD)
    visit.look("second factor asked")
    visit.page.context.clear_cookies()


def member(visit: Visit) -> None:
    """The demo's reader, with her orders."""
    reader = house.reader_account()
    assert reader
    visit.enter(reader)
    visit.see("account", visit.url("account"))
    for name in ("account_email", "account_change_password", "mfa_index", "mfa_activate_totp", "account_logout"):
        visit.see(name, visit.url(name))
    visit.see("account_reauthenticate", visit.url("account_reauthenticate"))
    visit.see("home, signed in", wares.live(HomePage, visit.language).url)


def not_theirs(visit: Visit) -> None:
    """A reader at the owner's door."""
    visit.enter(factories.person(locale=visit.language))
    visit.see("not yours", "/cms/", 403)


def newcomer(visit: Visit) -> None:
    """An account with nothing in it, and without a password."""
    someone = factories.person(locale=visit.language, password=None)
    visit.enter(someone)
    visit.see("account, empty", visit.url("account"))
    visit.see("account_set_password", visit.url("account_set_password"))


def guarded(visit: Visit) -> None:
    """An account with a second factor and recovery codes."""
    someone = factories.person(locale=visit.language)
    TOTP.activate(someone, generate_totp_secret())
    visit.enter(someone)
    visit.see("recovery codes to be made", visit.url("mfa_generate_recovery_codes"))
    RecoveryCodes.activate(someone)
    visit.see("second factor set up", visit.url("mfa_index"))
    for name in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_reauthenticate"):
        visit.see(name, visit.url(name))


def meetings(visit: Visit) -> None:
    """The agenda, an event in each state, a seat and what may be done with it, the waiting list."""
    code = visit.language
    agenda = wares.live(EventIndexPage, code)
    visit.see("agenda", agenda.url)
    with translation.override(code):
        visit.see("agenda, over", agenda.url + agenda.reverse_subpage("archive"))
    page = wares.live(
        EventPage, code, event__state="scheduled", event__ends_at__gt=timezone.now(), event__capacity__gt=4
    )
    visit.see("event", page.url)
    visit.see("service", wares.live(ServicePage, code).url)
    ticket = page.event.tickets.order_by("pk")[0]
    seat = wares.seat(ticket, code)
    visit.see("seat", visit.url("events:seat", seat.token))
    visit.see("seat given up", visit.url("events:leave", seat.token))
    visit.see("seat handed on", visit.url("events:hand-on", seat.token))
    visit.see("seat on another date", visit.url("events:other-date", seat.token))
    change = wares.change(seat)
    visit.see("another date, to pay", visit.url("events:other-date-pay", seat.token, change.ticket_id))
    visit.see("another date, paid", visit.url("store:order", links.sign(wares.paid_change(change))))
    booking = wares.appointment(code)
    visit.see("appointment", visit.url("events:booking", booking.token))
    visit.see("appointment at another time", visit.url("events:booking-move", booking.token))
    visit.see("appointment given up", visit.url("events:booking-cancel", booking.token))
    entry = wares.waits(code)
    visit.see("waiting list", visit.url("events:wait", entry.event_id))
    visit.send("main form", name="Anne", email=entry.email)
    visit.look("waiting list, asked")
    visit.see("place on the waiting list", visit.url("events:waiting", entry.token))
    waiting.pass_on(wares.more_chairs(entry.event).pk)
    visit.see("a place is offered", visit.url("events:waiting", entry.token))
    visit.see("an offered place, taken", visit.url("events:claim", entry.token))


SCENES: dict[str, tuple[str, Scene]] = {
    "meetings": ("reader", meetings),
    "fronts": ("reader", fronts),
    "lists": ("reader", lists),
    "articles": ("reader", articles),
    "products": ("reader", products),
    "gone": ("reader", gone),
    "forbidden": ("reader", forbidden),
    "closed": ("reader", closed),
    "legal": ("reader", legal),
    "house": ("reader", house_pages),
    "other type": ("guest", other_type),
    "basket": ("buyer", basket),
    "without script": ("reader", without_script),
    "kinds": ("reader", kinds),
    "drawer": ("buyer", drawer),
    "slow bank": ("buyer", slow_bank),
    "paid in place": ("buyer", paid_in_place),
    "tracking": ("reader", tracking),
    "withdrawal": ("reader", withdrawal),
    "letters": ("reader", letters),
    "doors": ("reader", doors),
    "second factor": ("reader", second_factor),
    "member": ("member", member),
    "too often": ("reader", too_often),
    "not theirs": ("member", not_theirs),
    "newcomer": ("member", newcomer),
    "guarded": ("member", guarded),
}
