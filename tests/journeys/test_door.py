"""Two phones at one door, without a net for a while."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from events.models import CheckIn, Event, Seat
from members import card, joining
from tests import factories
from tests.events.test_door import seats
from tests.journeys.reader import Reader
from tests.journeys.shop import LiveShop, until

CUT = "ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED"


def at_the_door(reader: Reader, base: str, event: Event) -> Reader:
    """A phone of somebody who works here, with the roster on it."""
    client = Client()
    factories.sign_in_strongly(client, factories.owner())
    reader.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base}])
    reader.open(reverse("events:door", args=[event.pk]))
    expect(reader.page.locator("[data-seat]")).to_have_count(5)
    return reader


@pytest.fixture
def evening(house: LiveShop) -> Iterator[Event]:
    """Five guests whose seats nobody paid for: gone before the books are looked at."""
    now = timezone.now()
    event = Event.objects.create(
        shop=factories.open_shop(), name="Soirée lames", starts_at=now, ends_at=now + timedelta(hours=3)
    )
    seats(event, 5)
    yield event
    CheckIn.objects.filter(seat__event=event).delete()
    Seat.objects.filter(event=event).delete()


def guest(reader: Reader, name: str):
    return reader.page.locator(".door__guest").filter(has=reader.page.get_by_text(name, exact=True))


def test_two_phones_check_one_roster_offline_then_agree(
    house: LiveShop, evening: Event, visitor: Callable[..., Reader]
) -> None:
    one, two = (at_the_door(visitor(), house.base, evening) for _phone in range(2))
    for phone in (one, two):
        phone.expect(CUT)
        phone.page.wait_for_function("() => navigator.serviceWorker.controller")
        phone.page.reload()
        expect(phone.page.locator("[data-seat]")).to_have_count(5)
        phone.context.set_offline(True)

    for phone, names in ((one, ("Invité 1", "Invité 2", "Invité 3")), (two, ("Invité 3", "Invité 4"))):
        for name in names:
            phone.page.locator("[data-door-search]").fill(name.lower().replace("é", "e"))
            phone.click(guest(phone, name).get_by_role("button"))
        phone.page.locator("[data-door-search]").fill("")
        expect(phone.page.locator("[data-door-in]")).to_have_text(str(len(names)))
    phone_one_undoes = guest(one, "Invité 2").get_by_role("button", name=re.compile("Annuler"))
    one.click(phone_one_undoes)
    assert not CheckIn.objects.filter(seat__event=evening).exists()
    one.page.reload()
    expect(one.page.locator("[data-door-in]")).to_have_text("2")

    for phone in (one, two):
        phone.context.set_offline(False)
        phone.page.evaluate("dispatchEvent(new Event('online'))")
    until(lambda: CheckIn.objects.filter(seat__event=evening, undone_at=None).count() == 3, "three guests in")
    for phone in (one, two):
        phone.page.reload()
        expect(phone.page.locator("[data-door-in]")).to_have_text("3")
    assert CheckIn.objects.filter(seat__event=evening, seat__holder="Invité 3").count() == 1


def test_a_members_card_is_believed_without_asking(
    house: LiveShop, evening: Event, visitor: Callable[..., Reader]
) -> None:
    row = factories.membership(factories.member(factories.tier("porte")))
    token, gone = card.word(row), factories.membership(factories.member(factories.tier("porte")))
    left = card.word(gone)
    joining.end(gone)
    phone = at_the_door(visitor(), house.base, evening)
    phone.expect(CUT)
    phone.context.set_offline(True)
    said = phone.page.locator("[data-door-word]")
    for text, words in (
        (token, row.number), (f"{token[:-6]}AAAAAA", "pas sur la liste"), (left, "plus valable"),
    ):  # fmt: skip
        phone.page.locator("[data-door-search]").fill(text)
        phone.page.keyboard.press("Enter")
        expect(said).to_contain_text(words)
    expect(phone.page.locator("[name=card]")).to_have_value(token)
