"""Meetings: two free seats in an article, the waiting list to a seat, a seat handed on, moved and cancelled by the owner."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from core import mentions
from events import admission, hosting
from events.models import Event, Seat, WaitingEntry
from store import fulfilment
from store.models import Offer
from tests import factories
from tests.factories.pages import block
from tests.journeys.reader import Reader
from tests.journeys.shop import until
from tests.journeys.test_owner import WAGTAILS

MOST_TAPS, MOST_FIELDS = 2, 2


def told(**fields: Any) -> tuple[Event, str]:
    """An event with one free ticket, and the address of an article that speaks of it."""
    event = factories.ticket(factories.event(**fields)).event
    page = factories.event_page(event)
    article = factories.article(body=[block("text", "<p>Venez.</p>"), block("event", {"event": page.pk, "note": ""})])
    until(lambda: mentions.mentions(article, [page]), "the article in the index of references")
    return event, article.url


def at(name: str, *args: Any) -> str:
    with translation.override("fr"):
        return reverse(name, args=args)


def sit(event: Event, count: int) -> None:
    """Others have taken so many seats, one each."""
    offer = Offer.objects.get(ticket__event=event)
    for number in range(count):
        order = factories.order(factories.basket(offer), email=f"assis{number}@example.org")
        fulfilment.fulfil(order.pk)


@pytest.mark.main
def test_two_free_seats_in_an_article(reader: Reader) -> None:
    event, path = told(capacity=10, shows_guests=False)
    reader.open(path)
    reader.page.locator(".offer [name=quantity]").fill("2")
    recap = reader.buy()
    expect(recap.locator("[data-order]")).to_have_text("Je viens")
    reader.fill(line1=None, postcode=None, city=None)
    reader.tap(reader.counter.locator("[data-order]"))
    done = reader.done()
    expect(done.locator(".seat .qr")).to_have_count(2)
    expect(done.get_by_text("Mettre dans mon agenda")).to_have_count(2)
    assert (reader.taps, reader.typed) == (MOST_TAPS, MOST_FIELDS)
    assert Seat.objects.filter(event=event, state="valid").count() == 2
    assert reader.third_parties() == []


def test_waiting_list_to_seat(reader: Reader) -> None:
    event, path = told(capacity=2)
    sit(event, 2)
    reader.open(path)
    reader.click(reader.page.locator(".wait-link a"))
    reader.page.locator("[name=name]").fill("Claire Morin")
    reader.page.locator("[name=email]").fill("claire@example.org")
    reader.page.locator("main form button").click()
    expect(reader.page.locator("main")).to_contain_text("Regardez vos e-mails")
    entry = WaitingEntry.objects.get(event=event)
    reader.open(at("events:waiting", entry.token))
    expect(reader.page.locator(".big-number")).to_have_text("1")
    admission.give_up(Seat.objects.filter(event=event).order_by("pk")[0])
    entry.refresh_from_db()
    assert entry.state == "offered"
    reader.page.reload()
    reader.click(reader.page.get_by_role("link", name="La prendre"))
    reader.page.locator("[data-order]").click()
    expect(reader.page.locator(".seat .qr")).to_have_count(1)
    assert Seat.objects.filter(event=event, state="valid", email="claire@example.org").count() == 1


def test_seat_handed_on_and_another_given_up(reader: Reader) -> None:
    event, _path = told(capacity=4)
    sit(event, 2)
    first, second = Seat.objects.filter(event=event).order_by("pk")
    reader.open(at("events:seat", first.token))
    expect(reader.page.locator(".qr")).to_be_visible()
    reader.click(reader.page.get_by_role("link", name="Donner ma place à quelqu’un"))
    reader.page.locator("[name=name]").fill("Nour")
    reader.page.locator("[name=email]").fill("nour@example.org")
    reader.page.locator("main form button").click()
    expect(reader.page.locator("main")).to_contain_text("cédée")
    assert Seat.objects.get(event=event, email="nour@example.org").replaces == first
    reader.open(at("events:leave", second.token))
    assert Seat.objects.get(pk=second.pk).is_valid
    reader.page.locator("main form button").click()
    expect(reader.page.locator("main")).to_contain_text("annulée")
    assert Seat.objects.filter(event=event, state="valid").count() == 1


def test_a_seat_opens_without_a_net_until_it_is_over(reader: Reader) -> None:
    place = {"venue_name": "La Cave", "venue_address": "3 rue Sainte-Marthe", "venue_city": "Paris"}
    event, _path = told(door_code="12B7", host_name="Odile", host_phone="06 12 34 56 78", **place)
    sit(event, 1)
    seat = Seat.objects.get(event=event)
    reader.open(at("events:seat", seat.token))
    expect(reader.page.locator("[data-seat-day]")).to_be_visible()
    reader.page.wait_for_function("() => navigator.serviceWorker.controller")
    kept = "caches.open('seat-1').then((keep) => keep.keys()).then((rows) => rows.map((row) => row.url))"
    assert not any(seat.token in name for name in (*reader.page.evaluate(kept), *reader.page.evaluate("caches.keys()")))
    reader.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch")
    reader.context.set_offline(True)
    reader.page.reload()
    expect(reader.page.locator(".seat--day .qr")).to_be_visible()
    assert (
        reader.page.locator(".seat--day .qr").evaluate("one => getComputedStyle(one).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    for words in ("3 rue Sainte-Marthe", "12B7", "06 12 34 56 78"):
        expect(reader.page.locator("main")).to_contain_text(words)
    reader.context.set_offline(False)
    admission.give_up(seat)
    reader.page.reload()
    expect(reader.page.locator("main")).to_contain_text("annulée")
    until(lambda: reader.page.evaluate("caches.has('seat-1')") is False, "nothing is kept of it")


@pytest.mark.main
def test_another_date_that_costs_something(reader: Reader) -> None:
    event, _path = told(capacity=4, transfer_fee=500)
    later = factories.event(days=20, capacity=2, kind="training")
    Event.objects.filter(pk=event.pk).update(kind="training")
    factories.ticket(later, price=1000)
    sit(event, 1)
    first = Seat.objects.get(event=event)
    reader.open(at("events:seat", first.token))
    reader.tap(reader.page.get_by_role("link", name="Venir à une autre date"))
    expect(reader.page.locator("main form")).to_contain_text("15,00")
    reader.tap(reader.page.get_by_role("button", name="Prendre cette date"))
    reader.step("recap")
    reader.order()
    reader.type(reader.frame.locator("[autocomplete=email]"), "assis0@example.org")
    reader.type(reader.frame.locator("[name=individual_name], [autocomplete=name]").first, "Claire Morin")
    reader.card()
    assert Seat.objects.get(event=event).is_valid
    reader.pay()
    done = reader.done()
    expect(done.locator(".seat .qr")).to_have_count(1)
    made = Seat.objects.get(event=later)
    assert (made.replaces, made.email, made.difference) == (first, "assis0@example.org", 1000)
    assert not Seat.objects.get(pk=first.pk).is_valid
    assert (reader.taps, reader.typed) == (4, 5)


def test_owner_moves_the_date_then_cancels(reader: Reader) -> None:
    event, path = told(capacity=4, days=9)
    sit(event, 2)
    owner = factories.person(is_staff=True, is_superuser=True)
    reader.expect(*WAGTAILS)
    reader.sign_in(owner.email)
    reader.open(reverse("meetings:move", args=[event.pk]))
    begins = event.local_start.replace(hour=15, minute=0)
    reader.page.locator("[name=begins]").fill(f"{begins:%d/%m/%Y} 15:00")
    reader.page.locator("[name=ends]").fill(f"{begins:%d/%m/%Y} 17:00")
    reader.page.locator("main form button[type=submit]").last.press("Enter")  # the calendar may lie over the button
    reader.page.wait_for_url("**/meetings/*/")
    event.refresh_from_db()
    assert (event.state, event.sequence, event.local_start.hour) == ("moved", 1, 15)
    reader.open(event.pages.get().url)
    expect(reader.page.locator("main")).to_contain_text("Reportée")
    reader.open(reverse("meetings:cancel", args=[event.pk]))
    reader.page.locator("[name=sure]").check()
    reader.page.locator("main form button[type=submit]").last.click()
    until(lambda: not Seat.objects.filter(event=event, state="valid").exists(), "all seats given back")
    assert hosting.failures(event) == []
    reader.open(path)
    expect(reader.page.locator(".offer")).to_contain_text("Annulée")
