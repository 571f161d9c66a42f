"""The club, its members, the door, what one knows of oneself: what its people see, and the owner behind the counter."""

from urllib.parse import urlsplit

from django.urls import reverse
from playwright.sync_api import expect

from events.models import Booking, Event, EventIndexPage, EventPage, Service
from home.demo_load import house
from members import gifts, joining, mailing, meeting
from members.models import ClubPage, Profile, Report, Termination, Tier
from store import addresses, fulfilment, links, pricing
from tests import factories
from tests.factories.orders import PERSON
from tests.factories.pages import block, speak_of
from tests.pages import wares
from tests.pages.tour import Scene, Visit


def lay(code: str) -> tuple[Profile, Profile]:
    """Two members of an upper tier who show themselves, an article that is kept for the club, the club's page."""
    tier = factories.tier("atelier", name="L’atelier", name_en="The workshop", promise="Dix pour cent sur tout")
    factories.plan(tier) if not tier.plans.exists() else None
    shown = {
        "is_listed": True,
        "words": "Je répare.",
        "town": "Lyon",
        "trade": "Coutelier",
        "shown": ["words", "town", "trade"],
    }
    found = []
    for name in ("Nour", "Zoé"):
        user = factories.person(email=f"{name.lower()}.{code}.{Profile.objects.count()}@example.org".replace("é", "e"))
        joining.comp(tier, user.email, name=name)
        found.append(Profile.objects.create(user=user, name=name, **shown))
    if not ClubPage.objects.filter(locale__language_code=code).exists():
        page = ClubPage(title="Le club", slug=f"club-{code}", locale=factories.locale(code))
        factories.home(code).add_child(instance=page)
        page.save_revision().publish()
    return found[0], found[1]


def club(visit: Visit) -> None:
    """Outside: the club's page, a tier in an article, what is kept, and the way out."""
    code = visit.language
    lay(code)
    tier = Tier.objects.get(slug="atelier")
    body = [block("text", "<p>Pour tous.</p>"), block("club", {"tier": str(tier.pk)}), block("reserved", {"audience": "member"}), block("text", "<p>Pour eux.</p>")]  # fmt: skip
    article = factories.article(code=code, body=body)
    page = ClubPage.objects.filter(locale__language_code=code).latest("pk")
    visit.see("club", page.url)
    visit.see("article kept for the club", article.url)
    beside = factories.product_page(factories.goods(price=4900).product, code=code)
    pricing.set_price(beside.product.goods.get().offer, 4100, audience="member")
    visit.see("article with the club's price", factories.article(code=code, body=[speak_of(beside)]).url)
    visit.page.locator(".offer .ticket__join").first.click()
    expect(visit.page.locator("[data-step=recap]")).to_be_visible()
    visit.look("joining beside a product")
    visit.go(visit.url("article-rest", article.pk), 403)
    visit.look("rest, closed")
    visit.see("end a contract", visit.url("members:leave"))
    for name, words in {"name": "Léa", "contract": "K7-48291", "email": "lea@example.org"}.items():
        visit.page.locator(f"main [name={name}]").fill(words)
    visit.send("main form")
    visit.look("end a contract, to be confirmed")
    visit.page.locator("main [name=confirm]").click()
    expect(visit.page.locator("main [name=confirm]")).to_have_count(0)
    visit.look("contract ended")


def circle(visit: Visit) -> None:
    """Inside: card, directory, profile, introductions, one's own data."""
    me, other = lay(visit.language)
    visit.enter(me.user)
    article = factories.article(code=visit.language, body=[block("text", "<p>Pour eux.</p>")], audience="member")
    visit.see("rest", visit.url("article-rest", article.pk))
    refuse = mailing.url(me.user.email, "reminders", visit.language).removeprefix(visit.shop.base)
    visit.see("refuse a kind of mail", refuse[refuse.index("/", 8) :] if "://" in refuse else refuse)
    visit.send("main form")
    visit.look("a kind of mail refused")
    present = factories.given(email=f"amie.{visit.language}@example.org", locale=visit.language)
    visit.see("order of a gift", visit.url("store:order", links.sign(present.grants.get().line.order)))
    visit.see("gift", urlsplit(gifts.url(present)).path)
    visit.see("card", visit.url("members:card"))
    visit.see("directory", visit.url("members:directory"))
    visit.see("directory, nobody found", visit.url("members:directory") + "?q=personne")
    visit.see("profile", visit.url("members:profile"))
    visit.see("ask to meet", visit.url("members:ask", other.key))
    visit.see("introductions, none", visit.url("members:introductions"))
    meeting.ask(other.user, me, "Vos couteaux m’intéressent.")
    visit.see("introductions", visit.url("members:introductions"))
    visit.see("account with a card", visit.url("account"))
    for line1 in ("4 rue des Lilas", "2 quai Bas"):
        row = addresses.keep(me.user, {**PERSON, "country": "FR", "line1": line1})
    visit.see("addresses", visit.url("store:addresses"))
    visit.see("address", visit.url("store:address", row.key))
    visit.see("delete an address", visit.url("store:address-delete", row.key))
    visit.see("recap with addresses", f"{visit.url('store:buy')}?offer={factories.offer().pk}&quantity=1")
    visit.see("sessions", visit.url("usersessions_list"))
    visit.see("passkeys, none", visit.url("mfa_list_webauthn"))
    visit.see("new passkey", visit.url("mfa_add_webauthn"))
    visit.see("erase the account", visit.url("account-erase"))


def given(visit: Visit) -> None:
    """What was bought of each kind, where it stands afterwards; the articles in which it is offered."""
    code = visit.language
    page = EventPage.objects.live().filter(locale__language_code=code)[0]
    service = Service.objects.order_by("pk")[0]
    body = [block("event", {"event": page.pk, "note": ""}), block("service", {"service": str(service.pk), "note": ""})]
    visit.see("article with meeting and appointment", factories.article(code=code, body=body).url)
    index = EventIndexPage.objects.filter(locale__language_code=code)[0]
    start = page.event.local_start
    visit.see("month of the agenda", f"{index.url}{start.year}/{start.month}/")
    person = factories.person(email=f"tout.{code}@example.org")
    seat = factories.order(factories.basket(factories.seat_offer()), user=person, email=person.email, locale=code)
    fulfilment.fulfil(seat.pk)
    hour = wares.appointment(code)
    Booking.objects.filter(pk=hour.pk).update(user=person)
    visit.see("order with a seat", visit.url("store:order", links.sign(seat)))
    visit.see("order with an appointment", visit.url("store:order", links.sign(hour.line.order)))
    credit = factories.credit(wares.pack(), user=person, locale=code)
    visit.see("order with a pack", visit.url("store:order", links.sign(credit.line.order)))
    alone = factories.person(email=f"une.heure.{code}@example.org")
    Booking.objects.filter(pk=wares.appointment(code).pk).update(user=alone)
    visit.enter(alone)
    visit.see("account with an appointment", visit.url("account"))
    visit.enter(person)
    visit.see("account with seats", visit.url("account"))
    visit.go(visit.url("account-erase"))
    visit.page.locator("[name=sure]").check()
    visit.send("main form")
    visit.look("erased")


def renewing(visit: Visit) -> None:
    """What one pays for again and again: each thing that may be asked of it, and how it stands after."""
    me, _other = lay(visit.language)
    visit.enter(me.user)
    row = factories.renewing(user=me.user, email=me.user.email, locale=visit.language)
    factories.plan(factories.tier("etabli", name="L’établi", name_en="The bench"), interval="month", price=1900)
    url = visit.url("members:renewing", row.pk)
    visit.see("order that renews itself", visit.url("store:order", links.sign(row.line.order)))
    visit.see("account with what renews itself", visit.url("account"))
    visit.see("what renews itself", url)
    for do in ("plan", "pause", "end"):
        visit.go(url)
        visit.page.locator(f"main button[value={do}]").click()
        expect(visit.page.locator("main [name=confirm]")).to_be_visible()
        visit.look(f"what renews itself, asked for: {do}")
    visit.send("main form")
    visit.look("what renews itself, to end")


def door(visit: Visit) -> None:
    """The door of an event, with its roster."""
    owner = house.owner_account()
    assert owner
    visit.enter(owner)
    event = Event.objects.filter(seats__state="valid").order_by("pk")[0]
    visit.go(visit.url("events:door", event.pk))
    expect(visit.page.locator("[data-seat]").first).to_be_visible()
    visit.look("door")


def behind(visit: Visit) -> None:
    """The owner's screens of the club."""
    one, other = lay("fr")
    tier = Tier.objects.get(slug="atelier")
    visit.see("tiers", reverse("club:tiers"))
    visit.see("new tier", reverse("club:tier_new"))
    visit.see("tier", reverse("club:tier", args=[tier.pk]))
    visit.see("people", reverse("club:people"))
    visit.see("people, none found", reverse("club:people") + "?q=personne")
    visit.see("let in", reverse("club:let_in"))
    meeting.report(meeting.ask(one.user, other, "Déplacé"), by=other.user)
    visit.see("report", reverse("club:report", args=[Report.objects.latest("pk").pk]))
    Termination.objects.create(shop=tier.shop, name="Léa", email="lea@example.org", contract="inconnu")
    visit.see("desk of the club", "/cms/")


SCENES: dict[str, tuple[str, Scene]] = {
    "club": ("reader", club),
    "circle": ("member", circle),
    "given": ("member", given),
    "renewing": ("member", renewing),
    "door": ("owner", door),
}
BEHIND: dict[str, tuple[str, Scene]] = {"club behind": ("owner", behind)}
