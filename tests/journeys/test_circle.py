"""Belonging: join in an article, everything in one basket, read on, meet, take one's data along, leave in three clicks."""

import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.models import Booking, Seat
from members import joining
from members.models import Grant, Introduction, Membership, Profile, Report, Termination, Tier, User
from store import pricing, refunds
from store.models import Offer, Order, Parcel
from tests import factories
from tests.factories.pages import block, speak_of
from tests.journeys.reader import Reader
from tests.journeys.shop import LiveShop, until
from tests.journeys.test_hours import pick

SECRET = "zanzibarique"


def at(name: str, *args: Any) -> str:
    with translation.override("fr"):
        return reverse(name, args=args)


def enter(reader: Reader, house: LiveShop, user: User) -> None:
    """Signed in a moment ago."""
    client = Client()
    factories.sign_in_just_now(client, user)
    cookies = {"session": client.cookies["session"].value, "here": "1"}
    reader.context.add_cookies([{"name": name, "value": value, "url": house.base} for name, value in cookies.items()])


def club_block(plan: Any) -> dict[str, Any]:
    return block("club", {"tier": str(plan.tier_id)})


@pytest.mark.main
def test_join_in_an_article(reader: Reader) -> None:
    plan = factories.plan(factories.tier("annee", name="À l’année"), price=4200, interval="year")
    article = factories.article(body=[block("text", "<p>Rejoignez-nous.</p>"), club_block(plan)])
    reader.open(article.url)
    recap = reader.buy()
    if recap.locator("[name=early]").count():
        recap.locator("[name=early]").check()
    reader.order()
    reader.type(reader.frame.locator("[autocomplete=email]"), "claire@example.org")
    reader.type(reader.frame.locator("[name=individual_name], [autocomplete=name]").first, "Claire Morin")
    reader.card()
    reader.pay()
    reader.done()
    row = until(lambda: Membership.objects.filter(tier=plan.tier, email="claire@example.org").first(), "the membership")

    assert row.is_in_force()
    assert row.renews
    assert reader.taps <= 3
    expect(reader.page.locator("h1")).to_be_visible()


@pytest.mark.main
def test_everything_in_one_basket(reader: Reader) -> None:
    plan = factories.plan(factories.tier("tout", name="Tout"), price=5000, interval="year")
    paid_event, free_event = factories.event(capacity=5), factories.event(capacity=5)
    paid_seat = factories.ticket(paid_event, price=1500)
    free_seat = factories.ticket(free_event)
    product = factories.product_page(factories.goods(price=3000).product)
    service, moment = factories.service(price=9000, step=60), factories.slot()
    pages = [factories.event_page(event) for event in (paid_event, free_event)]
    body = [
        speak_of(product),
        *(block("event", {"event": page.pk, "note": ""}) for page in pages),
        club_block(plan),
        block("service", {"service": str(service.pk)}),
    ]
    article = factories.article(body=body)
    reader.open(article.url)
    badge = reader.page.locator("[data-badge]").first
    for number in range(4):
        reader.page.locator(".offer [data-add]").nth(number).click()
        expect(badge).to_have_text(str(number + 1))
    reader.tap(reader.page.locator(".offer [data-buy]").last)
    choice = reader.step("choose")
    pick(reader, choice, moment)
    reader.tap(choice.locator("[data-add]"))
    expect(badge).to_have_text("5")
    reader.open(at("store:checkout"))
    reader.fill()
    early = reader.page.locator("[name=early]")
    if early.count():
        early.check()
    reader.order()
    reader.card()
    reader.pay()
    reader.done()
    order = Order.objects.get(email="claire@example.org", lines__offer=plan.offer)
    until(lambda: Grant.objects.filter(line__order=order).exists(), "the membership")

    assert order.total >= 5000 + 1500 + 3000 + 9000
    assert order.payments.count() == 1
    assert Parcel.objects.filter(order=order).count() == 1
    assert sorted(Seat.objects.filter(line__order=order).values_list("ticket", flat=True)) == sorted(
        [paid_seat.pk, free_seat.pk]
    )
    assert Booking.objects.live().get(line__order=order).starts_at == moment
    line = order.lines.get(offer=Offer.objects.get(pk=paid_seat.offer_id))
    refunds.start(order, refunds.Wanted(units={line.pk: 1}))
    until(lambda: order.refunds.filter(state="succeeded").exists(), "the refund of the seat")
    assert not Seat.objects.filter(line=line, state="valid").exists()
    assert Membership.objects.get(tier=plan.tier).is_in_force()


@pytest.mark.main
def test_join_beside_a_product_in_the_same_counter(reader: Reader) -> None:
    """One tap on "Club: 41 €": the plan and the thing, at the member's price, in one order and one payment."""
    plan = factories.plan(factories.tier("voisins", name="Voisins"), price=4000, interval="year")
    Tier.objects.exclude(pk=plan.tier_id).update(position=9)
    goods = factories.goods(price=4900)
    pricing.set_price(goods.offer, 4100, audience="member")
    article = factories.article(body=[speak_of(factories.product_page(goods.product))])
    reader.open(article.url)
    reader.tap(reader.page.locator(".offer .ticket__join").first)
    recap = reader.step("recap")
    expect(recap).to_contain_text("Voisins")
    expect(recap).to_contain_text("41,00")
    reader.fill()
    recap.locator("[name=early]").check()
    reader.order()
    reader.card()
    reader.pay()
    reader.done()
    order = Order.objects.get(email="claire@example.org", lines__offer=plan.offer)
    until(lambda: Grant.objects.filter(line__order=order).exists(), "the membership")

    assert sorted(order.lines.values_list("amount", flat=True)) == [4000, 4100]
    assert order.payments.count() == 1
    assert Parcel.objects.filter(order=order).count() == 1
    assert Membership.objects.get(tier=plan.tier, email=order.email).is_in_force()
    assert reader.taps == 3


def test_members_read_on_and_guests_do_not(house: LiveShop, visitor: Callable[..., Reader]) -> None:
    reserved = block("reserved", {"audience": "member"})
    body = [block("text", "<p>Pour tous.</p>"), reserved, block("text", f"<p>Le mot est {SECRET}.</p>")]
    article = factories.article(body=body)
    guest, member = visitor(), visitor()
    guest.open(article.url)
    expect(guest.page.locator(".gate")).to_be_visible()
    assert SECRET not in guest.page.content()
    enter(member, house, factories.member(factories.tier("lit")))
    member.open(article.url)
    expect(member.page.locator(".article__rest")).to_contain_text(SECRET)
    expect(member.page.locator(".gate")).to_have_count(0)
    enter(guest, house, factories.person())
    guest.open(article.url)
    guest.expect("403")
    guest.page.locator(".gate a").first.click()
    expect(guest.page.locator("main")).to_contain_text("membres")
    assert SECRET not in guest.page.content()


def test_three_clicks_end_a_contract(reader: Reader) -> None:
    user = factories.member(factories.tier("sort"))
    row = factories.membership(user)
    reader.open("/")
    reader.tap(reader.page.locator("footer").get_by_role("link", name="Résilier un contrat"))
    for name, words in {"name": "Léa", "contract": row.number, "email": user.email}.items():
        reader.page.locator(f"main [name={name}]").fill(words)
    reader.tap(reader.page.locator("main form button[type=submit]"))
    reader.tap(reader.page.get_by_role("button", name="Notification de la résiliation"))
    expect(reader.page.locator("h1")).to_contain_text("bien reçue")

    assert reader.taps == 3
    assert Termination.objects.get(email=user.email).membership == row


def listed(name: str) -> Profile:
    user = factories.member(factories.tier("rencontre"))
    return Profile.objects.create(user=user, name=name, is_listed=True, town="Lyon", shown=["town"])


def ask(reader: Reader, house: LiveShop, asker: Profile, asked: Profile) -> None:
    enter(reader, house, asker.user)
    reader.open(at("members:directory"))
    reader.page.get_by_role("link", name=f"Demander à rencontrer {asked.name}").click()
    reader.page.locator("[name=words]").fill("Vos couteaux m’intéressent.")
    reader.page.locator("main form button[type=submit]").click()
    expect(reader.page.locator("main")).to_contain_text("attend une réponse")


@pytest.mark.parametrize(("deed", "state"), [("yes", "accepted"), ("no", "refused"), ("report", "refused")])
def test_an_introduction(house: LiveShop, visitor: Callable[..., Reader], deed: str, state: str) -> None:
    one, other = listed(f"Nour {deed}"), listed(f"Zoé {deed}")
    asker, asked = visitor(), visitor()
    ask(asker, house, one, other)
    enter(asked, house, other.user)
    asked.open(at("members:introductions"))
    asked.page.locator(f"button[value={deed}]").click()
    asked.page.wait_for_load_state()
    asker.open(at("members:introductions"))

    row = Introduction.objects.get(asker=one.user, asked=other.user)
    assert row.state == state
    expected = other.user.email if deed == "yes" else "attend une réponse"
    expect(asker.page.locator("main")).to_contain_text(expected)
    assert (other.user.email in asker.page.content()) == (deed == "yes")
    assert Report.objects.filter(introduction=row).exists() == (deed == "report")


def test_take_all_along_then_be_forgotten(house: LiveShop, reader: Reader) -> None:
    user = factories.person(email="oubliee@example.org")
    joining.comp(factories.tier("oubli"), user.email)
    enter(reader, house, user)
    reader.open(at("account"))
    with reader.page.expect_download() as download:
        reader.page.get_by_role("button", name="Emporter toutes mes données").click()
    packed = zipfile.ZipFile(download.value.path())
    assert "oubliee@example.org" in packed.read("data.json").decode()

    reader.page.get_by_role("link", name="Effacer le compte").click()
    reader.page.locator("[name=sure]").check()
    reader.page.get_by_role("button", name="Tout effacer").click()
    expect(reader.page.locator("h1")).to_contain_text("effacé")
    assert not User.objects.filter(pk=user.pk).exists()
